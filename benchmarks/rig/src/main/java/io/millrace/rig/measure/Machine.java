package io.millrace.rig.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The machine of a run. Safe for all threads. */
public final class Machine {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    private Machine() {}

    /** Model of the processor and number of cores; the architecture where the model is not to be had. */
    public static String cpu() {
        final int cores = Runtime.getRuntime().availableProcessors();
        return model() + ", " + cores + (cores == 1 ? " core" : " cores");
    }

    private static String model() {
        try {
            if (Files.isReadable(CPUINFO)) {
                for (String line : Files.readAllLines(CPUINFO)) {
                    if (line.startsWith("model name")) {
                        return line.substring(line.indexOf(':') + 1).strip();
                    }
                }
            }
        } catch (IOException e) {
            // The model is for the reader of a report; the architecture does instead.
            return System.getProperty("os.arch");
        }
        return System.getProperty("os.arch");
    }
}

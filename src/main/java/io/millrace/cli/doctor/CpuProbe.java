package io.millrace.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The processor's model, and which of the instruction sets that cryptography can use it has. */
final class CpuProbe implements Probe {
    private static final List<String> WANTED = List.of(
            "avx2", "avx512f", "avx512vl", "avx512ifma", "vaes", "sha_ni", "bmi2", "adx", "asimd", "sve", "sha2");

    private final Path cpuinfo;

    /** Reads {@code cpuinfo}, a file of the form of Linux's {@code /proc/cpuinfo}. */
    CpuProbe(Path cpuinfo) {
        this.cpuinfo = cpuinfo;
    }

    @Override
    public Finding look() {
        final String count = Runtime.getRuntime().availableProcessors() + " for this process";
        final List<String> lines;
        try {
            lines = Files.readAllLines(cpuinfo);
        } catch (IOException e) {
            return Finding.ok("cpu", System.getProperty("os.arch") + ", " + count + ", features unknown");
        }
        final List<String> present = List.of(first(lines, "flags", "Features").split("\\s+", -1));
        final List<String> features = WANTED.stream().filter(present::contains).toList();
        final String model = first(lines, "model name", "CPU part");
        return Finding.ok(
                "cpu",
                (model.isEmpty() ? System.getProperty("os.arch") : model) + ", " + count + ", "
                        + (features.isEmpty() ? "none of the wide instruction sets" : String.join(" ", features)));
    }

    /** The value on the first line with one of the names; empty if there is none. */
    private static String first(List<String> lines, String... names) {
        for (final String name : names) {
            for (final String line : lines) {
                final int colon = line.indexOf(':');
                if (colon > 0 && line.substring(0, colon).strip().equals(name)) {
                    return line.substring(colon + 1).strip();
                }
            }
        }
        return "";
    }
}

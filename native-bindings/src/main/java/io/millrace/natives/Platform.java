package io.millrace.natives;

import java.nio.file.Path;

/** The platform of the process, as the JVM names it: the only system properties that Millrace's libraries read. */
final class Platform {
    private Platform() {}

    /** Name of the operating system: {@code Linux}, {@code Mac OS X} and others. */
    static String system() {
        return System.getProperty("os.name");
    }

    /** Name of the processor architecture: {@code amd64}, {@code aarch64} and others. */
    static String architecture() {
        return System.getProperty("os.arch");
    }

    /** Folder for temporary files. */
    static Path temporaryFolder() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }
}

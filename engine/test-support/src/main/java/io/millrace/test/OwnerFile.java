package io.millrace.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that hold a secret: only their owner may read them, or the program refuses them. */
public final class OwnerFile {
    private OwnerFile() {}

    /** Writes {@code content} to {@code file} with mode 0600. */
    public static Path write(Path file, String content) throws IOException {
        Files.writeString(file, content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}

package io.millrace.cli.console;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of other programs, read whole. A file that is too long is a {@link UsageError} that names it. */
public final class InputFile {
    /** Longest file that is read, in bytes. */
    public static final int MAX_LENGTH = 1 << 25;

    private InputFile() {}

    /**
     * Reads a file.
     *
     * @param file of at most {@link #MAX_LENGTH} bytes.
     * @return its bytes.
     * @throws UsageError if it is longer.
     * @throws IOException if it cannot be read.
     */
    public static byte[] bytes(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "a folder, not a file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            final byte[] all = in.readNBytes(MAX_LENGTH + 1);
            if (all.length > MAX_LENGTH) {
                throw new UsageError("longer than " + MAX_LENGTH + " bytes: file=" + file);
            }
            return all;
        }
    }
}

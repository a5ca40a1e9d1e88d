package io.millrace.files;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A path that names an open descriptor of a process, such as {@code /dev/stdout}, {@code /dev/fd/63} or a link to one. The
 * file behind it has other writers: it is written to where they are, and not replaced.
 *
 * @param path below {@code /proc}.
 */
record OpenDescriptor(Path path) {
    private static final int LONGEST_CHAIN = 40;
    private static final Path PROCESSES = Path.of("/proc");
    private static final Path OWN = PROCESSES.resolve("self/fd");

    /**
     * Finds the descriptor that a path names.
     *
     * @param file that exists.
     * @return the descriptor; empty if the path names none.
     * @throws IOException if a link on the way cannot be read.
     */
    static Optional<OpenDescriptor> of(Path file) throws IOException {
        Path step = file.toAbsolutePath();
        for (int i = 0; i < LONGEST_CHAIN && step.getFileName() != null; i++) {
            final Path folder = step.getParent().toRealPath();
            if (folder.startsWith(PROCESSES) && folder.endsWith("fd")) {
                return Optional.of(new OpenDescriptor(folder.resolve(step.getFileName())));
            }
            if (!Files.isSymbolicLink(step)) {
                return Optional.empty();
            }
            step = folder.resolve(Files.readSymbolicLink(step));
        }
        return Optional.empty();
    }

    /**
     * Writes to it. Standard output and standard error are those of this process, at their place in a file; any other
     * file is appended to.
     *
     * @param content all bytes.
     * @throws IOException if they cannot be written.
     */
    void write(WholeFile.Content content) throws IOException {
        if (path.equals(OWN.toRealPath().resolve("1"))) {
            write(FileDescriptor.out, content);
        } else if (path.equals(OWN.toRealPath().resolve("2"))) {
            write(FileDescriptor.err, content);
        } else {
            WholeFile.writeTo(path, content, StandardOpenOption.APPEND);
        }
    }

    /** Leaves the descriptor open. */
    private static void write(FileDescriptor descriptor, WholeFile.Content content) throws IOException {
        final OutputStream out = new BufferedOutputStream(new FileOutputStream(descriptor));
        content.writeTo(out);
        out.flush();
    }
}

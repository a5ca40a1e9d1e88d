package io.millrace.cli.demo;

import io.millrace.cli.console.UsageError;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/** The folder of one demo, mode 0700; with all that is in it deleted at the end unless the user wants to keep it. */
final class DemoFolder implements AutoCloseable {
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path path;
    private final boolean kept;

    private DemoFolder(Path path, boolean kept) {
        this.path = path;
        this.kept = kept;
    }

    /** Makes a folder for this demo only. */
    static DemoFolder temporary() throws IOException {
        return new DemoFolder(Files.createTempDirectory("millrace-demo-", OWNER_ONLY), false);
    }

    /** Uses the user's folder, which is empty or does not exist, and keeps it. */
    static DemoFolder keeping(Path path) throws IOException {
        if (Files.exists(path)) {
            try (Stream<Path> entries = Files.list(path)) {
                if (entries.findAny().isPresent()) {
                    throw new UsageError("the folder must be empty or new: --keep=" + path);
                }
            }
        } else {
            Files.createDirectories(path.toAbsolutePath().getParent());
            Files.createDirectory(path, OWNER_ONLY);
        }
        return new DemoFolder(path, true);
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        if (!kept) {
            empty(path);
            Files.delete(path);
        }
    }

    /** Deletes all that is in {@code folder}. */
    static void empty(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                if (!visited.equals(folder)) {
                    Files.delete(visited);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}

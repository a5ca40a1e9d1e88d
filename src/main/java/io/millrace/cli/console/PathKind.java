package io.millrace.cli.console;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** The kind of file that an option names. */
public enum PathKind {
    /** A file of any kind but a folder; one that is missing is the command's to name. */
    FILE {
        @Override
        void require(Path path) throws IOException {
            if (Files.isDirectory(path)) {
                throw isFolder(path);
            }
        }
    },
    /** A file that is there or can be made: its folder is there. */
    FILE_TO_WRITE {
        @Override
        void require(Path path) throws IOException {
            if (Files.isDirectory(path) || path.getFileName() == null) {
                throw isFolder(path);
            }
            final Path folder = path.toAbsolutePath().getParent();
            if (!Files.isDirectory(folder)) {
                throw Files.exists(folder)
                        ? new NotDirectoryException(folder.toString())
                        : new FileSystemException(folder.toString(), null, "no such folder");
            }
        }
    },
    /** A folder that is there or can be made; one that is missing is the command's to name. */
    FOLDER {
        @Override
        void require(Path path) throws IOException {
            Path there = path.toAbsolutePath();
            while (!Files.exists(there) && there.getParent() != null) {
                there = there.getParent();
            }
            if (!Files.isDirectory(there)) {
                throw new NotDirectoryException(there.toString());
            }
        }
    },
    /** A file or a folder, there or not, that has a name: not the root of the file system. */
    PLACE {
        @Override
        void require(Path path) throws IOException {
            if (path.getFileName() == null) {
                throw new FileSystemException(path.toString(), null, "the root of the file system cannot be used");
            }
        }
    };

    /**
     * Refuses a path of another kind.
     *
     * @param path as it was given, not empty.
     * @throws IOException that says in which way it is of another kind.
     */
    abstract void require(Path path) throws IOException;

    private static FileSystemException isFolder(Path path) {
        return new FileSystemException(path.toString(), null, "a folder, not a file");
    }
}

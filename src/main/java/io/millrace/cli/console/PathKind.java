package io.millrace.cli.console;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** The kind of file that an option names. */
public enum PathKind {
    /** A file that is there, of any kind but a folder. */
    FILE {
        @Override
        void require(Path path) throws IOException {
            if (Files.isDirectory(path)) {
                throw isFolder(path);
            }
            if (!Files.exists(path)) {
                throw new NoSuchFileException(path.toString());
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
                throw Files.exists(folder) ? new NotDirectoryException(folder.toString()) : noFolder(folder);
            }
        }
    },
    /** A folder that is there. */
    FOLDER {
        @Override
        void require(Path path) throws IOException {
            if (!Files.exists(path)) {
                throw noFolder(path);
            }
            FOLDER_TO_WRITE.require(path);
        }
    },
    /** A folder that is there or can be made: nothing else has its name. */
    FOLDER_TO_WRITE {
        @Override
        void require(Path path) throws IOException {
            if (Files.exists(path) && !Files.isDirectory(path)) {
                throw new NotDirectoryException(path.toString());
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

    private static FileSystemException noFolder(Path path) {
        return new FileSystemException(path.toString(), null, "no such folder");
    }
}

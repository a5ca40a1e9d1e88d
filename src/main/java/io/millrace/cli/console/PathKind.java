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
    },
    /** A file in a folder that exists; a new one takes the place of one that is there. */
    WRITTEN_FILE {
        @Override
        void require(Path path) throws IOException {
            requireFileToWrite(path);
        }
    },
    /** A file in a folder that exists; one that is there is opened and written, so that its folder may be read-only. */
    WRITTEN_IN_PLACE {
        @Override
        void require(Path path) throws IOException {
            requireFileToWrite(path);
        }
    },
    /** A file to write in a folder that exists; none of that name may be there. */
    NEW_FILE {
        @Override
        void require(Path path) throws IOException {
            requireFileToWrite(path);
        }
    },
    /** A folder to write to, made with those above it where there is none. */
    WRITTEN_FOLDER {
        @Override
        void require(Path path) throws IOException {
            FOLDER.require(path);
        }
    },
    /** Files to write in a folder that exists, whose names begin with the given name. */
    WRITTEN_PREFIX {
        @Override
        void require(Path path) throws IOException {
            requireFileToWrite(path);
        }
    },
    /** To be written: a file if the name ends in {@code .cbor}, and otherwise a folder. */
    STORE {
        @Override
        void require(Path path) throws IOException {
            PLACE.require(path);
        }
    };

    /** Whether the command writes there. */
    public boolean isWritten() {
        return switch (this) {
            case FILE, FOLDER, PLACE -> false;
            default -> true;
        };
    }

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

    private static void requireFileToWrite(Path path) throws IOException {
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
}

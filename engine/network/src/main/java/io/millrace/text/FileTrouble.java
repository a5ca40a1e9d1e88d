package io.millrace.text;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;

/** Says in one line why a file cannot be used. */
public final class FileTrouble {
    private FileTrouble() {}

    /**
     * The reason, with the name of the file.
     *
     * @param thrown by the file system.
     * @return one line for people.
     */
    public static String describe(IOException thrown) {
        return switch (thrown) {
            case NoSuchFileException e -> "no such file: " + e.getFile();
            case FileNotFoundException e -> "cannot open: " + e.getMessage();
            case AccessDeniedException e -> "permission denied: " + e.getFile();
            case FileAlreadyExistsException e -> "exists already: " + e.getFile();
            case NotDirectoryException e -> "not a folder: " + e.getFile();
            case CharacterCodingException e -> "not UTF-8: save the file as UTF-8";
            case FileSystemException e -> Objects.requireNonNullElse(e.getReason(), "cannot use") + ": " + e.getFile();
            default -> Objects.requireNonNullElse(thrown.getMessage(), thrown.toString());
        };
    }
}

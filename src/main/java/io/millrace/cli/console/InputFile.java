package io.millrace.cli.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.text.TextFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files of other programs, read whole. A file that is cut, damaged or too long is a {@link UsageError} that names it, and
 * for JSON the line and the column.
 */
public final class InputFile {
    /** Longest file that is read, in bytes. */
    public static final int MAX_LENGTH = 1 << 25;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

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

    /**
     * Reads a text file in UTF-8, with or without a byte order mark.
     *
     * @param file of at most {@link #MAX_LENGTH} bytes.
     * @return its text without the mark, with line feeds alone.
     * @throws IOException if it cannot be read, is longer, or not UTF-8; the message names the line.
     */
    public static String text(Path file) throws IOException {
        return TextFile.read(file, MAX_LENGTH);
    }

    /**
     * Reads a file that is one JSON value.
     *
     * @param file of at most {@link #MAX_LENGTH} bytes.
     * @return the value.
     * @throws UsageError if it is longer, cut or anything else.
     * @throws IOException if it cannot be read.
     */
    public static JsonNode json(Path file) throws IOException {
        return json(text(file), file, 1);
    }

    /**
     * Reads one JSON value of a file.
     *
     * @param text the value, from the start of a line.
     * @param file from which it is, for messages.
     * @param firstLine number of the line at which it begins, from 1.
     * @return the value.
     * @throws UsageError if it is anything else.
     */
    public static JsonNode json(String text, Path file, int firstLine) {
        try {
            final JsonNode value = JSON.readTree(text);
            if (value.isMissingNode()) {
                throw new UsageError("empty, not JSON: file=" + file);
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new UsageError(
                    "not JSON: file=" + file
                            + (e.getLocation() == null
                                    ? ""
                                    : ", line "
                                            + (firstLine - 1 + e.getLocation().getLineNr()) + ", column "
                                            + e.getLocation().getColumnNr())
                            + ": " + e.getOriginalMessage(),
                    e);
        }
    }
}

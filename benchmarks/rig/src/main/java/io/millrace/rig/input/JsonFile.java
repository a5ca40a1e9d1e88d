package io.millrace.rig.input;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.text.TextFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * JSON files of other programs, read whole. A file that is cut, damaged or too long is an {@link InputException} that names
 * the file, the line and the column.
 */
public final class JsonFile {
    /** Longest file that is read, in bytes. */
    public static final int MAX_LENGTH = 1 << 25;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonFile() {}

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
     * @throws InputException if it is longer, cut or anything else.
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
     * @throws InputException if it is anything else.
     */
    public static JsonNode json(String text, Path file, int firstLine) {
        try {
            final JsonNode value = JSON.readTree(text);
            if (value.isMissingNode()) {
                throw new InputException("empty, not JSON: file=" + file);
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new InputException(
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

package io.millrace.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A text file in UTF-8, as editors of every system save it. A byte order mark at the start is skipped, a carriage return
 * before a line feed is dropped. Malformed UTF-8 and UTF-16 are refused by file and line.
 *
 * <p>Reads line by line; memory is bounded by the longest line. Not thread safe.
 */
public final class TextFile implements AutoCloseable {
    private static final int BUFFER_LENGTH = 1 << 13;
    private static final int FIRST_LINE_BUFFER = 256;

    private final Path file;
    private final InputStream in;
    private final int longestLine;
    private final byte[] buffer = new byte[BUFFER_LENGTH];
    private int next;
    private int end;
    private int lineNumber;
    private boolean endedByLineFeed;
    private byte[] line = new byte[FIRST_LINE_BUFFER];

    private TextFile(Path file, InputStream in, int longestLine) {
        this.file = file;
        this.in = in;
        this.longestLine = longestLine;
    }

    /**
     * Opens a file.
     *
     * @param file to read; a folder is refused.
     * @param longestLine bound of a line in bytes, 1 or more.
     * @return the file, which the caller closes.
     * @throws NotUtf8Exception if it is in UTF-16.
     * @throws IOException if it cannot be read.
     */
    public static TextFile open(Path file, int longestLine) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "a folder, not a file");
        }
        final TextFile text = new TextFile(file, Files.newInputStream(file), longestLine);
        try {
            text.skipByteOrderMark();
            return text;
        } catch (IOException e) {
            text.close();
            throw e;
        }
    }

    /**
     * Reads a whole file.
     *
     * @param file to read; a folder is refused.
     * @param longest bound of the file in bytes, 1 or more.
     * @return its lines with a line feed after each; none after the last line if the file has none.
     * @throws NotUtf8Exception if it is not UTF-8; the message names file and line.
     * @throws IOException if it cannot be read, or is longer; the message quotes nothing of the file.
     */
    public static String read(Path file, int longest) throws IOException {
        if (Files.isRegularFile(file) && Files.size(file) > longest) {
            throw new IOException(file + ": longer than " + longest + " bytes");
        }
        try (TextFile text = open(file, longest)) {
            final StringBuilder all = new StringBuilder();
            for (String line = text.readLine(); line != null; line = text.readLine()) {
                if (all.length() > longest) {
                    throw new IOException(file + ": longer than " + longest + " bytes");
                }
                all.append(line);
                if (text.endedByLineFeed) {
                    all.append('\n');
                }
            }
            return all.toString();
        }
    }

    /**
     * Offset of the first byte of text that is not part of a byte order mark: for texts that are kept as bytes because
     * they hold a secret.
     *
     * @param text in UTF-8; not changed.
     * @return 3 or 0.
     */
    public static int begin(byte[] text) {
        return text.length >= 3 && text[0] == (byte) 0xEF && text[1] == (byte) 0xBB && text[2] == (byte) 0xBF ? 3 : 0;
    }

    /**
     * Reads the next line.
     *
     * @return the line without its end; null after the last.
     * @throws NotUtf8Exception if it is not UTF-8.
     * @throws IOException if it cannot be read, or is too long.
     */
    public String readLine() throws IOException {
        int length = 0;
        endedByLineFeed = false;
        boolean any = false;
        while (!endedByLineFeed && (next < end || fill())) {
            any = true;
            final byte each = buffer[next++];
            if (each == '\n') {
                endedByLineFeed = true;
            } else {
                if (length == longestLine) {
                    throw new IOException(file + ":" + (lineNumber + 1) + ": longer than " + longestLine + " bytes");
                }
                if (length == line.length) {
                    line = Arrays.copyOf(line, 2 * length);
                }
                line[length++] = each;
            }
        }
        if (!any) {
            return null;
        }
        lineNumber++;
        if (endedByLineFeed && length > 0 && line[length - 1] == '\r') {
            length--;
        }
        return decode(length);
    }

    /** Number of the line that {@link #readLine} returned last, from 1; 0 before the first. */
    public int lineNumber() {
        return lineNumber;
    }

    /** Closes the file. */
    @Override
    public void close() throws IOException {
        in.close();
    }

    private String decode(int length) throws IOException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new NotUtf8Exception(file + ":" + lineNumber + ": not UTF-8: save the file as UTF-8", e);
        }
    }

    private void skipByteOrderMark() throws IOException {
        end = in.readNBytes(buffer, 0, 3);
        final int first = end < 2 ? 0 : ((buffer[0] & 0xFF) << 8) | (buffer[1] & 0xFF);
        if (first == 0xFEFF || first == 0xFFFE) {
            throw new NotUtf8Exception(file + ": has the byte order mark of UTF-16: save the file as UTF-8", null);
        }
        next = begin(Arrays.copyOf(buffer, end));
    }

    private boolean fill() throws IOException {
        next = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }
}

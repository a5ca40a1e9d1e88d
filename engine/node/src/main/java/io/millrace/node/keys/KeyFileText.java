package io.millrace.node.keys;

import io.millrace.crypto.SecretKey;
import io.millrace.text.ConfigException;
import io.millrace.text.TextFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The text of a key file as bytes, so that it can be wiped.
 *
 * <pre>
 * # comment
 * sphinx-secret = "64 hexadecimal digits"
 * signing-seed = "64 hexadecimal digits", the root seed
 * </pre>
 *
 * <p>It is TOML, but read by hand: a general parser leaves copies of the secrets on the heap. Not thread safe.
 */
final class KeyFileText {
    static final String SPHINX_SECRET = "sphinx-secret";
    static final String SIGNING_SEED = "signing-seed";

    private static final String COMMENT = "# Millrace key file. Secret: who can read it is this relay.\n";
    private static final int DIGITS = 2 * SecretKey.LENGTH;
    private static final String OPENING = " = \"";
    private static final String CLOSING = "\"\n";

    private final Path file;
    private final byte[] text;

    KeyFileText(Path file, byte[] text) {
        this.file = file;
        this.text = text;
    }

    /** Writes both secrets; the caller wipes the text. */
    static byte[] write(SecretKey sphinxSecret, SecretKey signingSeed) {
        final ByteBuffer buffer = ByteBuffer.allocate(COMMENT.length()
                + SPHINX_SECRET.length()
                + SIGNING_SEED.length()
                + 2 * (OPENING.length() + DIGITS + CLOSING.length()));
        buffer.put(ascii(COMMENT));
        put(buffer, SPHINX_SECRET, sphinxSecret);
        put(buffer, SIGNING_SEED, signingSeed);
        return buffer.array();
    }

    /**
     * Reads the secret with that name; the text must hold it once, and nothing but the two of them.
     *
     * @throws ConfigException if not; the message quotes nothing of the text.
     */
    SecretKey read(String name) {
        SecretKey found = null;
        boolean accepted = false;
        try {
            int lineNumber = 0;
            for (int from = TextFile.begin(text); from < text.length; ) {
                final int end = lineEnd(from);
                lineNumber++;
                final boolean wanted = startsWith(name, from, end);
                final boolean known = startsWith(SPHINX_SECRET, from, end) || startsWith(SIGNING_SEED, from, end);
                if (wanted && found == null) {
                    found = value(from + name.length(), end, lineNumber);
                } else if (wanted || (!known && skipSpaces(from, end) < end && text[from] != '#')) {
                    throw wrong(lineNumber);
                }
                from = end + 1;
            }
            if (found == null) {
                throw new ConfigException(file + ": not a key file: missing: " + name);
            }
            accepted = true;
            return found;
        } finally {
            if (!accepted && found != null) {
                found.close();
            }
        }
    }

    /** Reads {@code = "digits"} with any spaces around its parts. */
    private SecretKey value(int from, int end, int lineNumber) {
        final int equals = skipSpaces(from, end);
        final int opening = equals < end && text[equals] == '=' ? skipSpaces(equals + 1, end) : end;
        final int closing = opening + 1 + DIGITS;
        final byte[] bytes = new byte[SecretKey.LENGTH];
        try {
            if (closing >= end
                    || text[opening] != '"'
                    || text[closing] != '"'
                    || skipSpaces(closing + 1, end) != end
                    || !SecretHex.decode(text, opening + 1, bytes)) {
                throw wrong(lineNumber);
            }
            return SecretKey.takeFrom(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private int lineEnd(int from) {
        int end = from;
        while (end < text.length && text[end] != '\n') {
            end++;
        }
        return end;
    }

    private boolean startsWith(String name, int from, int end) {
        final byte[] expected = ascii(name);
        return end - from >= expected.length
                && Arrays.equals(text, from, from + expected.length, expected, 0, expected.length);
    }

    private int skipSpaces(int from, int end) {
        int at = from;
        while (at < end && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r')) {
            at++;
        }
        return at;
    }

    private ConfigException wrong(int lineNumber) {
        return new ConfigException(file + ": not a key file: see line " + lineNumber);
    }

    private static void put(ByteBuffer buffer, String name, SecretKey key) {
        final byte[] digits = SecretHex.encode(key.segment());
        buffer.put(ascii(name + OPENING)).put(digits).put(ascii(CLOSING));
        Arrays.fill(digits, (byte) 0);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

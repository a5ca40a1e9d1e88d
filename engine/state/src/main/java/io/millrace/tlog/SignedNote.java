package io.millrace.tlog;

import io.millrace.crypto.Ed25519;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A text and the signatures under it. Immutable. Nothing in the text counts before {@link #check} has said so.
 *
 * <p>Source: C2SP signed-note.
 *
 * @param text ends in a newline.
 * @param signatures one or more, in the order of their lines.
 */
public record SignedNote(String text, List<Signature> signatures) {
    /** Most signatures that are read; the format asks for 16 at least. */
    public static final int MAX_SIGNATURES = 64;

    private static final int MAX_LENGTH = 512 * 1024;
    private static final String DASH = "\u2014 ";

    /** What became of a key's signature. */
    public enum Check {
        /** The key signed the text. */
        VALID,
        /** A line says it is the key's signature and it is not: the whole note is to be refused. */
        INVALID,
        /** No line is the key's. */
        ABSENT
    }

    /**
     * One signature line.
     *
     * @param keyName of the key that made it.
     * @param keyId of that key.
     * @param bytes the signature; for a cosignature eight bytes of time before it.
     */
    @SuppressWarnings("ArrayRecordComponent") // copied in and out; never compared
    public record Signature(String keyName, int keyId, byte[] bytes) {
        public Signature {
            bytes = bytes.clone();
        }

        @Override
        public byte[] bytes() {
            return bytes.clone();
        }

        private String line() {
            final byte[] all = ByteBuffer.allocate(Integer.BYTES + bytes.length)
                    .putInt(keyId)
                    .put(bytes)
                    .array();
            return DASH + keyName + " " + Base64.getEncoder().encodeToString(all) + "\n";
        }
    }

    public SignedNote {
        signatures = List.copyOf(signatures);
    }

    /**
     * Reads a note.
     *
     * @param note text and signatures.
     */
    public static SignedNote parse(byte[] note) throws MalformedException {
        if (note.length > MAX_LENGTH) {
            throw new MalformedException("a note of more than " + MAX_LENGTH + " bytes");
        }
        return parse(utf8(note));
    }

    /** Reads a note. */
    static SignedNote parse(String note) throws MalformedException {
        if (note.chars().anyMatch(each -> each < ' ' && each != '\n')) {
            throw new MalformedException("a note has no control characters but newlines");
        }
        final int separator = note.lastIndexOf("\n\n");
        if (separator < 0 || !note.endsWith("\n") || separator + 2 == note.length()) {
            throw new MalformedException(
                    "not a signed note: no empty line before signatures, or no newline at its end");
        }
        final List<Signature> signatures = new ArrayList<>();
        for (String line : note.substring(separator + 2, note.length() - 1).split("\n", -1)) {
            if (signatures.size() == MAX_SIGNATURES) {
                throw new MalformedException("a note with more than " + MAX_SIGNATURES + " signatures");
            }
            signatures.add(signature(line));
        }
        return new SignedNote(note.substring(0, separator + 1), signatures);
    }

    /** Text from bytes that must be UTF-8. */
    static String utf8(byte[] bytes) throws MalformedException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("not UTF-8", e);
        }
    }

    /**
     * Whether {@code key} signed the text.
     *
     * @param key of the log or of a witness.
     */
    public Check check(VerifierKey key) {
        Check found = Check.ABSENT;
        for (Signature signature : signatures) {
            if (signature.keyName.equals(key.name()) && signature.keyId == key.keyId()) {
                if (!isValid(signature, key)) {
                    return Check.INVALID;
                }
                found = Check.VALID;
            }
        }
        return found;
    }

    /**
     * The note with another signature under it.
     *
     * @param signature added below the others.
     */
    public SignedNote with(Signature signature) {
        final List<Signature> all = new ArrayList<>(signatures);
        all.add(signature);
        return new SignedNote(text, all);
    }

    /**
     * Bytes that a witness signs: the time and the text.
     *
     * @param text of the note.
     * @param timestampS seconds since 1970.
     */
    public static byte[] cosigned(String text, long timestampS) {
        return ("cosignature/v1\ntime " + timestampS + "\n" + text).getBytes(StandardCharsets.UTF_8);
    }

    /** The note as it is written. */
    @Override
    public String toString() {
        final StringBuilder note = new StringBuilder(text).append('\n');
        signatures.forEach(signature -> note.append(signature.line()));
        return note.toString();
    }

    private boolean isValid(Signature signature, VerifierKey key) {
        return switch (key.type()) {
            case NOTE -> key.verify(signature.bytes, text.getBytes(StandardCharsets.UTF_8));
            case COSIGNATURE -> {
                if (signature.bytes.length != Long.BYTES + Ed25519.SIGNATURE_LENGTH) {
                    yield false;
                }
                final ByteBuffer buffer = ByteBuffer.wrap(signature.bytes);
                final long timestamp = buffer.getLong();
                final byte[] bytes = new byte[Ed25519.SIGNATURE_LENGTH];
                buffer.get(bytes);
                yield timestamp >= 0 && key.verify(bytes, cosigned(text, timestamp));
            }
        };
    }

    private static Signature signature(String line) throws MalformedException {
        final int space = line.lastIndexOf(' ');
        if (!line.startsWith(DASH) || space < DASH.length()) {
            throw new MalformedException("not a signature line");
        }
        final String name = line.substring(DASH.length(), space);
        final byte[] all = Base64Lines.decode(line.substring(space + 1));
        if (!VerifierKey.isName(name) || all.length <= Integer.BYTES) {
            throw new MalformedException("not a signature line");
        }
        final ByteBuffer buffer = ByteBuffer.wrap(all);
        final int keyId = buffer.getInt();
        final byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return new Signature(name, keyId, bytes);
    }
}

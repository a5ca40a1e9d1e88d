package io.millrace.cli.config;

import io.millrace.cli.console.UsageError;
import io.millrace.cli.keys.SecretFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The pre-shared key of a link as the file gives it, until the engine takes it over.
 *
 * <p>Not thread safe.
 */
public final class LinkSecret {
    /** Length in bytes. */
    public static final int LENGTH = 32;

    private final byte[] bytes;

    private LinkSecret(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Copies the {@link #LENGTH} bytes to the start of {@code target}. */
    public void copyTo(MemorySegment target) {
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, target, 0, LENGTH);
    }

    /** Overwrites this copy; the text it was read from may live on the heap until it is collected. */
    public void wipe() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "LinkSecret[hidden]";
    }

    static LinkSecret inline(TomlTable table, String key, String hex) throws IOException {
        SecretFile.requireOwnerOnly(table.file());
        return new LinkSecret(parse(hex, table.wrong("must be " + LENGTH + " bytes in hex", key)));
    }

    static LinkSecret file(Path file) throws IOException {
        SecretFile.requireOwnerOnly(file);
        final String hex;
        try {
            hex = Files.readString(file).strip();
        } catch (java.nio.charset.CharacterCodingException e) {
            throw new UsageError(file + ": must hold " + LENGTH + " bytes in hex", e);
        }
        return new LinkSecret(parse(hex, new UsageError(file + ": must hold " + LENGTH + " bytes in hex")));
    }

    // The parser's own message quotes its input, so it is left out.
    private static byte[] parse(String hex, UsageError refusal) {
        try {
            if (hex.length() == 2 * LENGTH) {
                return HexFormat.of().parseHex(hex);
            }
        } catch (IllegalArgumentException e) {
            throw refusal;
        }
        throw refusal;
    }
}

package io.millrace.cli.config;

import io.millrace.cli.keys.PskFile;
import io.millrace.cli.keys.SecretFile;
import io.millrace.cli.text.HexText;
import io.millrace.crypto.SecretKey;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;

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
        try {
            return new LinkSecret(HexText.parse(hex, LENGTH));
        } catch (IllegalArgumentException e) {
            throw table.wrong(e.getMessage(), key);
        }
    }

    static LinkSecret file(Path file) throws IOException {
        try (SecretKey secret = PskFile.read(file)) {
            return new LinkSecret(secret.segment().toArray(ValueLayout.JAVA_BYTE));
        }
    }
}

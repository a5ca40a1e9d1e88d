package io.millrace.node.config;

import io.millrace.crypto.SecretKey;
import io.millrace.node.keys.PskFile;
import io.millrace.node.keys.SecretFile;
import io.millrace.text.HexText;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The pre-shared key of a link as the file gives it, off the heap, until the engine takes it over. One that no link takes goes
 * with the process.
 *
 * <p>Not thread safe.
 */
public final class LinkSecret implements AutoCloseable {
    /** Length in bytes. */
    public static final int LENGTH = SecretKey.LENGTH;

    private final SecretKey key;

    private LinkSecret(SecretKey key) {
        this.key = key;
    }

    /** The key, {@link #LENGTH} bytes; closed with this. */
    public SecretKey key() {
        return key;
    }

    /** Wipes the key; the text of an inline one stays on the heap until the garbage collector reuses its memory. */
    @Override
    public void close() {
        key.close();
    }

    @Override
    public String toString() {
        return "LinkSecret[hidden]";
    }

    /**
     * A key that the configuration file itself holds.
     *
     * @param file of the key, which only its owner may read.
     * @param hex {@link #LENGTH} bytes.
     */
    static LinkSecret inline(Path file, String hex) throws IOException {
        SecretFile.requireOwnerOnly(file);
        return new LinkSecret(SecretKey.takeFrom(HexText.parse(hex, LENGTH)));
    }

    static LinkSecret file(Path file) throws IOException {
        return new LinkSecret(PskFile.read(file));
    }
}

package io.millrace.crypto;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256 of public bytes on the heap by the JDK, which uses the processor's SHA instructions where it has them: several
 * times libsodium's rate there for messages of kilobytes.
 *
 * <p>Allocates nothing once made; wipes nothing. Not thread safe.
 *
 * <p>Source: FIPS 180-4.
 */
public final class HeapSha256 {
    private final MessageDigest digest;
    private final byte[] hash = new byte[Sha256.LENGTH];

    /** One for one thread. */
    public HeapSha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /**
     * Writes the 32 bytes of the hash of {@code in}'s first {@code length} bytes to {@code position} in {@code out}.
     *
     * @param out receives 32 bytes.
     * @param position in {@code out}, in bytes.
     * @param in hashed up to {@code length}.
     * @param length 0 to the length of {@code in}.
     */
    public void hash(MemorySegment out, long position, byte[] in, int length) {
        digest.update(in, 0, length);
        try {
            digest.digest(hash, 0, hash.length);
        } catch (DigestException e) {
            throw new AssertionError("the hash has its length", e);
        }
        MemorySegment.copy(hash, 0, out, JAVA_BYTE, position, hash.length);
    }
}

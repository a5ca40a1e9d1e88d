package io.millrace.crypto.provider;

import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.lang.foreign.MemorySegment;

/**
 * The primitives of the packet path over batches: one operand array per argument, element {@code i} of each belongs to
 * input {@code i}.
 *
 * <p>Implementations give the same bytes for the same input, for every {@code count} from 1 to {@link #MAX_BATCH}, and
 * whatever an input is, it changes nothing for its neighbours. They keep no state between calls, allocate nothing and
 * throw nothing for a peer's input. They refuse a count or length out of range ({@link IllegalArgumentException}), an
 * operand array with fewer elements set or with one that is too short ({@link IndexOutOfBoundsException}), a read-only
 * output ({@link IllegalArgumentException}), an array whose arena, or whose elements' arena, is closed ({@link
 * IllegalStateException}) and one of another thread ({@link WrongThreadException}) before they touch any memory. The arenas
 * of the arrays and of their elements are held open during each native call: another thread that closes one meanwhile gets
 * an {@link IllegalStateException}. If it closes one between two native calls of a batch, the batch ends with that exception
 * and an undefined part of it is done. An output may be the same address as the input of the same element (in place); other
 * overlaps are not allowed. No address is 0, not even where a length is 0. Secrets left in registers or on the native
 * stack are the implementation's to wipe; it names those that it cannot wipe.
 *
 * <p>Threading: an instance may be used by several threads at once.
 */
public interface BatchCrypto {
    /** Largest {@code count} of any call, in inputs. */
    int MAX_BATCH = 256;

    /** Longest text, hash input or associated data of any call, in bytes. */
    int MAX_LENGTH = 1 << 16;

    /** Shortest output and key of {@link #blake2b}, in bytes. */
    int BLAKE2B_MIN_LENGTH = 16;

    /** Longest output and key of {@link #blake2b}, in bytes. */
    int BLAKE2B_MAX_LENGTH = 64;

    /** Length in bytes of a group element, a scalar and every symmetric key. */
    int KEY_LENGTH = 32;

    /** Length of a SHA-512 hash in bytes. */
    int SHA512_LENGTH = 64;

    /** Length of what {@link #edwardsMap} maps, in bytes. */
    int UNIFORM_LENGTH = 48;

    /** Length of a Poly1305 tag in bytes. */
    int AEAD_TAG_LENGTH = 16;

    /** Length of a ChaCha20-Poly1305 nonce in bytes. */
    int AEAD_NONCE_LENGTH = 12;

    /** Name of the provider, as on the command line: {@code sodium}, {@code lanes} or {@code lanes:avx2}. */
    String name();

    /** The kernels that run: {@code libsodium}, or the level of {@code lanes}: {@code avx2}, {@code avx512} or {@code ifma}. */
    default String kernels() {
        return "libsodium";
    }

    /**
     * X25519: {@code out = scalar * point}, with the scalar clamped and bit 255 of the point ignored.
     *
     * @param count of inputs, 1 to {@link #MAX_BATCH}.
     * @param out receives 32 bytes per input.
     * @param scalar 32 bytes per input, little endian.
     * @param point 32 bytes per input.
     * @param ok false where the result is all zero (a point of low order): the caller must drop that input.
     *     <p>Source: RFC 7748 sections 5 and 6.1.
     */
    void x25519(int count, AddressArray out, AddressArray scalar, AddressArray point, StatusArray ok);

    /**
     * X25519 with the base point: {@code out = scalar * 9}, with the scalar clamped.
     *
     * @param count of inputs, 1 to {@link #MAX_BATCH}.
     * @param out receives 32 bytes per input.
     * @param scalar 32 bytes per input, little endian.
     */
    void x25519Base(int count, AddressArray out, AddressArray scalar);

    /**
     * Exclusive-ors {@code length} bytes at each {@code text} with the ChaCha20 stream of {@code key}, all-zero nonce,
     * block counter from 0.
     *
     * @param count of inputs, 1 to {@link #MAX_BATCH}.
     * @param text changed in place.
     * @param length in bytes, 0 to {@link #MAX_LENGTH}, the same for all inputs; multiples of 512 are fastest.
     * @param key 32 bytes each, never used for another stream.
     *     <p>Source: RFC 8439 section 2.4.
     */
    void chacha20Xor(int count, AddressArray text, int length, AddressArray key);

    /**
     * Keyed BLAKE2b.
     *
     * @param count of inputs, 1 to {@link #MAX_BATCH}.
     * @param out receives {@code outLength} bytes per input.
     * @param outLength in bytes, 16 to 64.
     * @param in {@code inLength} bytes per input.
     * @param inLength in bytes, 0 to {@link #MAX_LENGTH}, the same for all inputs.
     * @param key {@code keyLength} bytes per input.
     * @param keyLength in bytes, 16 to 64.
     * @param salt native, 16 bytes or more, of which the first 16 count; the same for all inputs.
     * @param personal native, 16 bytes or more, of which the first 16 count; the same for all inputs: the domain.
     *     <p>Source: RFC 7693 section 2.8 (salt and personalisation).
     */
    void blake2b(
            int count,
            AddressArray out,
            int outLength,
            AddressArray in,
            int inLength,
            AddressArray key,
            int keyLength,
            MemorySegment salt,
            MemorySegment personal);

    /**
     * SHA-512.
     *
     * @param count of inputs, 1 to {@link #MAX_BATCH}.
     * @param out receives 64 bytes per input.
     * @param in {@code inLength} bytes per input.
     * @param inLength in bytes, 0 to {@link #MAX_LENGTH}, the same for all inputs.
     *     <p>Source: FIPS 180-4.
     */
    void sha512(int count, AddressArray out, AddressArray in, int inLength);

    /**
     * From uniform bytes to a multiple of their point on edwards25519: RFC 9380's {@code map_to_curve} of their number
     * modulo p, cofactor cleared, times {@code scalar}, encoded. Constant time in the scalar and the bytes.
     *
     * <p>A provider may leave any input to its caller, who then goes the way of single points: {@code lanes} leaves those
     * whose result is the identity or cannot be told from it, {@code sodium} leaves all.
     *
     * @param count of inputs, 1 to {@link #MAX_BATCH}.
     * @param out receives 32 bytes per input.
     * @param scalar 32 bytes each, taken as they are but for bit 255, which is ignored.
     * @param uniform 48 bytes each, big endian.
     * @param ok false where the input is left to the caller; its output is undefined.
     *     <p>Source: RFC 9380 sections 6.7.1, 6.8.2 and D.1.
     */
    void edwardsMap(int count, AddressArray out, AddressArray scalar, AddressArray uniform, StatusArray ok);

    /**
     * Encrypts {@code length} bytes at each {@code text} in place with ChaCha20-Poly1305 and writes its tag.
     *
     * @param count of inputs, 1 to {@link #MAX_BATCH}.
     * @param text encrypted in place.
     * @param length in bytes, 0 to {@link #MAX_LENGTH}, the same for all inputs.
     * @param tag receives 16 bytes per input.
     * @param ad {@code adLength} bytes of associated data per input.
     * @param adLength of each {@code ad} in bytes, 0 or more.
     * @param nonce 12 bytes each, never used twice with the same key.
     *     <p>Source: RFC 8439 section 2.8.
     * @param key 32 bytes per input.
     */
    void aeadSeal(
            int count,
            AddressArray text,
            int length,
            AddressArray tag,
            AddressArray ad,
            int adLength,
            AddressArray nonce,
            AddressArray key);

    /**
     * Verifies each tag and decrypts {@code length} bytes at each {@code text} in place.
     *
     * @param count of inputs, 1 to {@link #MAX_BATCH}.
     * @param text decrypted in place.
     * @param length in bytes, 0 to {@link #MAX_LENGTH}, the same for all inputs.
     * @param tag 16 bytes per input.
     * @param ad {@code adLength} bytes per input.
     * @param adLength of each {@code ad} in bytes, 0 or more.
     * @param nonce 12 bytes per input.
     * @param key 32 bytes per input.
     * @param ok false where the tag is wrong; that text is then all zero or unchanged, never plaintext. It is unchanged
     *     if it is one of the first {@link #aeadTogether}; for the others there is no second try with another key.
     */
    void aeadOpen(
            int count,
            AddressArray text,
            int length,
            AddressArray tag,
            AddressArray ad,
            int adLength,
            AddressArray nonce,
            AddressArray key,
            StatusArray ok);

    /**
     * Number of inputs that {@link #aeadSeal} and {@link #aeadOpen} work on together, in the lanes of vectors: the first
     * ones of a batch. The rest, or the whole batch, goes one by one, and gains nothing by being in a batch.
     *
     * @param count of the batch, 1 to {@link #MAX_BATCH}.
     * @param length of each text in bytes, 0 to {@link #MAX_LENGTH}.
     * @return 0 to {@code count}; a batch of just that many is worked on together as a whole.
     */
    default int aeadTogether(int count, int length) {
        BatchOperands.count(count);
        BatchOperands.length("length", length, 0, MAX_LENGTH);
        return 0;
    }
}

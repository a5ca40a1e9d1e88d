package io.millrace.crypto.provider;

import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.lang.foreign.MemorySegment;

/**
 * Checks the operands that a batch hands to C: its count, its lengths, and that each operand array holds that many
 * elements, of those lengths, and is still open to the calling thread. A few compares per batch, no allocation.
 */
final class BatchOperands {
    private static final int SHARED_LENGTH = 16;

    private BatchOperands() {}

    /** Checks the number of inputs. */
    static void count(int count) {
        if (count < 1 || count > BatchCrypto.MAX_BATCH) {
            throw new IllegalArgumentException("count must be 1 to " + BatchCrypto.MAX_BATCH + ": count=" + count);
        }
    }

    /** Checks a length in bytes, between {@code least} and {@code most}. */
    static void length(String name, int length, int least, int most) {
        if (length < least || length > most) {
            throw new IllegalArgumentException(name + " must be " + least + " to " + most + ": " + name + "=" + length);
        }
    }

    static void x25519(int count, AddressArray out, AddressArray scalar, AddressArray point, StatusArray ok) {
        count(count);
        out.requireWritable(count, BatchCrypto.KEY_LENGTH);
        scalar.require(count, BatchCrypto.KEY_LENGTH);
        point.require(count, BatchCrypto.KEY_LENGTH);
        ok.require(count);
    }

    static void x25519Base(int count, AddressArray out, AddressArray scalar) {
        count(count);
        out.requireWritable(count, BatchCrypto.KEY_LENGTH);
        scalar.require(count, BatchCrypto.KEY_LENGTH);
    }

    static void edwardsMap(int count, AddressArray out, AddressArray scalar, AddressArray uniform, StatusArray ok) {
        count(count);
        out.requireWritable(count, BatchCrypto.KEY_LENGTH);
        scalar.require(count, BatchCrypto.KEY_LENGTH);
        uniform.require(count, BatchCrypto.UNIFORM_LENGTH);
        ok.require(count);
    }

    static void chacha20Xor(int count, AddressArray text, int length, AddressArray key) {
        count(count);
        length("length", length, 0, BatchCrypto.MAX_LENGTH);
        text.requireWritable(count, length);
        key.require(count, BatchCrypto.KEY_LENGTH);
    }

    static void blake2b(
            int count,
            AddressArray out,
            int outLength,
            AddressArray in,
            int inLength,
            AddressArray key,
            int keyLength,
            MemorySegment salt,
            MemorySegment personal) {
        count(count);
        length("outLength", outLength, BatchCrypto.BLAKE2B_MIN_LENGTH, BatchCrypto.BLAKE2B_MAX_LENGTH);
        length("inLength", inLength, 0, BatchCrypto.MAX_LENGTH);
        length("keyLength", keyLength, BatchCrypto.BLAKE2B_MIN_LENGTH, BatchCrypto.BLAKE2B_MAX_LENGTH);
        shared("salt", salt);
        shared("personal", personal);
        out.requireWritable(count, outLength);
        in.require(count, inLength);
        key.require(count, keyLength);
    }

    static void sha512(int count, AddressArray out, AddressArray in, int inLength) {
        count(count);
        length("inLength", inLength, 0, BatchCrypto.MAX_LENGTH);
        out.requireWritable(count, BatchCrypto.SHA512_LENGTH);
        in.require(count, inLength);
    }

    static void aeadSeal(
            int count,
            AddressArray text,
            int length,
            AddressArray tag,
            AddressArray ad,
            int adLength,
            AddressArray nonce,
            AddressArray key) {
        aead(count, text, length, ad, adLength, nonce, key);
        tag.requireWritable(count, BatchCrypto.AEAD_TAG_LENGTH);
    }

    static void aeadOpen(
            int count,
            AddressArray text,
            int length,
            AddressArray tag,
            AddressArray ad,
            int adLength,
            AddressArray nonce,
            AddressArray key,
            StatusArray ok) {
        aead(count, text, length, ad, adLength, nonce, key);
        tag.require(count, BatchCrypto.AEAD_TAG_LENGTH);
        ok.require(count);
    }

    private static void aead(
            int count,
            AddressArray text,
            int length,
            AddressArray ad,
            int adLength,
            AddressArray nonce,
            AddressArray key) {
        count(count);
        length("length", length, 0, BatchCrypto.MAX_LENGTH);
        length("adLength", adLength, 0, BatchCrypto.MAX_LENGTH);
        text.requireWritable(count, length);
        ad.require(count, adLength);
        nonce.require(count, BatchCrypto.AEAD_NONCE_LENGTH);
        key.require(count, BatchCrypto.KEY_LENGTH);
    }

    /** Checks an operand of 16 bytes that all inputs share; the call itself checks that it is open. */
    private static void shared(String name, MemorySegment segment) {
        if (!segment.isNative() || segment.byteSize() < SHARED_LENGTH) {
            throw new IllegalArgumentException(name + " must be native and have " + SHARED_LENGTH + " bytes: native="
                    + segment.isNative() + ", " + name + "Length=" + segment.byteSize());
        }
    }
}

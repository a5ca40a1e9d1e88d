package io.millrace.crypto;

import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;

/**
 * Checks what a batch hands to C: its count, its lengths, and that each operand array holds that many elements and is
 * still open to the calling thread. A few compares per batch, no allocation.
 */
final class BatchOperands {
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
        out.require(count);
        scalar.require(count);
        point.require(count);
        ok.require(count);
    }

    static void x25519Base(int count, AddressArray out, AddressArray scalar) {
        count(count);
        out.require(count);
        scalar.require(count);
    }

    static void chacha20Xor(int count, AddressArray text, int length, AddressArray key) {
        count(count);
        length("length", length, 0, BatchCrypto.MAX_LENGTH);
        text.require(count);
        key.require(count);
    }

    static void blake2b(
            int count,
            AddressArray out,
            int outLength,
            AddressArray in,
            int inLength,
            AddressArray key,
            int keyLength,
            long salt,
            long personal) {
        count(count);
        length("outLength", outLength, BatchCrypto.BLAKE2B_MIN_LENGTH, BatchCrypto.BLAKE2B_MAX_LENGTH);
        length("inLength", inLength, 0, BatchCrypto.MAX_LENGTH);
        length("keyLength", keyLength, BatchCrypto.BLAKE2B_MIN_LENGTH, BatchCrypto.BLAKE2B_MAX_LENGTH);
        if (salt == 0 || personal == 0) {
            throw new IllegalArgumentException(
                    "salt and personal must not be 0: salt=" + salt + ", personal=" + personal);
        }
        out.require(count);
        in.require(count);
        key.require(count);
    }

    static void sha512(int count, AddressArray out, AddressArray in, int inLength) {
        count(count);
        length("inLength", inLength, 0, BatchCrypto.MAX_LENGTH);
        out.require(count);
        in.require(count);
    }

    static void aead(
            int count,
            AddressArray text,
            int length,
            AddressArray tag,
            AddressArray ad,
            int adLength,
            AddressArray nonce,
            AddressArray key) {
        count(count);
        length("length", length, 0, BatchCrypto.MAX_LENGTH);
        length("adLength", adLength, 0, BatchCrypto.MAX_LENGTH);
        text.require(count);
        tag.require(count);
        ad.require(count);
        nonce.require(count);
        key.require(count);
    }
}

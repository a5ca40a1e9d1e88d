package io.millrace.crypto.provider;

import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.lang.foreign.MemorySegment;

/**
 * The provider {@code sodium}: one libsodium call per input, see {@link SodiumCalls}. Runs wherever libsodium does.
 */
public final class SodiumBatchCrypto implements BatchCrypto {
    /** Name of this provider. */
    static final String NAME = "sodium";

    private final SodiumCalls calls = new SodiumCalls();

    SodiumBatchCrypto() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void x25519(int count, AddressArray out, AddressArray scalar, AddressArray point, StatusArray ok) {
        BatchOperands.x25519(count, out, scalar, point, ok);
        calls.x25519(0, count, out, scalar, point, ok);
    }

    @Override
    public void x25519Base(int count, AddressArray out, AddressArray scalar) {
        BatchOperands.x25519Base(count, out, scalar);
        calls.x25519Base(0, count, out, scalar);
    }

    @Override
    public void chacha20Xor(int count, AddressArray text, int length, AddressArray key) {
        BatchOperands.chacha20Xor(count, text, length, key);
        calls.chacha20Xor(0, count, text, length, key);
    }

    @Override
    public void blake2b(
            int count,
            AddressArray out,
            int outLength,
            AddressArray in,
            int inLength,
            AddressArray key,
            int keyLength,
            MemorySegment salt,
            MemorySegment personal) {
        BatchOperands.blake2b(count, out, outLength, in, inLength, key, keyLength, salt, personal);
        calls.blake2b(0, count, out, outLength, in, inLength, key, keyLength, salt, personal);
    }

    @Override
    public void sha512(int count, AddressArray out, AddressArray in, int inLength) {
        BatchOperands.sha512(count, out, in, inLength);
        calls.sha512(0, count, out, in, inLength);
    }

    /** Leaves all inputs to the caller: libsodium's map has other signs than RFC 9380's. */
    @Override
    public void edwardsMap(int count, AddressArray out, AddressArray scalar, AddressArray uniform, StatusArray ok) {
        BatchOperands.edwardsMap(count, out, scalar, uniform, ok);
        for (int i = 0; i < count; i++) {
            ok.set(i, false);
        }
    }

    @Override
    public void aeadSeal(
            int count,
            AddressArray text,
            int length,
            AddressArray tag,
            AddressArray ad,
            int adLength,
            AddressArray nonce,
            AddressArray key) {
        BatchOperands.aeadSeal(count, text, length, tag, ad, adLength, nonce, key);
        calls.aeadSeal(0, count, text, length, tag, ad, adLength, nonce, key);
    }

    @Override
    public void aeadOpen(
            int count,
            AddressArray text,
            int length,
            AddressArray tag,
            AddressArray ad,
            int adLength,
            AddressArray nonce,
            AddressArray key,
            StatusArray ok) {
        BatchOperands.aeadOpen(count, text, length, tag, ad, adLength, nonce, key, ok);
        calls.aeadOpen(0, count, text, length, tag, ad, adLength, nonce, key, ok);
    }
}

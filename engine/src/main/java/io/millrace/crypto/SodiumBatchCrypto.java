package io.millrace.crypto;

import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import io.millrace.natives.SodiumBlake2b;

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
        assert validCount(count);
        calls.x25519(0, count, out, scalar, point, ok);
    }

    @Override
    public void x25519Base(int count, AddressArray out, AddressArray scalar) {
        assert validCount(count);
        calls.x25519Base(0, count, out, scalar);
    }

    @Override
    public void chacha20Xor(int count, AddressArray text, int length, AddressArray key) {
        assert validCount(count) && length >= 0;
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
            long salt,
            long personal) {
        assert validCount(count) && inLength >= 0;
        assert outLength >= SodiumBlake2b.BYTES_MIN && outLength <= SodiumBlake2b.BYTES_MAX;
        assert keyLength >= SodiumBlake2b.KEY_BYTES_MIN && keyLength <= SodiumBlake2b.KEY_BYTES_MAX;
        calls.blake2b(0, count, out, outLength, in, inLength, key, keyLength, salt, personal);
    }

    @Override
    public void sha512(int count, AddressArray out, AddressArray in, int inLength) {
        assert validCount(count) && inLength >= 0;
        calls.sha512(0, count, out, in, inLength);
    }

    /** Leaves all inputs to the caller: libsodium's map has other signs than RFC 9380's. */
    @Override
    public void edwardsMap(int count, AddressArray out, AddressArray scalar, AddressArray uniform, StatusArray ok) {
        assert validCount(count);
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
        assert validCount(count) && length >= 0 && adLength >= 0;
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
        assert validCount(count) && length >= 0 && adLength >= 0;
        calls.aeadOpen(0, count, text, length, tag, ad, adLength, nonce, key, ok);
    }

    private static boolean validCount(int count) {
        return count >= 1 && count <= MAX_BATCH;
    }
}

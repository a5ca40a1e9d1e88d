package io.millrace.crypto;

import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import io.millrace.natives.SodiumAead;
import io.millrace.natives.SodiumBlake2b;
import io.millrace.natives.SodiumChaCha20;
import io.millrace.natives.SodiumX25519;
import java.lang.foreign.Arena;

/**
 * The provider {@code sodium}: one libsodium call per input. Runs wherever libsodium does.
 *
 * <p>libsodium wipes the states of its symmetric primitives, but not what a scalar multiplication leaves on the native
 * stack: that stays until later calls of the same thread write over it. Its {@code sodium_stackzero} is no way out, as
 * it is empty in the embedded build.
 */
public final class SodiumBatchCrypto implements BatchCrypto {
    /** Name of this provider. */
    static final String NAME = "sodium";

    private static final long ZERO_NONCE =
            Arena.global().allocate(SodiumChaCha20.NONCE_BYTES).address();

    SodiumBatchCrypto() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void x25519(int count, AddressArray out, AddressArray scalar, AddressArray point, StatusArray ok) {
        assert validCount(count);
        for (int i = 0; i < count; i++) {
            ok.set(i, SodiumX25519.scalarmult(out.get(i), scalar.get(i), point.get(i)));
        }
    }

    @Override
    public void x25519Base(int count, AddressArray out, AddressArray scalar) {
        assert validCount(count);
        for (int i = 0; i < count; i++) {
            SodiumX25519.scalarmultBase(out.get(i), scalar.get(i));
        }
    }

    @Override
    public void chacha20Xor(int count, AddressArray text, int length, AddressArray key) {
        assert validCount(count) && length >= 0;
        for (int i = 0; i < count; i++) {
            final long at = text.get(i);
            SodiumChaCha20.xorIc(at, at, length, ZERO_NONCE, 0, key.get(i));
        }
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
        for (int i = 0; i < count; i++) {
            SodiumBlake2b.hashSaltPersonal(
                    out.get(i), outLength, in.get(i), inLength, key.get(i), keyLength, salt, personal);
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
        for (int i = 0; i < count; i++) {
            final long at = text.get(i);
            SodiumAead.encryptDetached(at, tag.get(i), at, length, ad.get(i), adLength, nonce.get(i), key.get(i));
        }
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
        for (int i = 0; i < count; i++) {
            final long at = text.get(i);
            ok.set(
                    i,
                    SodiumAead.decryptDetached(
                            at, at, length, tag.get(i), ad.get(i), adLength, nonce.get(i), key.get(i)));
        }
    }

    private static boolean validCount(int count) {
        return count >= 1 && count <= MAX_BATCH;
    }
}

package io.millrace.crypto;

import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import io.millrace.natives.SodiumAead;
import io.millrace.natives.SodiumBlake2b;
import io.millrace.natives.SodiumChaCha20;
import io.millrace.natives.SodiumSha512;
import io.millrace.natives.SodiumX25519;
import java.lang.foreign.Arena;

/**
 * One libsodium call for each input from {@code first} to before {@code end} of a batch.
 *
 * <p>libsodium wipes the states of its symmetric primitives, but not what a scalar multiplication leaves on the native
 * stack: that stays until later calls of the same thread write over it. Its {@code sodium_stackzero} is no way out, as
 * it is empty in the embedded build. Any thread may use an instance.
 */
final class SodiumCalls {
    private static final long ZERO_NONCE =
            Arena.global().allocate(SodiumChaCha20.NONCE_BYTES).address();

    void x25519(int first, int end, AddressArray out, AddressArray scalar, AddressArray point, StatusArray ok) {
        for (int i = first; i < end; i++) {
            ok.set(i, SodiumX25519.scalarmult(out.get(i), scalar.get(i), point.get(i)));
        }
    }

    void x25519Base(int first, int end, AddressArray out, AddressArray scalar) {
        for (int i = first; i < end; i++) {
            SodiumX25519.scalarmultBase(out.get(i), scalar.get(i));
        }
    }

    void chacha20Xor(int first, int end, AddressArray text, int length, AddressArray key) {
        for (int i = first; i < end; i++) {
            final long at = text.get(i);
            SodiumChaCha20.xorIc(at, at, length, ZERO_NONCE, 0, key.get(i));
        }
    }

    void blake2b(
            int first,
            int end,
            AddressArray out,
            int outLength,
            AddressArray in,
            int inLength,
            AddressArray key,
            int keyLength,
            long salt,
            long personal) {
        for (int i = first; i < end; i++) {
            SodiumBlake2b.hashSaltPersonal(
                    out.get(i), outLength, in.get(i), inLength, key.get(i), keyLength, salt, personal);
        }
    }

    void sha512(int first, int end, AddressArray out, AddressArray in, int inLength) {
        for (int i = first; i < end; i++) {
            SodiumSha512.hash(out.get(i), in.get(i), inLength);
        }
    }

    void aeadSeal(
            int first,
            int end,
            AddressArray text,
            int length,
            AddressArray tag,
            AddressArray ad,
            int adLength,
            AddressArray nonce,
            AddressArray key) {
        for (int i = first; i < end; i++) {
            final long at = text.get(i);
            SodiumAead.encryptDetached(at, tag.get(i), at, length, ad.get(i), adLength, nonce.get(i), key.get(i));
        }
    }

    void aeadOpen(
            int first,
            int end,
            AddressArray text,
            int length,
            AddressArray tag,
            AddressArray ad,
            int adLength,
            AddressArray nonce,
            AddressArray key,
            StatusArray ok) {
        for (int i = first; i < end; i++) {
            final long at = text.get(i);
            ok.set(
                    i,
                    SodiumAead.decryptDetached(
                            at, at, length, tag.get(i), ad.get(i), adLength, nonce.get(i), key.get(i)));
        }
    }
}

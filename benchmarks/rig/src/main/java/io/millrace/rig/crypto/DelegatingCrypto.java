package io.millrace.rig.crypto;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.lang.foreign.MemorySegment;

/**
 * A provider that does all as another one does, for a measurement that changes one primitive.
 *
 * <p>Threading: as the other provider's.
 */
class DelegatingCrypto implements BatchCrypto {
    private final BatchCrypto provider;

    DelegatingCrypto(BatchCrypto provider) {
        this.provider = provider;
    }

    @Override
    public final String name() {
        return provider.name();
    }

    @Override
    public final String kernels() {
        return provider.kernels();
    }

    @Override
    public void x25519(int count, AddressArray out, AddressArray scalar, AddressArray point, StatusArray ok) {
        provider.x25519(count, out, scalar, point, ok);
    }

    @Override
    public final void x25519Base(int count, AddressArray out, AddressArray scalar) {
        provider.x25519Base(count, out, scalar);
    }

    @Override
    public final void chacha20Xor(int count, AddressArray text, int length, AddressArray key) {
        provider.chacha20Xor(count, text, length, key);
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
        provider.blake2b(count, out, outLength, in, inLength, key, keyLength, salt, personal);
    }

    @Override
    public final void sha512(int count, AddressArray out, AddressArray in, int inLength) {
        provider.sha512(count, out, in, inLength);
    }

    @Override
    public final void edwardsMap(
            int count, AddressArray out, AddressArray scalar, AddressArray uniform, StatusArray ok) {
        provider.edwardsMap(count, out, scalar, uniform, ok);
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
        provider.aeadSeal(count, text, length, tag, ad, adLength, nonce, key);
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
        provider.aeadOpen(count, text, length, tag, ad, adLength, nonce, key, ok);
    }

    @Override
    public final int aeadTogether(int count, int length) {
        return provider.aeadTogether(count, length);
    }
}

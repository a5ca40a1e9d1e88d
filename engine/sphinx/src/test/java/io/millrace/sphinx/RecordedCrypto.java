package io.millrace.sphinx;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A provider that also lists its calls: primitive, count and length of the input. */
final class RecordedCrypto implements BatchCrypto {
    final List<String> calls = new ArrayList<>();

    private final BatchCrypto inner;

    RecordedCrypto(BatchCrypto inner) {
        this.inner = inner;
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public String kernels() {
        return inner.kernels();
    }

    @Override
    public void x25519(int count, AddressArray out, AddressArray scalar, AddressArray point, StatusArray ok) {
        calls.add("x25519 " + count);
        inner.x25519(count, out, scalar, point, ok);
    }

    @Override
    public void x25519Base(int count, AddressArray out, AddressArray scalar) {
        calls.add("x25519Base " + count);
        inner.x25519Base(count, out, scalar);
    }

    @Override
    public void chacha20Xor(int count, AddressArray text, int length, AddressArray key) {
        calls.add("chacha20 " + count + "x" + length);
        inner.chacha20Xor(count, text, length, key);
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
        calls.add("blake2b " + count + "x" + inLength);
        inner.blake2b(count, out, outLength, in, inLength, key, keyLength, salt, personal);
    }

    @Override
    public void sha512(int count, AddressArray out, AddressArray in, int inLength) {
        throw new AssertionError("no packet needs SHA-512");
    }

    @Override
    public void edwardsMap(int count, AddressArray out, AddressArray scalar, AddressArray uniform, StatusArray ok) {
        throw new AssertionError("no packet needs a map to the curve");
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
        throw new AssertionError("no packet needs an AEAD");
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
        throw new AssertionError("no packet needs an AEAD");
    }
}

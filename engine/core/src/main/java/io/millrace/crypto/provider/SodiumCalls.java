package io.millrace.crypto.provider;

import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import io.millrace.natives.SodiumChaCha20;
import io.millrace.natives.SodiumElement;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One libsodium call for each input from {@code first} to before {@code end} of a batch.
 *
 * <p>libsodium wipes the states of its symmetric primitives, but not the residue of a scalar multiplication on the
 * native stack, which stays until later calls of the same thread write over it. Its {@code sodium_stackzero} is no way out,
 * as it is empty in the embedded build. Any thread may use an instance.
 */
final class SodiumCalls {
    private static final MemorySegment ZERO_NONCE = Arena.global().allocate(SodiumChaCha20.NONCE_BYTES);

    void x25519(int first, int end, AddressArray out, AddressArray scalar, AddressArray point, StatusArray ok) {
        final MemorySegment outMemory = out.memory();
        final MemorySegment scalarMemory = scalar.memory();
        final MemorySegment pointMemory = point.memory();
        for (int i = first; i < end; i++) {
            ok.set(
                    i,
                    SodiumElement.x25519(
                            out.get(i), scalar.get(i), point.get(i), outMemory, scalarMemory, pointMemory));
        }
    }

    void x25519Base(int first, int end, AddressArray out, AddressArray scalar) {
        final MemorySegment outMemory = out.memory();
        final MemorySegment scalarMemory = scalar.memory();
        for (int i = first; i < end; i++) {
            SodiumElement.x25519Base(out.get(i), scalar.get(i), outMemory, scalarMemory);
        }
    }

    void chacha20Xor(int first, int end, AddressArray text, int length, AddressArray key) {
        final MemorySegment textMemory = text.memory();
        final MemorySegment keyMemory = key.memory();
        for (int i = first; i < end; i++) {
            SodiumElement.chacha20Xor(text.get(i), length, ZERO_NONCE, key.get(i), textMemory, keyMemory);
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
            MemorySegment salt,
            MemorySegment personal) {
        final MemorySegment outMemory = out.memory();
        final MemorySegment inMemory = in.memory();
        final MemorySegment keyMemory = key.memory();
        for (int i = first; i < end; i++) {
            SodiumElement.blake2b(
                    out.get(i),
                    outLength,
                    in.get(i),
                    inLength,
                    key.get(i),
                    keyLength,
                    salt,
                    personal,
                    outMemory,
                    inMemory,
                    keyMemory);
        }
    }

    void sha512(int first, int end, AddressArray out, AddressArray in, int inLength) {
        final MemorySegment outMemory = out.memory();
        final MemorySegment inMemory = in.memory();
        for (int i = first; i < end; i++) {
            SodiumElement.sha512(out.get(i), in.get(i), inLength, outMemory, inMemory);
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
        final MemorySegment textMemory = text.memory();
        final MemorySegment tagMemory = tag.memory();
        final MemorySegment adMemory = ad.memory();
        final MemorySegment nonceMemory = nonce.memory();
        final MemorySegment keyMemory = key.memory();
        for (int i = first; i < end; i++) {
            SodiumElement.aeadSeal(
                    text.get(i),
                    length,
                    tag.get(i),
                    ad.get(i),
                    adLength,
                    nonce.get(i),
                    key.get(i),
                    textMemory,
                    tagMemory,
                    adMemory,
                    nonceMemory,
                    keyMemory);
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
        final MemorySegment textMemory = text.memory();
        final MemorySegment tagMemory = tag.memory();
        final MemorySegment adMemory = ad.memory();
        final MemorySegment nonceMemory = nonce.memory();
        final MemorySegment keyMemory = key.memory();
        for (int i = first; i < end; i++) {
            ok.set(
                    i,
                    SodiumElement.aeadOpen(
                            text.get(i),
                            length,
                            tag.get(i),
                            ad.get(i),
                            adLength,
                            nonce.get(i),
                            key.get(i),
                            textMemory,
                            tagMemory,
                            adMemory,
                            nonceMemory,
                            keyMemory));
        }
    }
}

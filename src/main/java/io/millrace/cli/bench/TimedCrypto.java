package io.millrace.cli.bench;

import io.millrace.crypto.BatchCrypto;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * A provider with a stopwatch: tells what the engine spends in cryptography, so that the rest is known too. Two clock
 * readings a call, a call per step and batch.
 */
final class TimedCrypto implements BatchCrypto {
    private final BatchCrypto provider;
    private final LongAdder x25519Ns = new LongAdder();
    private final LongAdder chacha20Ns = new LongAdder();
    private final LongAdder blake2bNs = new LongAdder();
    private final LongAdder aeadNs = new LongAdder();

    TimedCrypto(BatchCrypto provider) {
        this.provider = provider;
    }

    /** Nanoseconds spent so far, by primitive. */
    Map<String, Long> spentNs() {
        final Map<String, Long> spent = new LinkedHashMap<>();
        spent.put("x25519", x25519Ns.sum());
        spent.put("blake2b", blake2bNs.sum());
        spent.put("chacha20", chacha20Ns.sum());
        spent.put("chacha20poly1305", aeadNs.sum());
        return spent;
    }

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public void x25519(int count, AddressArray out, AddressArray scalar, AddressArray point, StatusArray ok) {
        final long start = System.nanoTime();
        provider.x25519(count, out, scalar, point, ok);
        x25519Ns.add(System.nanoTime() - start);
    }

    @Override
    public void x25519Base(int count, AddressArray out, AddressArray scalar) {
        final long start = System.nanoTime();
        provider.x25519Base(count, out, scalar);
        x25519Ns.add(System.nanoTime() - start);
    }

    @Override
    public void chacha20Xor(int count, AddressArray text, int length, AddressArray key) {
        final long start = System.nanoTime();
        provider.chacha20Xor(count, text, length, key);
        chacha20Ns.add(System.nanoTime() - start);
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
        final long start = System.nanoTime();
        provider.blake2b(count, out, outLength, in, inLength, key, keyLength, salt, personal);
        blake2bNs.add(System.nanoTime() - start);
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
        final long start = System.nanoTime();
        provider.aeadSeal(count, text, length, tag, ad, adLength, nonce, key);
        aeadNs.add(System.nanoTime() - start);
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
        final long start = System.nanoTime();
        provider.aeadOpen(count, text, length, tag, ad, adLength, nonce, key, ok);
        aeadNs.add(System.nanoTime() - start);
    }
}

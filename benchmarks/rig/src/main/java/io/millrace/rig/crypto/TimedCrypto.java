package io.millrace.rig.crypto;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import io.millrace.rig.measure.WorkMeter;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * A provider with a stopwatch: measures the engine's time in cryptography, by primitive, and between two
 * calls, which is everything else. Two clock readings a call, a call per step and batch.
 *
 * <p>All times are of the wall clock. A gap longer than {@link WorkMeter#LONGEST_GAP_NS} is no work of the engine: it had
 * nothing to do, or the machine took the core away.
 *
 * <p>Threading: as the other provider's; the figures are for any thread, and whole once the engine rests.
 */
public final class TimedCrypto implements BatchCrypto {
    private final BatchCrypto provider;
    private final long slowdownNs;
    private final WorkMeter meter;
    private final LongAdder x25519Ns = new LongAdder();
    private final LongAdder chacha20Ns = new LongAdder();
    private final LongAdder blake2bNs = new LongAdder();
    private final LongAdder sha512Ns = new LongAdder();
    private final LongAdder edwardsMapNs = new LongAdder();
    private final LongAdder aeadNs = new LongAdder();

    /**
     * Puts a stopwatch on {@code provider}.
     *
     * @param provider does the work; stays the caller's.
     * @param slowdownNs spent on each variable-base multiplication for nothing, to show that a slower peel stage is
     *     noticed; 0 in every measurement.
     */
    public TimedCrypto(BatchCrypto provider, long slowdownNs) {
        this(provider, slowdownNs, new WorkMeter());
    }

    /**
     * Puts a stopwatch on {@code provider} that other calls of the same threads share.
     *
     * @param provider does the work; stays the caller's.
     * @param slowdownNs as above.
     * @param meter of the threads.
     */
    public TimedCrypto(BatchCrypto provider, long slowdownNs, WorkMeter meter) {
        this.provider = provider;
        this.slowdownNs = slowdownNs;
        this.meter = meter;
    }

    /** Nanoseconds spent so far, by primitive; all six of them, in a fixed order. */
    public Map<String, Long> spentNs() {
        final Map<String, Long> spent = new LinkedHashMap<>();
        spent.put("x25519", x25519Ns.sum());
        spent.put("blake2b", blake2bNs.sum());
        spent.put("chacha20", chacha20Ns.sum());
        spent.put("sha512", sha512Ns.sum());
        spent.put("edwards25519", edwardsMapNs.sum());
        spent.put("chacha20poly1305", aeadNs.sum());
        return spent;
    }

    /** Nanoseconds spent so far between two calls of one thread. */
    public long betweenNs() {
        return meter.betweenNs();
    }

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public String kernels() {
        return provider.kernels();
    }

    @Override
    public void x25519(int count, AddressArray out, AddressArray scalar, AddressArray point, StatusArray ok) {
        final long start = meter.begin();
        provider.x25519(count, out, scalar, point, ok);
        if (slowdownNs > 0) {
            spin(count * slowdownNs);
        }
        meter.end(x25519Ns, start);
    }

    @Override
    public void x25519Base(int count, AddressArray out, AddressArray scalar) {
        final long start = meter.begin();
        provider.x25519Base(count, out, scalar);
        meter.end(x25519Ns, start);
    }

    @Override
    public void chacha20Xor(int count, AddressArray text, int length, AddressArray key) {
        final long start = meter.begin();
        provider.chacha20Xor(count, text, length, key);
        meter.end(chacha20Ns, start);
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
        final long start = meter.begin();
        provider.blake2b(count, out, outLength, in, inLength, key, keyLength, salt, personal);
        meter.end(blake2bNs, start);
    }

    @Override
    public void sha512(int count, AddressArray out, AddressArray in, int inLength) {
        final long start = meter.begin();
        provider.sha512(count, out, in, inLength);
        meter.end(sha512Ns, start);
    }

    @Override
    public void edwardsMap(int count, AddressArray out, AddressArray scalar, AddressArray uniform, StatusArray ok) {
        final long start = meter.begin();
        provider.edwardsMap(count, out, scalar, uniform, ok);
        meter.end(edwardsMapNs, start);
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
        final long start = meter.begin();
        provider.aeadSeal(count, text, length, tag, ad, adLength, nonce, key);
        meter.end(aeadNs, start);
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
        final long start = meter.begin();
        provider.aeadOpen(count, text, length, tag, ad, adLength, nonce, key, ok);
        meter.end(aeadNs, start);
    }

    private static void spin(long ns) {
        final long end = System.nanoTime() + ns;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}

package io.millrace.rig.crypto;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * A provider with a stopwatch: measures the engine's time in cryptography, by primitive, and between two
 * calls, which is everything else. Two clock readings a call, a call per step and batch.
 *
 * <p>All times are of the wall clock. A gap longer than {@link #LONGEST_GAP_NS} is no work of the engine: it had nothing to
 * do, or the machine took the core away.
 *
 * <p>Threading: as the other provider's; the figures are for any thread, and whole once the engine rests.
 */
public final class TimedCrypto implements BatchCrypto {
    /** Longest time between two calls that is counted, in nanoseconds; a batch needs a few thousand. */
    public static final long LONGEST_GAP_NS = 50_000;

    private final BatchCrypto provider;
    private final long slowdownNs;
    private final ThreadLocal<long[]> lastEnd = ThreadLocal.withInitial(() -> new long[1]);
    private final LongAdder gapNs = new LongAdder();
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
        this.provider = provider;
        this.slowdownNs = slowdownNs;
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
        return gapNs.sum();
    }

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public void x25519(int count, AddressArray out, AddressArray scalar, AddressArray point, StatusArray ok) {
        final long start = start();
        provider.x25519(count, out, scalar, point, ok);
        if (slowdownNs > 0) {
            spin(count * slowdownNs);
        }
        end(x25519Ns, start);
    }

    @Override
    public void x25519Base(int count, AddressArray out, AddressArray scalar) {
        final long start = start();
        provider.x25519Base(count, out, scalar);
        end(x25519Ns, start);
    }

    @Override
    public void chacha20Xor(int count, AddressArray text, int length, AddressArray key) {
        final long start = start();
        provider.chacha20Xor(count, text, length, key);
        end(chacha20Ns, start);
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
        final long start = start();
        provider.blake2b(count, out, outLength, in, inLength, key, keyLength, salt, personal);
        end(blake2bNs, start);
    }

    @Override
    public void sha512(int count, AddressArray out, AddressArray in, int inLength) {
        final long start = start();
        provider.sha512(count, out, in, inLength);
        end(sha512Ns, start);
    }

    @Override
    public void edwardsMap(int count, AddressArray out, AddressArray scalar, AddressArray uniform, StatusArray ok) {
        final long start = start();
        provider.edwardsMap(count, out, scalar, uniform, ok);
        end(edwardsMapNs, start);
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
        final long start = start();
        provider.aeadSeal(count, text, length, tag, ad, adLength, nonce, key);
        end(aeadNs, start);
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
        final long start = start();
        provider.aeadOpen(count, text, length, tag, ad, adLength, nonce, key, ok);
        end(aeadNs, start);
    }

    private long start() {
        final long now = System.nanoTime();
        final long gap = now - lastEnd.get()[0];
        if (gap <= LONGEST_GAP_NS) {
            gapNs.add(gap);
        }
        return now;
    }

    private void end(LongAdder primitiveNs, long start) {
        final long now = System.nanoTime();
        primitiveNs.add(now - start);
        lastEnd.get()[0] = now;
    }

    private static void spin(long ns) {
        final long end = System.nanoTime() + ns;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}

package io.millrace.rig.crypto;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.AddressArray;
import io.millrace.rig.judge.Mutant;
import io.millrace.vrf.DelayDistribution;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A provider that changes the delays of the relay under test, as a {@link Mutant} says. It knows the hash that draws delays
 * by the length of its key, which is a VRF output, and changes the bits that come out of it. To show that measurements
 * notice; an engine cannot be configured so.
 *
 * <p>Only for delays that are drawn from an epoch's VRF output. Threading: one thread draws delays.
 */
public final class CheatingCrypto extends DelegatingCrypto {
    private static final int VRF_OUTPUT_LENGTH = 64;
    private static final int TAG_LENGTH = 16;
    private static final int ONE_IN = 100;
    private static final int BATCH_MAX = BatchCrypto.MAX_BATCH;
    private static final double TWO_TO_63 = 0x1p63;

    private final BatchCrypto provider;
    private final Mutant mutant;
    private final DelayDistribution declared;
    private final DelayDistribution other;
    private final boolean rising;
    private final AddressArray frozenKeys;
    private final MemorySegment frozenKey;
    private boolean frozen;
    private long drawn;

    /**
     * Cheats.
     *
     * @param provider does everything else; stays the caller's.
     * @param mutant the way to cheat; not {@link Mutant#TICK_ORDER}, which draws the declared delays.
     * @param declared the law of the relay's delays.
     * @param arena holds some kilobytes as long as this is used.
     * @throws IllegalArgumentException if the mutant does not cheat by its delays.
     */
    public CheatingCrypto(BatchCrypto provider, Mutant mutant, DelayDistribution declared, Arena arena) {
        super(provider);
        if (mutant == Mutant.TICK_ORDER) {
            throw new IllegalArgumentException("a mutant of the wheel, not of the delays: mutant=" + mutant.label());
        }
        this.provider = provider;
        this.mutant = mutant;
        this.declared = declared;
        this.other = DelayDistribution.uniform(0, 2 * medianNs(declared));
        this.rising = declared.delayNs(-1L) >= declared.delayNs(0);
        this.frozenKey = arena.allocate(VRF_OUTPUT_LENGTH, 64);
        this.frozenKeys = new AddressArray(arena, BATCH_MAX).fill(BATCH_MAX, frozenKey, 0, 0);
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
        final boolean drawsDelays = keyLength == VRF_OUTPUT_LENGTH && inLength == TAG_LENGTH;
        final boolean freezes = drawsDelays && mutant == Mutant.FROZEN_EPOCH;
        if (freezes && !frozen && count > 0) {
            MemorySegment.copy(
                    at(key.get(0), VRF_OUTPUT_LENGTH), JAVA_BYTE, 0, frozenKey, JAVA_BYTE, 0, VRF_OUTPUT_LENGTH);
            frozen = true;
        }
        provider.blake2b(count, out, outLength, in, inLength, freezes ? frozenKeys : key, keyLength, salt, personal);
        if (drawsDelays && !freezes) {
            for (int i = 0; i < count; i++) {
                final MemorySegment bits = at(out.get(i), Long.BYTES);
                bits.set(JAVA_LONG_UNALIGNED, 0, changed(bits.get(JAVA_LONG_UNALIGNED, 0)));
            }
        }
    }

    private long changed(long bits) {
        final long delayNs = declared.delayNs(bits);
        final boolean chosen = drawn++ % ONE_IN == 0;
        return switch (mutant) {
            case NO_DELAY -> bitsFor(declared.minNs());
            case EQUAL_DELAYS -> bitsFor(medianNs(declared));
            case WRONG_LAW -> bitsFor(other.delayNs(bits));
            case HALVED -> bitsFor(delayNs / 2);
            case EARLY_1PCT -> chosen ? bitsFor(delayNs / 2) : bits;
            case FRONT_1PCT -> chosen ? bitsFor(declared.minNs()) : bits;
            case FROZEN_EPOCH, TICK_ORDER -> bits;
        };
    }

    /** Bits from which the declared law makes about this delay. */
    private long bitsFor(long delayNs) {
        final double share = declared.cumulative(delayNs);
        return (long) ((rising ? share : 1 - share) * TWO_TO_63) << 1;
    }

    private static long medianNs(DelayDistribution law) {
        long low = law.minNs();
        long high = law.maxNs();
        while (low < high) {
            final long middle = low + (high - low) / 2;
            if (law.cumulative(middle) < 0.5) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @SuppressWarnings("restricted") // addresses that the engine gave to a provider
    private static MemorySegment at(long address, long length) {
        return MemorySegment.ofAddress(address).reinterpret(length);
    }
}

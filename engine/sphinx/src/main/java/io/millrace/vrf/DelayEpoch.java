package io.millrace.vrf;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.Wiping;
import io.millrace.memory.TrackedArena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The key that gives the delays of one relay in one epoch: the epoch's VRF output, and its proof for the disclosure.
 *
 * <p>Secret while packets of the epoch wait: with it and a packet's replay tag, the packet's delay can be computed. There
 * is no method that discloses it. The one {@link DelayDiscloser} does, and it has one holder.
 *
 * <p>Threading: made on any thread; read by the threads of the relay that owns it; closed by its owner after the last of
 * them has let go of it.
 */
public final class DelayEpoch implements AutoCloseable {
    private final long epoch;
    private final byte[] pi;
    private final SecretKey vrfOutput;
    private final AtomicBoolean discloserTaken = new AtomicBoolean();

    private DelayEpoch(long epoch, byte[] pi, SecretKey vrfOutput) {
        this.epoch = epoch;
        this.pi = pi;
        this.vrfOutput = vrfOutput;
    }

    /**
     * Computes the key of an epoch: about a millisecond, off the hot path.
     *
     * @param key the relay's VRF key; not kept.
     * @param relayId 16 bytes.
     * @param epoch unsigned.
     */
    public static DelayEpoch prepare(EcvrfSecretKey key, byte[] relayId, long epoch) {
        final MemorySegment vrfInput = DelayDerivation.epochInput(relayId, epoch);
        try (TrackedArena arena = TrackedArena.shared();
                EcvrfProver prover = new EcvrfProver(DelayDerivation.SUITE, key)) {
            final MemorySegment output = arena.allocate(EcvrfSuite.OUTPUT_LENGTH, 64);
            try {
                final byte[] pi = new byte[EcvrfSuite.PI_LENGTH];
                prover.prove(MemorySegment.ofArray(pi), vrfInput);
                prover.output(output, vrfInput);
                final SecretKey kept = SecretKey.inCell(EcvrfSuite.OUTPUT_LENGTH);
                kept.segment().copyFrom(output);
                return new DelayEpoch(epoch, pi, kept);
            } finally {
                Wiping.wipe(output);
            }
        }
    }

    /** The epoch, unsigned. */
    public long epoch() {
        return epoch;
    }

    /**
     * Hands out the right to open this key, once. Its holder decides when the epoch is disclosed; the holder of the key
     * alone never can. A relay takes it with the key, so that nothing but the erasure of the epoch's replay journal leads
     * to an {@link EpochDelayProof}.
     *
     * @throws IllegalStateException if the right has been taken before.
     */
    public DelayDiscloser takeDiscloser() {
        if (!discloserTaken.compareAndSet(false, true)) {
            throw new IllegalStateException("another holder has the right to open this key: " + this);
        }
        return new DelayDiscloser(this);
    }

    /** Wipes the key without disclosing it. A second call does nothing. */
    @Override
    public void close() {
        vrfOutput.close();
    }

    /** Tells the epoch only. */
    @Override
    public String toString() {
        return "DelayEpoch[epoch=" + Long.toUnsignedString(epoch) + "]";
    }

    EpochDelayProof disclose() {
        try (this) {
            return new EpochDelayProof(epoch, vrfOutput.segment().toArray(ValueLayout.JAVA_BYTE), pi);
        }
    }

    MemorySegment vrfOutput() {
        return vrfOutput.segment();
    }
}

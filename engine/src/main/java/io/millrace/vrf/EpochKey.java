package io.millrace.vrf;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.Wiping;
import io.millrace.memory.TrackedArena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What gives the delays of one relay in one epoch: the epoch's VRF output, and the proof for later.
 *
 * <p>Secret while packets of the epoch wait: who has it can compute their delays.
 *
 * <p>Threading: made on any thread; read by the thread of one {@link DelaySampler}; opened or closed by its owner once
 * that thread has let go of it.
 */
public final class EpochKey implements AutoCloseable {
    private final long epoch;
    private final byte[] pi;
    private final SecretKey vrfOutput;

    private EpochKey(long epoch, byte[] pi, SecretKey vrfOutput) {
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
    public static EpochKey prepare(EcvrfSecretKey key, byte[] relayId, long epoch) {
        final MemorySegment vrfInput = DelayDerivation.epochInput(relayId, epoch);
        try (TrackedArena arena = TrackedArena.shared();
                EcvrfProver prover = new EcvrfProver(DelayDerivation.SUITE, key)) {
            final MemorySegment output = arena.allocate(EcvrfSuite.OUTPUT_LENGTH, 64);
            try {
                final byte[] pi = new byte[EcvrfSuite.PI_LENGTH];
                prover.prove(MemorySegment.ofArray(pi), vrfInput);
                prover.output(output, vrfInput);
                return new EpochKey(epoch, pi, SecretKey.copyOf(output));
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
     * Discloses the epoch and closes this key.
     *
     * <p>Not before the last packet whose delay it gave has left, that is the distribution's maximum after the sampler
     * rolled on: an observer who knows a waiting packet's tag could otherwise tell when it will leave.
     */
    public EpochOpening open() {
        try (this) {
            return new EpochOpening(epoch, vrfOutput.segment().toArray(ValueLayout.JAVA_BYTE), pi);
        }
    }

    /** Wipes the key without disclosing it. A second call does nothing. */
    @Override
    public void close() {
        vrfOutput.close();
    }

    /** Tells the epoch only. */
    @Override
    public String toString() {
        return "EpochKey[epoch=" + Long.toUnsignedString(epoch) + "]";
    }

    MemorySegment vrfOutput() {
        return vrfOutput.segment();
    }
}

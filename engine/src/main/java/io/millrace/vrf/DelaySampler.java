package io.millrace.vrf;

import io.millrace.crypto.BatchCrypto;
import io.millrace.crypto.Wiping;
import io.millrace.memory.TrackedArena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Gives each packet its delay, under one policy: what the relay's gate asks once a packet.
 *
 * <p>Allocates nothing, throws nothing and waits for nobody per packet. The same tag gives the same delay as long as the
 * epoch lasts.
 *
 * <p>Threading: {@link #delayNs}, {@link #roll} and {@link #epoch} belong to one thread; {@link #offer} may be called from
 * any other. The next epoch's key is so computed off the hot path and swapped in between two packets.
 */
public final class DelaySampler implements AutoCloseable {
    /** The sender's delay is above the relay's maximum: the packet must be dropped. */
    public static final long EXCEEDS_MAXIMUM = -1;

    private final DelayPolicy policy;
    private final DelayDistribution distribution; // null for SENDER
    private final long maxNs;
    private final AtomicReference<EpochKey> offered = new AtomicReference<>();
    private final EcvrfProver prover; // PACKET_VRF only
    private final TrackedArena arena = TrackedArena.shared();
    private final DelayDerivation derivation = new DelayDerivation(arena);
    private final MemorySegment packetInput = DelayDerivation.allocatePacketInput(arena);
    private final MemorySegment packetOutput = arena.allocate(EcvrfSuite.OUTPUT_LENGTH, 64);
    private EpochKey current; // EPOCH_VRF only
    private MemorySegment currentOutput;
    private DelayDraws draws;

    private DelaySampler(
            DelayPolicy policy, DelayDistribution distribution, long maxNs, EcvrfProver prover, EpochKey current) {
        this.policy = policy;
        this.distribution = distribution;
        this.maxNs = maxNs;
        this.prover = prover;
        this.current = current;
        this.currentOutput = current == null ? MemorySegment.NULL : current.vrfOutput();
    }

    /**
     * Takes the sender's word up to a maximum. A longer delay is refused, not shortened: a shortened one would betray at
     * the exit that all packets which left exactly at the maximum had asked for more.
     *
     * @param maxNs 0 to {@link DelayDistribution#LIMIT_NS}.
     */
    public static DelaySampler sender(long maxNs) {
        if (maxNs < 0 || maxNs > DelayDistribution.LIMIT_NS) {
            throw new IllegalArgumentException("maximum delay must be 0 to 1 day: maxNs=" + maxNs);
        }
        return new DelaySampler(DelayPolicy.SENDER, null, maxNs, null, null);
    }

    /**
     * Draws from the current epoch's key.
     *
     * @param first the key of the epoch that is running; belongs to this sampler until {@link #roll} gives it back.
     */
    public static DelaySampler epochVrf(DelayDistribution distribution, EpochKey first) {
        return new DelaySampler(DelayPolicy.EPOCH_VRF, distribution, distribution.maxNs(), null, first);
    }

    /**
     * Draws from one VRF output per packet.
     *
     * @param key the relay's VRF key; stays its owner's and must outlive this sampler.
     */
    public static DelaySampler packetVrf(DelayDistribution distribution, EcvrfSecretKey key) {
        return new DelaySampler(
                DelayPolicy.PACKET_VRF,
                distribution,
                distribution.maxNs(),
                new EcvrfProver(DelayDerivation.SUITE, key),
                null);
    }

    /**
     * The delay of a packet.
     *
     * @param tagLow first 8 bytes of the delay tag, little endian.
     * @param tagHigh last 8 bytes of the delay tag, little endian.
     * @param senderDelayNs the routing command's delay field, unsigned; ignored unless the policy is SENDER.
     * @return nanoseconds, 0 to {@link #maxNs}, or {@link #EXCEEDS_MAXIMUM}.
     */
    public long delayNs(long tagLow, long tagHigh, long senderDelayNs) {
        return switch (policy) {
            case SENDER -> Long.compareUnsigned(senderDelayNs, maxNs) <= 0 ? senderDelayNs : EXCEEDS_MAXIMUM;
            case EPOCH_VRF -> distribution.delayNs(derivation.epochBits(currentOutput, tagLow, tagHigh));
            case PACKET_VRF -> {
                DelayDerivation.packetInput(packetInput, tagLow, tagHigh);
                prover.output(packetOutput, packetInput);
                yield distribution.delayNs(DelayDerivation.packetBits(packetOutput));
            }
        };
    }

    /**
     * What draws the delays of whole batches: the same as {@link #delayNs} gives, with the cryptography of a batch in as
     * few calls as possible. To be asked for once; belongs to the thread of {@link #delayNs} and ends with this sampler.
     *
     * @param limit most packets of a batch, 1 to {@link BatchCrypto#MAX_BATCH}.
     */
    public DelayDraws draws(BatchCrypto crypto, int limit) {
        if (draws != null) {
            throw new IllegalStateException("this sampler draws in batches already");
        }
        draws = new DelayDraws(arena, this, crypto, limit);
        return draws;
    }

    /** The policy. */
    public DelayPolicy policy() {
        return policy;
    }

    /** Longest delay that {@link #delayNs} returns, in nanoseconds. */
    public long maxNs() {
        return maxNs;
    }

    /**
     * Hands over the next epoch's key, to be used from the next {@link #roll} on. A key that was offered before and not
     * yet rolled to is closed.
     */
    public void offer(EpochKey next) {
        if (policy != DelayPolicy.EPOCH_VRF) {
            throw new IllegalStateException("no epochs under policy " + policy.label());
        }
        final EpochKey unused = offered.getAndSet(next);
        if (unused != null) {
            unused.close();
        }
    }

    /**
     * Goes on to the offered epoch. The caller decides when, by its clock.
     *
     * @return the key that was current until now, for its new owner, the caller, to open or close later and elsewhere;
     *     null if nothing was offered, and then the current epoch goes on.
     */
    public EpochKey roll() {
        // The plain read first, so that asking often costs nothing.
        final EpochKey next = offered.get() == null ? null : offered.getAndSet(null);
        if (next == null) {
            return null;
        }
        final EpochKey retired = current;
        current = next;
        currentOutput = next.vrfOutput();
        return retired;
    }

    /** The epoch of the delays that are given now, unsigned; EPOCH_VRF only. */
    public long epoch() {
        return current.epoch();
    }

    /** The key of PACKET_VRF; null under the others. */
    EcvrfSecretKey packetKey() {
        return prover == null ? null : prover.key();
    }

    /** The distribution; null under SENDER. */
    DelayDistribution distribution() {
        return distribution;
    }

    /** The VRF output of the current epoch; EPOCH_VRF only. */
    MemorySegment epochOutput() {
        return currentOutput;
    }

    /** Wipes scratch memory and closes the current epoch's key and an offered one, undisclosed. */
    @Override
    public void close() {
        derivation.wipe();
        if (draws != null) {
            draws.close();
        }
        Wiping.wipe(packetInput);
        Wiping.wipe(packetOutput);
        if (prover != null) {
            prover.close();
        }
        if (current != null) {
            current.close();
        }
        final EpochKey unused = offered.getAndSet(null);
        if (unused != null) {
            unused.close();
        }
        arena.close();
    }
}

package io.millrace.vrf;

import io.millrace.crypto.Wiping;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.TrackedArena;
import java.lang.foreign.MemorySegment;

/**
 * Gives each packet its delay, under one policy: called once a packet.
 *
 * <p>Allocates nothing, throws nothing and never waits per packet. The delay of a packet depends on its replay tag and,
 * under EPOCH_VRF, on the key of the epoch under which it was peeled: a packet has one valid delay, whenever it is drawn.
 *
 * <p>Threading: belongs to one thread.
 */
public final class DelaySampler implements AutoCloseable {
    /** The sender's delay is above the relay's maximum: the packet must be dropped. */
    public static final long EXCEEDS_MAXIMUM = -1;

    private final DelayPolicy policy;
    private final DelayDistribution distribution; // null for SENDER
    private final long maxNs;
    private final EcvrfProver prover; // PACKET_VRF only
    private final TrackedArena arena = TrackedArena.shared();
    private final DelayDerivation derivation = new DelayDerivation(arena);
    private final MemorySegment packetInput = DelayDerivation.allocatePacketInput(arena);
    private final MemorySegment packetOutput = arena.allocate(EcvrfSuite.OUTPUT_LENGTH, 64);
    private DelayDraws draws;

    private DelaySampler(DelayPolicy policy, DelayDistribution distribution, long maxNs, EcvrfProver prover) {
        this.policy = policy;
        this.distribution = distribution;
        this.maxNs = maxNs;
        this.prover = prover;
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
        return new DelaySampler(DelayPolicy.SENDER, null, maxNs, null);
    }

    /**
     * Draws from the key of the epoch that each packet belongs to.
     *
     * @param distribution of the delays.
     */
    public static DelaySampler epochVrf(DelayDistribution distribution) {
        return new DelaySampler(DelayPolicy.EPOCH_VRF, distribution, distribution.maxNs(), null);
    }

    /**
     * Draws from one VRF output per packet.
     *
     * @param distribution law of the delays.
     * @param key the relay's VRF key; stays its owner's and must outlive this sampler.
     */
    public static DelaySampler packetVrf(DelayDistribution distribution, EcvrfSecretKey key) {
        return new DelaySampler(
                DelayPolicy.PACKET_VRF,
                distribution,
                distribution.maxNs(),
                new EcvrfProver(DelayDerivation.SUITE, key));
    }

    /**
     * The delay of a packet.
     *
     * @param tagLow first 8 bytes of the delay tag, little endian.
     * @param tagHigh last 8 bytes of the delay tag, little endian.
     * @param senderDelayNs the routing command's delay field, unsigned; ignored unless the policy is SENDER.
     * @param epoch the key of the packet's epoch, not closed; ignored unless the policy is EPOCH_VRF.
     * @return nanoseconds, 0 to {@link #maxNs}, or {@link #EXCEEDS_MAXIMUM}.
     */
    public long delayNs(long tagLow, long tagHigh, long senderDelayNs, DelayEpoch epoch) {
        return switch (policy) {
            case SENDER -> Long.compareUnsigned(senderDelayNs, maxNs) <= 0 ? senderDelayNs : EXCEEDS_MAXIMUM;
            case EPOCH_VRF -> distribution.delayNs(derivation.epochBits(epoch.vrfOutput(), tagLow, tagHigh));
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
     * @param crypto provider of the batch operations; stays the caller's.
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

    /** The key of PACKET_VRF; null under the others. */
    EcvrfSecretKey packetKey() {
        return prover == null ? null : prover.key();
    }

    /** The distribution; null under SENDER. */
    DelayDistribution distribution() {
        return distribution;
    }

    /** Wipes scratch memory. */
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
        arena.close();
    }
}

package io.millrace.vrf;

import static io.millrace.memory.Layouts.LE_LONG;

import io.millrace.crypto.Blake2b;
import io.millrace.crypto.Wiping;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.AddressArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The delays of a batch of packets, drawn together: the same as {@link DelaySampler#delayNs} gives one by one, with the
 * cryptography of all packets in one call.
 *
 * <p>To be used in rounds: {@link #add} each packet, {@link #draw}, read {@link #delayNs}, {@link #clear}. Allocates
 * nothing and throws nothing per packet. Belongs to its sampler's thread.
 *
 * <p>Source: {@code src/docs/specs/delay.md}, section "Derivation".
 */
public final class DelayDraws {
    private final DelaySampler sampler;
    private final BatchCrypto crypto;
    private final long[] tagsLow;
    private final long[] tagsHigh;
    private final long[] delaysNs;
    private final MemorySegment tags;
    private final MemorySegment hashes;
    private final AddressArray tagAddresses;
    private final AddressArray hashAddresses;
    private final AddressArray keyAddresses;
    private final MemorySegment salt;
    private final MemorySegment personal;
    private final EcvrfBatch packets; // PACKET_VRF only
    private int count;

    DelayDraws(Arena arena, DelaySampler sampler, BatchCrypto crypto, int limit) {
        if (limit < 1 || limit > BatchCrypto.MAX_BATCH) {
            throw new IllegalArgumentException("limit must be 1 to " + BatchCrypto.MAX_BATCH + ": limit=" + limit);
        }
        this.sampler = sampler;
        this.crypto = crypto;
        this.tagsLow = new long[limit];
        this.tagsHigh = new long[limit];
        this.delaysNs = new long[limit];
        this.tags = arena.allocate((long) limit * DelayDerivation.TAG_LENGTH, 64);
        this.hashes = arena.allocate((long) limit * DelayDerivation.PRF_LENGTH, 64);
        this.tagAddresses = new AddressArray(arena, limit).fill(limit, tags, 0, DelayDerivation.TAG_LENGTH);
        this.hashAddresses = new AddressArray(arena, limit).fill(limit, hashes, 0, DelayDerivation.PRF_LENGTH);
        this.keyAddresses = new AddressArray(arena, limit);
        this.salt = arena.allocate(Blake2b.SALT_LENGTH, 64);
        this.personal = DelayDerivation.allocatePersonal(arena);
        this.packets = sampler.policy() == DelayPolicy.PACKET_VRF
                ? new EcvrfBatch(sampler.packetKey(), crypto, DelayDerivation.PACKET_INPUT_LENGTH, limit)
                : null;
        for (int i = 0; packets != null && i < limit; i++) {
            DelayDerivation.packetDomain(packets.input(i));
        }
    }

    /**
     * Adds a packet. The batch must not be full; its packets may be of several epochs.
     *
     * @param tagLow first 8 bytes of the replay tag, little endian.
     * @param tagHigh last 8 bytes of the replay tag, little endian.
     * @param senderDelayNs the routing command's delay field, unsigned; ignored unless the policy is SENDER.
     * @param epoch the key of the epoch under which the packet was peeled, read until the next {@link #draw} ends; ignored
     *     unless the policy is EPOCH_VRF.
     */
    public void add(long tagLow, long tagHigh, long senderDelayNs, DelayEpoch epoch) {
        if (sampler.policy() == DelayPolicy.EPOCH_VRF) {
            keyAddresses.set(count, epoch.vrfOutput(), 0);
        }
        tagsLow[count] = tagLow;
        tagsHigh[count] = tagHigh;
        delaysNs[count++] = senderDelayNs;
    }

    /** Number of packets. */
    public int count() {
        return count;
    }

    /** Draws the delays of all packets. */
    public void draw() {
        if (count == 0) {
            return;
        }
        switch (sampler.policy()) {
            case EPOCH_VRF -> drawFromEpoch();
            case PACKET_VRF -> drawFromPackets();
            case SENDER -> {
                for (int i = 0; i < count; i++) {
                    delaysNs[i] = sampler.delayNs(tagsLow[i], tagsHigh[i], delaysNs[i], null);
                }
            }
        }
    }

    /**
     * The delay of the packet that was added as number {@code index}, as {@link DelaySampler#delayNs} returns it.
     *
     * @param index of the packet, in the order of adding.
     */
    public long delayNs(int index) {
        return delaysNs[index];
    }

    /** Forgets all packets. */
    public void clear() {
        count = 0;
    }

    /** Wipes scratch memory. */
    void close() {
        Wiping.wipe(tags);
        Wiping.wipe(hashes);
        if (packets != null) {
            packets.close();
        }
    }

    private void drawFromEpoch() {
        for (int i = 0; i < count; i++) {
            final long at = (long) i * DelayDerivation.TAG_LENGTH;
            tags.set(LE_LONG, at, tagsLow[i]);
            tags.set(LE_LONG, at + 8, tagsHigh[i]);
        }
        crypto.blake2b(
                count,
                hashAddresses,
                DelayDerivation.PRF_LENGTH,
                tagAddresses,
                DelayDerivation.TAG_LENGTH,
                keyAddresses,
                EcvrfSuite.OUTPUT_LENGTH,
                salt,
                personal);
        final DelayDistribution distribution = sampler.distribution();
        for (int i = 0; i < count; i++) {
            delaysNs[i] = distribution.delayNs(hashes.get(LE_LONG, (long) i * DelayDerivation.PRF_LENGTH));
        }
    }

    private void drawFromPackets() {
        for (int i = 0; i < count; i++) {
            DelayDerivation.packetInput(packets.input(i), tagsLow[i], tagsHigh[i]);
        }
        packets.outputs(count);
        final DelayDistribution distribution = sampler.distribution();
        for (int i = 0; i < count; i++) {
            delaysNs[i] = distribution.delayNs(DelayDerivation.packetBits(packets.output(i)));
        }
    }
}

package io.millrace.sphinx;

import static io.millrace.memory.Layouts.LE_LONG;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Peels one Sphinx layer off the packets of a batch, in place and in two phases.
 *
 * <ol>
 *   <li>{@link #authenticate} checks the group element and the header MAC and gives each packet's replay tag. It changes
 *       no packet.
 *   <li>{@link #transform} decrypts header and payload of packets that are still {@link PeelStatus#OK}, parses the command
 *       and, at an exit, checks the payload.
 * </ol>
 *
 * <p>Each step runs over all live packets before the next begins, so that a provider with several lanes can fill them; a
 * packet that fails a check takes no part in later steps and changes nothing for the others. The bytes of
 * a dropped packet are undefined afterwards.
 *
 * <p>Both {@linkplain SphinxProfile profiles} go through the same steps; only the way to the next alpha differs. In mr1 only
 * forwarded packets have their alpha blinded: an exit has no use for it. In mr2 no step before the check of the payload
 * depends on the command.
 *
 * <p>Not thread safe: one per stage thread. Throws nothing for a bad packet and allocates nothing.
 *
 * <p>Source: "Sphinx" section 3.6; {@code src/docs/specs/sphinx-mr1.md} and {@code sphinx-mr2.md} have each step byte for
 * byte.
 */
public final class SphinxPeeler {
    private final BatchCrypto crypto;
    private final SphinxGeometry geometry;
    private final int limit;
    private final HopKeys hopKeys;
    private final HeaderStream headerStream;
    private final Lioness lioness;
    private final AddressArray first;
    private final AddressArray second;
    private final AddressArray third;
    private final StatusArray accepted;
    private final int[] live;
    private final int[] forwarded;
    private final long[] blockPositions;
    private final long[] keyPositions;

    private final int commandLength;
    private final int blockLength;
    private final int betaLength;
    private final SphinxProfile profile;
    private final int nextHeaderOffset;
    private final int nextHeaderLength;
    private final int deltaOffset;
    private final int payloadLength;
    private final int payloadCapacity;

    /**
     * Makes a peeler.
     *
     * @param arena lives at least as long as the peeler is used.
     * @param crypto provider of the batch operations; stays the caller's.
     * @param geometry of all packets.
     * @param limit largest batch, 1 to {@link BatchCrypto#MAX_BATCH}.
     */
    public SphinxPeeler(Arena arena, BatchCrypto crypto, SphinxGeometry geometry, int limit) {
        if (limit < 1 || limit > BatchCrypto.MAX_BATCH) {
            throw new IllegalArgumentException("limit must be 1 to " + BatchCrypto.MAX_BATCH + ": limit=" + limit);
        }
        this.crypto = crypto;
        this.geometry = geometry;
        this.limit = limit;
        this.hopKeys = new HopKeys(arena, crypto, geometry.profile());
        this.headerStream = new HeaderStream(arena, crypto, geometry, limit);
        this.lioness = new Lioness(arena, crypto, hopKeys.domains(), geometry, limit);
        this.first = new AddressArray(arena, limit);
        this.second = new AddressArray(arena, limit);
        this.third = new AddressArray(arena, limit);
        this.accepted = new StatusArray(arena, limit);
        this.live = new int[limit];
        this.forwarded = new int[limit];
        this.blockPositions = new long[limit];
        this.keyPositions = new long[limit];
        this.commandLength = geometry.commandLength();
        this.blockLength = geometry.blockLength();
        this.betaLength = geometry.betaLength();
        this.profile = geometry.profile();
        this.nextHeaderOffset = profile.nextHeaderOffset();
        this.nextHeaderLength = geometry.nextHeaderLength();
        this.deltaOffset = geometry.deltaOffset();
        this.payloadLength = geometry.payloadLength();
        this.payloadCapacity = geometry.payloadCapacity();
    }

    /**
     * First phase, for every packet that is {@link PeelStatus#PENDING}: afterwards it is {@link PeelStatus#OK} and has
     * its replay tag, or is {@link PeelStatus#BAD_GROUP_ELEMENT} or {@link PeelStatus#BAD_MAC}.
     *
     * @param key of this relay and the batch's profile; stays the caller's.
     * @param batch of this thread.
     */
    public void authenticate(RelaySphinxKey key, PeelBatch batch) {
        batch.requireProfile(key);
        for (int entry = 0; entry < batch.count(); entry++) {
            batch.keys[entry] = key;
        }
        authenticate(batch);
    }

    /**
     * As {@link #authenticate(RelaySphinxKey, PeelBatch)}, each packet under the key that it was
     * {@linkplain PeelBatch#add(long, RelaySphinxKey) added} with: packets of several key epochs fill one batch.
     *
     * @param batch of this thread.
     */
    public void authenticate(PeelBatch batch) {
        requireFitting(batch);
        int count = selectCanonical(batch);
        if (count == 0) {
            return;
        }
        batch.soilScratch();
        count = agree(count, batch);
        if (count == 0) {
            return;
        }
        extract(count, batch);
        verify(count, batch);
    }

    /**
     * Second phase, for every packet that is {@link PeelStatus#OK}: afterwards it is ready for the next hop, or its
     * payload for the recipient, or it is {@link PeelStatus#BAD_COMMAND}, {@link PeelStatus#BAD_PAYLOAD} or (which no
     * sender can bring about) {@link PeelStatus#BAD_GROUP_ELEMENT}. Called once a batch, also if nothing is left to do:
     * it wipes the batch's secrets.
     *
     * @param batch of this thread, authenticated.
     */
    public void transform(PeelBatch batch) {
        requireFitting(batch);
        int count = selectOk(batch);
        if (count > 0) {
            expand(count, batch);
            decryptHeaders(count, batch);
            parseCommands(count, batch);
            if (profile.blinds()) {
                blind(batch);
            }
            count = selectOk(batch);
        }
        if (count > 0) {
            decryptPayloads(count, batch);
            checkExits(count, batch);
        }
        batch.wipeScratch();
    }

    /** Memory that is zero between two batches, for the test that it is. */
    MemorySegment scratch() {
        return lioness.scratch();
    }

    private int selectCanonical(PeelBatch batch) {
        final int[] statuses = batch.statuses;
        int count = 0;
        for (int entry = 0; entry < batch.count(); entry++) {
            if (statuses[entry] == PeelStatus.PENDING) {
                if (GroupElements.isCanonical(batch.packets, batch.positions[entry] + SphinxGeometry.ALPHA_OFFSET)) {
                    live[count++] = entry;
                } else {
                    statuses[entry] = PeelStatus.BAD_GROUP_ELEMENT;
                }
            }
        }
        return count;
    }

    private int selectOk(PeelBatch batch) {
        int count = 0;
        for (int entry = 0; entry < batch.count(); entry++) {
            if (batch.statuses[entry] == PeelStatus.OK) {
                live[count++] = entry;
            }
        }
        return count;
    }

    /** Diffie-Hellman; drops elements of low order from the live ones and returns how many are left. */
    private int agree(int count, PeelBatch batch) {
        scratchAddresses(first, count, batch, PeelBatch.SECRET_OFFSET);
        for (int i = 0; i < count; i++) {
            second.set(i, batch.keys[live[i]].scalar(), 0);
        }
        packetAddresses(third, count, batch, SphinxGeometry.ALPHA_OFFSET);
        crypto.x25519(count, first, second, third, accepted);
        int left = 0;
        for (int i = 0; i < count; i++) {
            if (accepted.ok(i)) {
                live[left++] = live[i];
            } else {
                batch.statuses[live[i]] = PeelStatus.BAD_GROUP_ELEMENT;
            }
        }
        return left;
    }

    /** Pseudo-random key and the first block of the hop keys. */
    private void extract(int count, PeelBatch batch) {
        final MemorySegment scratch = batch.scratch;
        for (int i = 0; i < count; i++) {
            final long input = scratch(live[i]) + PeelBatch.INPUT_OFFSET;
            final long alpha = batch.positions[live[i]] + SphinxGeometry.ALPHA_OFFSET;
            ByteBlocks.copy32(batch.packets, alpha, scratch, input);
            ByteBlocks.copy32(batch.keys[live[i]].publicKey(), 0, scratch, input + SphinxGeometry.ALPHA_LENGTH);
        }
        scratchAddresses(first, count, batch, PeelBatch.PRK_OFFSET);
        scratchAddresses(second, count, batch, PeelBatch.INPUT_OFFSET);
        scratchAddresses(third, count, batch, PeelBatch.SECRET_OFFSET);
        hopKeys.extract(count, first, second, third);
        scratchAddresses(second, count, batch, PeelBatch.KEYS_OFFSET);
        hopKeys.expand(count, second, first, 0);
    }

    private void verify(int count, PeelBatch batch) {
        final MemorySegment scratch = batch.scratch;
        scratchAddresses(first, count, batch, PeelBatch.GAMMA_OFFSET);
        packetAddresses(second, count, batch, SphinxGeometry.BETA_OFFSET);
        scratchAddresses(third, count, batch, PeelBatch.KEYS_OFFSET + HopKeys.MAC_KEY_OFFSET);
        hopKeys.mac(count, first, second, betaLength, third);
        for (int i = 0; i < count; i++) {
            final int entry = live[i];
            final long base = scratch(entry);
            final long gamma = batch.positions[entry] + SphinxGeometry.GAMMA_OFFSET;
            if (ByteBlocks.difference16(scratch, base + PeelBatch.GAMMA_OFFSET, batch.packets, gamma) == 0) {
                final long tag = base + PeelBatch.KEYS_OFFSET + HopKeys.REPLAY_TAG_OFFSET;
                batch.tagsLow[entry] = scratch.get(LE_LONG, tag);
                batch.tagsHigh[entry] = scratch.get(LE_LONG, tag + Long.BYTES);
                batch.statuses[entry] = PeelStatus.OK;
            } else {
                batch.statuses[entry] = PeelStatus.BAD_MAC;
            }
        }
    }

    /** The other blocks of the hop keys, and the delay tag, which is complete with them. */
    private void expand(int count, PeelBatch batch) {
        scratchAddresses(first, count, batch, PeelBatch.PRK_OFFSET);
        for (int block = 1; block < HopKeys.BLOCK_COUNT; block++) {
            scratchAddresses(second, count, batch, PeelBatch.KEYS_OFFSET + block * HopKeys.BLOCK_LENGTH);
            hopKeys.expand(count, second, first, block);
        }
        for (int i = 0; i < count; i++) {
            final long delayTag = scratch(live[i]) + PeelBatch.KEYS_OFFSET + profile.delayTagOffset();
            batch.delayTagsLow[live[i]] = batch.scratch.get(LE_LONG, delayTag);
            batch.delayTagsHigh[live[i]] = batch.scratch.get(LE_LONG, delayTag + Long.BYTES);
        }
    }

    /**
     * Runs the header stream over beta and one block of zeros. The zeros take the place of delta's first bytes, which
     * are saved meanwhile.
     */
    private void decryptHeaders(int count, PeelBatch batch) {
        for (int i = 0; i < count; i++) {
            final long delta = batch.positions[live[i]] + deltaOffset;
            final long saved = scratch(live[i]) + PeelBatch.SAVED_OFFSET;
            blockPositions[i] = batch.positions[live[i]] + SphinxGeometry.BETA_OFFSET;
            keyPositions[i] = scratch(live[i]) + PeelBatch.KEYS_OFFSET;
            for (int at = 0; at < blockLength; at += Long.BYTES) {
                batch.scratch.set(LE_LONG, saved + at, batch.packets.get(LE_LONG, delta + at));
                batch.packets.set(LE_LONG, delta + at, 0L);
            }
        }
        headerStream.xor(count, batch.packets, blockPositions, batch.scratch, keyPositions);
    }

    /** Reads the commands, then moves the next header, which follows the command, to its place: all but a blinded alpha. */
    private void parseCommands(int count, PeelBatch batch) {
        final MemorySegment packets = batch.packets;
        for (int i = 0; i < count; i++) {
            final int entry = live[i];
            final long packet = batch.positions[entry];
            final long command = packet + SphinxGeometry.BETA_OFFSET;
            final CommandType type = CommandType.ofCode(packets.get(LE_LONG, command + RoutingCommand.TYPE_OFFSET));
            final long delayNs = packets.get(LE_LONG, command + RoutingCommand.DELAY_OFFSET);
            long reserved = 0;
            for (int at = RoutingCommand.LENGTH; at < commandLength; at += Long.BYTES) {
                reserved |= packets.get(LE_LONG, command + at);
            }
            if (type == null || delayNs < 0 || reserved != 0) {
                batch.statuses[entry] = PeelStatus.BAD_COMMAND;
                continue;
            }
            batch.commands[entry] = type;
            batch.delaysNs[entry] = delayNs;
            batch.idsLow[entry] = packets.get(LE_LONG, command + RoutingCommand.ID_OFFSET);
            batch.idsHigh[entry] = packets.get(LE_LONG, command + RoutingCommand.ID_OFFSET + Long.BYTES);

            MemorySegment.copy(packets, command + commandLength, packets, packet + nextHeaderOffset, nextHeaderLength);
            final long saved = scratch(entry) + PeelBatch.SAVED_OFFSET;
            for (int at = 0; at < blockLength; at += Long.BYTES) {
                packets.set(LE_LONG, packet + deltaOffset + at, batch.scratch.get(LE_LONG, saved + at));
            }
        }
    }

    /** Blinds the alpha of packets that go on. */
    private void blind(PeelBatch batch) {
        int count = 0;
        for (int entry = 0; entry < batch.count(); entry++) {
            if (batch.statuses[entry] == PeelStatus.OK && batch.commands[entry] == CommandType.FORWARD) {
                first.set(count, batch.packets, batch.positions[entry] + SphinxGeometry.ALPHA_OFFSET);
                second.set(
                        count, batch.scratch, scratch(entry) + PeelBatch.KEYS_OFFSET + HopKeys.BLINDING_FACTOR_OFFSET);
                forwarded[count++] = entry;
            }
        }
        if (count == 0) {
            return;
        }
        crypto.x25519(count, first, second, first, accepted);
        for (int i = 0; i < count; i++) {
            if (!accepted.ok(i)) {
                batch.statuses[forwarded[i]] = PeelStatus.BAD_GROUP_ELEMENT;
            }
        }
    }

    private void decryptPayloads(int count, PeelBatch batch) {
        for (int i = 0; i < count; i++) {
            blockPositions[i] = batch.positions[live[i]] + deltaOffset;
            keyPositions[i] = scratch(live[i]) + PeelBatch.KEYS_OFFSET + HopKeys.LIONESS_OFFSET;
        }
        lioness.decrypt(count, batch.packets, blockPositions, batch.scratch, keyPositions);
    }

    /** At an exit the payload must begin with zeros; a reply is checked by the SURB's creator. */
    private void checkExits(int count, PeelBatch batch) {
        final MemorySegment packets = batch.packets;
        for (int i = 0; i < count; i++) {
            final int entry = live[i];
            if (batch.commands[entry] == CommandType.FORWARD) {
                continue;
            }
            if (batch.commands[entry] == CommandType.SURB_REPLY) {
                batch.payloadLengths[entry] = payloadLength;
                continue;
            }
            final int length = Payloads.open(packets, blockPositions[i], payloadCapacity);
            if (length < 0) {
                batch.statuses[entry] = PeelStatus.BAD_PAYLOAD;
            } else {
                batch.payloadLengths[entry] = length;
            }
        }
    }

    private void packetAddresses(AddressArray addresses, int count, PeelBatch batch, int offset) {
        for (int i = 0; i < count; i++) {
            addresses.set(i, batch.packets, batch.positions[live[i]] + offset);
        }
    }

    private void scratchAddresses(AddressArray addresses, int count, PeelBatch batch, int offset) {
        for (int i = 0; i < count; i++) {
            addresses.set(i, batch.scratch, scratch(live[i]) + offset);
        }
    }

    /** Where an entry's scratch begins. */
    private static long scratch(int entry) {
        return (long) entry * PeelBatch.STRIDE;
    }

    private void requireFitting(PeelBatch batch) {
        if (batch.limit() > limit || !batch.geometry().equals(geometry)) {
            throw new IllegalArgumentException("batch does not fit: batchLimit=" + batch.limit() + ", limit=" + limit
                    + ", batchGeometry=" + batch.geometry() + ", geometry=" + geometry);
        }
        batch.requireOpen();
    }
}

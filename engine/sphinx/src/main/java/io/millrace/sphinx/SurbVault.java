package io.millrace.sphinx;

import static io.millrace.memory.Layouts.LE_LONG;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.Wiping;
import io.millrace.crypto.provider.BatchCrypto;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Creates SURBs, keeps the keys of the replies, and reads each reply once.
 *
 * <p>Bounded: holds up to {@code capacity} open SURBs, with their secrets off-heap, {@code (hops + 1) * 96} bytes each.
 * A SURB's secrets are wiped when its reply is opened, genuine or not, or when it is {@link #forget forgotten}. The
 * caller decides how long to wait for a reply; there is no clock here.
 *
 * <p>Not thread safe; off the packet path.
 *
 * <p>Source: "Sphinx" section 3.5.
 */
public final class SurbVault implements AutoCloseable {
    /** What {@link #open} returns if no open SURB has this id: never created, used before, or forgotten. */
    public static final int UNKNOWN_SURB = -1;

    /** What {@link #open} returns if the reply was tampered with; the SURB is used up all the same. */
    public static final int BAD_PAYLOAD = -2;

    /** Length of a delay tag in bytes. */
    public static final int DELAY_TAG_LENGTH = 16;

    private record Secrets(int slot, int pathLength) {}

    private final SphinxGeometry geometry;
    private final Randomness randomness;
    private final HeaderWriter headers;
    private final SurbKeys surbKeys;
    private final Lioness lioness;
    private final int stride;
    private final MemorySegment table;
    private final MemorySegment scratch; // a packet, then room for its spill
    private final MemorySegment keys; // keys of the wide block, then the payload key
    private final Map<SurbId, Secrets> bySurb = new HashMap<>();
    private final int[] freeSlots;
    private int freeCount;

    private final SphinxPath[] path = new SphinxPath[1];
    private final long[] scratchPosition = new long[1];
    private final long[] keyPosition = new long[1];

    /**
     * Makes an empty vault.
     *
     * @param arena lives at least as long as the vault is used.
     * @param crypto provider of the batch operations; stays the caller's.
     * @param randomness source of ids and keys.
     * @param geometry of all packets.
     * @param capacity most SURBs open at once, 1 to 1,048,576.
     */
    public SurbVault(Arena arena, BatchCrypto crypto, Randomness randomness, SphinxGeometry geometry, int capacity) {
        if (capacity < 1 || capacity > 1 << 20) {
            throw new IllegalArgumentException("capacity must be 1 to 1048576: capacity=" + capacity);
        }
        this.geometry = geometry;
        this.randomness = randomness;
        this.headers = new HeaderWriter(arena, crypto, randomness, geometry, 1);
        final Domains domains = headers.hopKeys().domains();
        this.surbKeys = new SurbKeys(arena, crypto, domains);
        this.lioness = new Lioness(arena, crypto, domains, geometry, 1);
        this.stride = (geometry.hops() + 1) * Lioness.KEY_LENGTH;
        this.table = arena.allocate((long) capacity * stride, 64);
        this.scratch = arena.allocate(geometry.packetLength() + SphinxGeometry.SPILL_LENGTH, 64);
        this.keys = arena.allocate(SurbKeys.LENGTH + Surb.PAYLOAD_KEY_LENGTH, 64);
        this.freeSlots = new int[capacity];
        for (int slot = 0; slot < capacity; slot++) {
            freeSlots[slot] = slot;
        }
        this.freeCount = capacity;
    }

    /** Number of SURBs whose reply is awaited. */
    public int openCount() {
        return bySurb.size();
    }

    /** Whether {@link #create} would fail. */
    public boolean isFull() {
        return freeCount == 0;
    }

    /**
     * Creates a SURB.
     *
     * @param hops the path of the reply, 1 to the geometry's hops; its last relay hands the reply to this vault's owner.
     * @param target receives {@link Surb#length} bytes at {@code position}, on the heap or not.
     * @param position of the SURB in {@code target}, in bytes.
     * @return its id, which comes with the reply.
     * @throws IllegalStateException if the vault {@link #isFull() is full}.
     * @throws IllegalArgumentException if the path is too long or a relay's public key is of low order.
     */
    public SurbId create(List<SphinxHop> hops, MemorySegment target, long position) {
        return create(hops, target, position, null);
    }

    /**
     * Creates a SURB and tells its creator the delay tags that the reply will have: with them the reply's delays can be
     * checked once the relays have disclosed them.
     *
     * @param hops as for {@link #create(List, MemorySegment, long)}.
     * @param target as for {@link #create(List, MemorySegment, long)}.
     * @param position as for {@link #create(List, MemorySegment, long)}.
     * @param delayTags receives {@link #DELAY_TAG_LENGTH} bytes for each hop, in their order; on the heap or not; the caller
     *     wipes it. Null if the tags are not wanted.
     * @return its id, which comes with the reply.
     */
    public SurbId create(List<SphinxHop> hops, MemorySegment target, long position, MemorySegment delayTags) {
        if (delayTags != null && delayTags.byteSize() < (long) DELAY_TAG_LENGTH * hops.size()) {
            throw new IndexOutOfBoundsException(
                    "no room for the delay tags: hops=" + hops.size() + ", delayTagsLength=" + delayTags.byteSize());
        }
        if (isFull()) {
            throw new IllegalStateException("the vault is full: openCount=" + openCount());
        }
        if (position < 0 || position + Surb.length(geometry) > target.byteSize()) {
            throw new IndexOutOfBoundsException("SURB outside of the target: position=" + position);
        }
        randomness.fill(scratch.asSlice(0, RelayId.LENGTH));
        final SurbId id = new SurbId(scratch.get(LE_LONG, 0), scratch.get(LE_LONG, Long.BYTES));
        path[0] = new SphinxPath(hops, CommandType.SURB_REPLY, id.low(), id.high());
        scratchPosition[0] = 0;
        try {
            headers.write(1, path, scratch, scratchPosition);
            randomness.fill(keys.asSlice(SurbKeys.LENGTH, Surb.PAYLOAD_KEY_LENGTH));
            surbKeys.expand(keys, SurbKeys.LENGTH, 0);
            keep(id);
            for (int hop = 0; delayTags != null && hop < hops.size(); hop++) {
                MemorySegment.copy(
                        headers.keys(),
                        headers.keysPosition(0, hop) + geometry.profile().delayTagOffset(),
                        delayTags,
                        (long) hop * DELAY_TAG_LENGTH,
                        DELAY_TAG_LENGTH);
            }

            path[0].firstRelay().writeTo(target, position + Surb.FIRST_RELAY_OFFSET);
            MemorySegment.copy(scratch, 0, target, position + Surb.HEADER_OFFSET, geometry.headerLength());
            MemorySegment.copy(
                    keys, SurbKeys.LENGTH, target, position + Surb.payloadKeyOffset(geometry), Surb.PAYLOAD_KEY_LENGTH);
        } finally {
            headers.wipe();
            Wiping.wipe(keys);
            Wiping.wipe(scratch);
            path[0] = null;
        }
        return id;
    }

    /**
     * Reads a reply in place, and uses the SURB up.
     *
     * @param id from the delivered reply.
     * @param delta on the heap or not; its {@link SphinxGeometry#payloadLength} bytes at {@code position} are
     *     the last relay's output.
     * @param position of delta in bytes.
     * @return the payload's length in bytes, 0 or more; the payload begins at {@code position} +
     *     {@link SphinxGeometry#PAYLOAD_OFFSET}. Otherwise {@link #UNKNOWN_SURB} (delta is unchanged) or
     *     {@link #BAD_PAYLOAD} (delta is noise).
     */
    public int open(SurbId id, MemorySegment delta, long position) {
        final Secrets secrets = bySurb.get(id);
        if (secrets == null) {
            return UNKNOWN_SURB;
        }
        final int payloadLength = geometry.payloadLength();
        try {
            MemorySegment.copy(delta, position, scratch, 0, payloadLength);
            scratchPosition[0] = 0;
            final long first = (long) secrets.slot() * stride;
            for (int hop = secrets.pathLength() - 1; hop >= 0; hop--) {
                keyPosition[0] = first + (hop + 1L) * Lioness.KEY_LENGTH;
                lioness.encrypt(1, scratch, scratchPosition, table, keyPosition);
            }
            keyPosition[0] = first;
            lioness.decrypt(1, scratch, scratchPosition, table, keyPosition);
            final int length = Payloads.open(scratch, 0, geometry.payloadCapacity());
            MemorySegment.copy(scratch, 0, delta, position, payloadLength);
            return length == Payloads.BAD ? BAD_PAYLOAD : length;
        } finally {
            forget(id);
            Wiping.wipe(scratch);
        }
    }

    /**
     * Wipes a SURB's secrets; a reply to it can no longer be read. Returns whether there were any.
     *
     * @param id of a SURB of this vault.
     */
    public boolean forget(SurbId id) {
        final Secrets secrets = bySurb.remove(id);
        if (secrets == null) {
            return false;
        }
        Wiping.wipe(table.asSlice((long) secrets.slot() * stride, stride));
        freeSlots[freeCount++] = secrets.slot();
        return true;
    }

    /** Forgets all SURBs. */
    @Override
    public void close() {
        List.copyOf(bySurb.keySet()).forEach(this::forget);
    }

    /** Where the secrets lie, for the test that they are wiped. */
    MemorySegment secrets() {
        return table;
    }

    /** Copies the keys of the payload, then those of each hop, into a free slot. */
    private void keep(SurbId id) {
        final int slot = freeSlots[--freeCount];
        final long first = (long) slot * stride;
        MemorySegment.copy(keys, 0, table, first, Lioness.KEY_LENGTH);
        for (int hop = 0; hop < path[0].length(); hop++) {
            MemorySegment.copy(
                    headers.keys(),
                    headers.keysPosition(0, hop) + HopKeys.LIONESS_OFFSET,
                    table,
                    first + (hop + 1L) * Lioness.KEY_LENGTH,
                    Lioness.KEY_LENGTH);
        }
        if (bySurb.put(id, new Secrets(slot, path[0].length())) != null) {
            throw new AssertionError("the source of randomness repeats itself");
        }
    }
}

package io.millrace.sphinx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.provider.BatchCrypto;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The packets that are peeled together, with the results for each. Reusable; allocates nothing after it is made.
 *
 * <p>Use: {@link #clear}, {@link #add} each packet, {@link SphinxPeeler#authenticate}, look at the replay tags and
 * {@link #status(int, int) exclude} packets that must not go on, {@link SphinxPeeler#transform}, read the results.
 *
 * <p>Threading: belongs to one stage thread, as does its memory of secrets. {@link SphinxPeeler#transform} wipes that.
 */
public final class PeelBatch {
    /*
     * Scratch of one entry. Nine cache lines and not eight, so that the same field of successive entries does not fall
     * into the same few sets of the cache.
     *
     *  offset  length  field
     *       0      32  shared secret
     *      32      64  alpha || relay public key
     *      96      64  pseudo-random key
     *     160     256  hop keys
     *     416      16  gamma as computed
     *     432     112  front of delta, while the header stream runs over its place
     *     544      32  not used
     */
    static final int SECRET_OFFSET = 0;
    static final int INPUT_OFFSET = 32;
    static final int PRK_OFFSET = 96;
    static final int KEYS_OFFSET = 160;
    static final int GAMMA_OFFSET = KEYS_OFFSET + HopKeys.LENGTH;
    static final int SAVED_OFFSET = GAMMA_OFFSET + SphinxGeometry.GAMMA_LENGTH;
    static final int STRIDE = 576;

    final MemorySegment packets;
    final MemorySegment scratch;
    final RelaySphinxKey[] keys;
    final long[] positions;
    final int[] statuses;
    final long[] tagsLow;
    final long[] tagsHigh;
    final long[] delayTagsLow;
    final long[] delayTagsHigh;
    final CommandType[] commands;
    final long[] delaysNs;
    final long[] idsLow;
    final long[] idsHigh;
    final int[] payloadLengths;

    private final SphinxGeometry geometry;
    private final int limit;
    private final MemorySegment zeros;
    private int count;
    private int dirtyCount;

    /**
     * Makes an empty batch.
     *
     * @param arena lives at least as long as the batch is used.
     * @param geometry of all packets.
     * @param packets native; the packets lie in it, each followed by at least {@link SphinxGeometry#SPILL_LENGTH} bytes
     *     that may be overwritten.
     * @param limit most packets, 1 to {@link BatchCrypto#MAX_BATCH}.
     */
    public PeelBatch(Arena arena, SphinxGeometry geometry, MemorySegment packets, int limit) {
        if (limit < 1 || limit > BatchCrypto.MAX_BATCH) {
            throw new IllegalArgumentException("limit must be 1 to " + BatchCrypto.MAX_BATCH + ": limit=" + limit);
        }
        if (!packets.isNative() || packets.isReadOnly()) {
            throw new IllegalArgumentException("packets must be a native segment that may be written: native="
                    + packets.isNative() + ", readOnly=" + packets.isReadOnly());
        }
        this.packets = packets;
        requireOpen();
        this.geometry = geometry;
        this.limit = limit;
        this.scratch = arena.allocate((long) limit * STRIDE, 64);
        this.zeros = arena.allocate(STRIDE, 64);
        this.keys = new RelaySphinxKey[limit];
        this.positions = new long[limit];
        this.statuses = new int[limit];
        this.tagsLow = new long[limit];
        this.tagsHigh = new long[limit];
        this.delayTagsLow = new long[limit];
        this.delayTagsHigh = new long[limit];
        this.commands = new CommandType[limit];
        this.delaysNs = new long[limit];
        this.idsLow = new long[limit];
        this.idsHigh = new long[limit];
        this.payloadLengths = new int[limit];
    }

    /** Forgets all packets and wipes the remains of their secrets. */
    public void clear() {
        wipeScratch();
        for (int entry = 0; entry < count; entry++) {
            delayTagsLow[entry] = 0;
            delayTagsHigh[entry] = 0;
        }
        count = 0;
    }

    /**
     * Adds the packet at {@code position} in the packets' segment; the batch must not be full.
     *
     * @param position of its first byte.
     * @param key for {@link SphinxPeeler#authenticate(PeelBatch)}, of the batch's profile; stays the caller's.
     * @return its index, counting from 0.
     */
    public int add(long position, RelaySphinxKey key) {
        requireProfile(key);
        final int index = add(position);
        keys[index] = key;
        return index;
    }

    /**
     * Adds the packet at {@code position} in the packets' segment, for
     * {@link SphinxPeeler#authenticate(RelaySphinxKey, PeelBatch)}; the batch must not be full.
     *
     * @param position of its first byte.
     * @return its index, counting from 0.
     */
    public int add(long position) {
        if (position < 0 || position + geometry.packetLength() + SphinxGeometry.SPILL_LENGTH > packets.byteSize()) {
            throw new IndexOutOfBoundsException("packet outside of its segment: position=" + position);
        }
        final int index = count;
        positions[index] = position;
        statuses[index] = PeelStatus.PENDING;
        tagsLow[index] = 0;
        tagsHigh[index] = 0;
        delayTagsLow[index] = 0;
        delayTagsHigh[index] = 0;
        commands[index] = null;
        delaysNs[index] = 0;
        idsLow[index] = 0;
        idsHigh[index] = 0;
        payloadLengths[index] = 0;
        count = index + 1;
        return index;
    }

    /** Number of packets. */
    public int count() {
        return count;
    }

    /** Most packets that fit. */
    public int limit() {
        return limit;
    }

    /** Whether no further packet fits. */
    public boolean isFull() {
        return count == limit;
    }

    /**
     * Where the packet begins in its segment.
     *
     * @param index of the packet, in the order of adding.
     */
    public long position(int index) {
        return positions[index];
    }

    /**
     * One of {@link PeelStatus}.
     *
     * @param index of the packet, in the order of adding.
     */
    public int status(int index) {
        return statuses[index];
    }

    /**
     * Overrules the status, between the phases: {@link PeelStatus#REPLAY} and {@link PeelStatus#EXCLUDED} keep a packet
     * from being transformed, {@link PeelStatus#PENDING} lets the next {@link SphinxPeeler#authenticate} try another
     * key on it, which is safe because the first phase changes no packet.
     *
     * @param index of the packet, in the order of adding.
     * @param status one of {@link PeelStatus}.
     */
    public void status(int index, int status) {
        statuses[index] = status;
    }

    /**
     * First 8 bytes of the replay tag as a little-endian number; valid if authenticated.
     *
     * @param index of the packet, in the order of adding.
     */
    public long tagLow(int index) {
        return tagsLow[index];
    }

    /**
     * Last 8 bytes of the replay tag as a little-endian number; valid if authenticated.
     *
     * @param index of the packet, in the order of adding.
     */
    public long tagHigh(int index) {
        return tagsHigh[index];
    }

    /**
     * First 8 bytes of the delay tag as a little-endian number; valid if transformed.
     *
     * @param index of the packet, in the order of adding.
     */
    public long delayTagLow(int index) {
        return delayTagsLow[index];
    }

    /**
     * Last 8 bytes of the delay tag as a little-endian number; valid if transformed.
     *
     * @param index of the packet, in the order of adding.
     */
    public long delayTagHigh(int index) {
        return delayTagsHigh[index];
    }

    /**
     * What to do with the packet; valid if transformed.
     *
     * @param index of the packet, in the order of adding.
     */
    public CommandType command(int index) {
        return commands[index];
    }

    /**
     * The delay that the sender asks for, 0 to 2^63 - 1 ns; valid if transformed.
     *
     * @param index of the packet, in the order of adding.
     */
    public long delayNs(int index) {
        return delaysNs[index];
    }

    /**
     * First 8 bytes of the id of the next relay, recipient or SURB, little endian; valid if transformed.
     *
     * @param index of the packet, in the order of adding.
     */
    public long idLow(int index) {
        return idsLow[index];
    }

    /**
     * Last 8 bytes of the id of the next relay, recipient or SURB, little endian; valid if transformed.
     *
     * @param index of the packet, in the order of adding.
     */
    public long idHigh(int index) {
        return idsHigh[index];
    }

    /**
     * Where the payload begins in the packets' segment; valid at an exit. For {@link CommandType#SURB_REPLY} that is the
     * whole delta, still encrypted for the SURB's creator.
     *
     * @param index of the packet, in the order of adding.
     */
    public long payloadPosition(int index) {
        final long delta = positions[index] + geometry.deltaOffset();
        return commands[index] == CommandType.SURB_REPLY ? delta : delta + SphinxGeometry.PAYLOAD_OFFSET;
    }

    /**
     * Length of the payload in bytes at an exit; 0 for a packet that goes on.
     *
     * @param index of the packet, in the order of adding.
     */
    public int payloadLength(int index) {
        return payloadLengths[index];
    }

    SphinxGeometry geometry() {
        return geometry;
    }

    /** Refuses a key that speaks another profile. */
    void requireProfile(RelaySphinxKey key) {
        if (key.profile() != geometry.profile()) {
            throw new IllegalArgumentException(
                    "the key speaks another profile: key=" + key.profile() + ", batch=" + geometry.profile());
        }
    }

    /** The scratch of all packets so far is about to hold secrets. */
    void soilScratch() {
        dirtyCount = count;
    }

    void wipeScratch() {
        // A copy of zeros and not a fill of a slice, so that nothing is allocated whatever the compiler does.
        for (int entry = 0; entry < dirtyCount; entry++) {
            MemorySegment.copy(zeros, 0, scratch, (long) entry * STRIDE, STRIDE);
        }
        dirtyCount = 0;
    }

    /** Checks that the segment is open to this thread: C gets its address and would not notice. */
    void requireOpen() {
        packets.get(JAVA_BYTE, 0);
    }
}

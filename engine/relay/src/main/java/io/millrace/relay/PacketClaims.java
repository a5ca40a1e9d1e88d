package io.millrace.relay;

import io.millrace.relay.live.EnginePeers;
import io.millrace.relay.packet.PacketSource;
import io.millrace.relay.queue.RelayEvent;
import java.lang.foreign.MemorySegment;

/**
 * Slots of an engine that the application fills in place with its packets and commits as a batch: no copy, one pass
 * through the door for all of them, nothing allocated per packet.
 *
 * <p>Use: {@link #claim}, write each {@link #packet}, mark it with {@link #offer} or {@link #originate}, {@link #commit}.
 * Claimed slots that are not marked go back at the commit; {@link #abandon} gives all back.
 *
 * <p>Bounds: {@link RelayEngine#newClaims} sets the slots of one object, and all objects of an engine together hold at most
 * half of its slots. A slot that is claimed is missing elsewhere: claim late and commit soon.
 *
 * <p>Threading: one thread at a time; each sending thread has a separate object. Another thread may stop or close the
 * engine meanwhile: from then on every call answers {@link Offer#CLOSED}, the engine takes the slots back when it is
 * closed, and the memory of a packet then fails with {@link IllegalStateException}. After {@link #commit} the memory of
 * the packets that were taken belongs to the engine and must not be touched.
 */
public final class PacketClaims implements AutoCloseable {
    /** Most slots that one object may hold. */
    public static final int MAX_LIMIT = 1024;

    private static final int UNMARKED = -1;

    private final LocalIngress door;
    private final int[] slots;
    private final int[] kinds;
    private int count;
    private boolean closed;

    PacketClaims(LocalIngress door, int limit) {
        this.door = door;
        this.slots = new int[limit];
        this.kinds = new int[limit];
    }

    /**
     * Claims free slots; their packets are zero.
     *
     * @param wanted number of slots, 1 to the limit.
     * @return {@link Offer#OK} if at least one slot was claimed, see {@link #count()}.
     * @throws IllegalStateException if slots are held from before.
     */
    public Offer claim(int wanted) {
        if (wanted < 1 || wanted > slots.length) {
            throw new IllegalArgumentException("wanted must be 1 to " + slots.length + ": wanted=" + wanted);
        }
        if (count > 0 || closed) {
            throw new IllegalStateException("slots are held, or this is closed: count=" + count + ", closed=" + closed);
        }
        if (!door.enter()) {
            return Offer.CLOSED;
        }
        try {
            count = door.claim(slots, wanted);
            for (int i = 0; i < count; i++) {
                kinds[i] = UNMARKED;
            }
            return count > 0 ? Offer.OK : Offer.FULL;
        } finally {
            door.leave();
        }
    }

    /** Slots that are held, 0 to the limit; the index of a packet is 0 to this number less one. */
    public int count() {
        return count;
    }

    /**
     * The memory of a claimed packet, to be written by the application.
     *
     * @param index of the packet.
     * @return a native segment that begins with the packet and has {@code SphinxGeometry.SPILL_LENGTH} bytes more, which a
     *     {@code SphinxWrapper} may use; the application's until the commit.
     */
    public MemorySegment packet(int index) {
        requireHeld(index);
        return door.writable(slots[index]);
    }

    /**
     * Marks a packet to be peeled, as {@link RelayEngine#offer} does.
     *
     * @param index of the packet.
     * @param source told with a drop, see {@link PacketSource}: index of a peer, or a number of the application's.
     * @param epoch number of this relay's key epoch that the packet was wrapped for, see {@link RelayEngine#keyEpoch()}.
     */
    public void offer(int index, int source, long epoch) {
        requireHeld(index);
        door.requireSource(source);
        door.prepare(slots[index], RelayEvent.PACKET, EnginePeers.LOCAL, source, epoch);
        kinds[index] = RelayEvent.PACKET;
    }

    /**
     * Marks a packet to be sent to its first hop without delay, as {@link RelayEngine#originate} does.
     *
     * @param index of the packet.
     * @param peer index of the first hop.
     * @param epoch number of the first hop's key epoch that the packet was wrapped for; 0 if it has none.
     */
    public void originate(int index, int peer, long epoch) {
        requireHeld(index);
        door.requirePeer(peer);
        door.prepare(slots[index], RelayEvent.ORIGINATED, peer, PacketSource.APPLICATION, epoch);
        kinds[index] = RelayEvent.ORIGINATED;
    }

    /**
     * Hands the marked packets over, in the order of their indexes, and gives the other slots back.
     *
     * @return {@link Offer#OK} if the engine took all marked packets; nothing is held then. {@link Offer#FULL} if the ring
     *     had no room for all: those that it took are gone, the others are held and marked, with indexes from 0, for
     *     another commit.
     */
    public Offer commit() {
        if (!door.enter()) {
            return Offer.CLOSED;
        }
        try {
            giveBackUnmarked();
            final int taken = door.publish(slots, kinds, count);
            System.arraycopy(slots, taken, slots, 0, count - taken);
            System.arraycopy(kinds, taken, kinds, 0, count - taken);
            count -= taken;
            return count == 0 ? Offer.OK : Offer.FULL;
        } finally {
            door.leave();
        }
    }

    /** Gives all slots back; their packets are lost, and were never counted. */
    public void abandon() {
        if (door.enter()) {
            try {
                giveBack();
            } finally {
                door.leave();
            }
        }
    }

    /** Gives all slots back; this object claims no more. */
    @Override
    public void close() {
        abandon();
        if (!closed) {
            closed = true;
            door.forget(this);
        }
    }

    /** Gives all slots back; by the thread that closes the engine, when no thread can be inside the door. */
    void giveBack() {
        door.unclaim(slots, count);
        count = 0;
    }

    private void giveBackUnmarked() {
        int marked = 0;
        for (int i = 0; i < count; i++) {
            final int slot = slots[i];
            if (kinds[i] == UNMARKED) {
                door.unclaim(slot);
            } else {
                slots[marked] = slot;
                kinds[marked++] = kinds[i];
            }
        }
        count = marked;
    }

    private void requireHeld(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("no such claimed packet: index=" + index + ", count=" + count);
        }
    }
}

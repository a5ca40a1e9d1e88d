package io.millrace.relay;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.crypto.Sha256;
import io.millrace.receipt.Operation;
import io.millrace.receipt.ReceiptId;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;

/**
 * One engine thread's receipts for packets: one for each run of packets that left for the same neighbour, or were
 * delivered here, in one round of the thread. Its digest is SHA-256 over their replay tags, 16 bytes each in the order in
 * which they left: who holds the tags can show that a packet was among them, and nobody else learns which.
 *
 * <p>Belongs to that thread; allocates nothing.
 */
final class PacketReceipts {
    private static final int MAX_RUN = 256;
    private static final int TAG_LENGTH = 16;
    private static final ValueLayout.OfLong LE_LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final ReceiptService service;
    private final boolean forwarded;
    private final boolean custody;
    private final ReceiptId own;
    private final List<ReceiptId> peers;
    private final MemorySegment[] runs = new MemorySegment[MAX_RUN + 1]; // by count of tags: slices made once
    private final MemorySegment digest;
    private int count;
    private int operation;
    private int peer;
    private long lastNs;

    /**
     * Offers to {@code service}.
     *
     * @param operations which are wanted.
     * @param own id of the relay.
     * @param peers ids of its neighbours, by index.
     */
    PacketReceipts(
            Arena arena, ReceiptService service, Set<Operation> operations, ReceiptId own, List<ReceiptId> peers) {
        this.service = service;
        this.forwarded = operations.contains(Operation.FORWARDED);
        this.custody = operations.contains(Operation.CUSTODY);
        this.own = own;
        this.peers = List.copyOf(peers);
        final MemorySegment tags = arena.allocate((long) MAX_RUN * TAG_LENGTH, 64);
        for (int i = 0; i <= MAX_RUN; i++) {
            runs[i] = tags.asSlice(0, (long) i * TAG_LENGTH);
        }
        this.digest = arena.allocate(Sha256.LENGTH, 64);
    }

    /** A packet left for a neighbour. */
    void forwarded(int toPeer, long tagLow, long tagHigh, long nowNs) {
        if (forwarded) {
            add(Operation.FORWARDED.code(), toPeer, tagLow, tagHigh, nowNs);
        }
    }

    /** A packet was delivered here. */
    void delivered(long tagLow, long tagHigh, long nowNs) {
        if (custody) {
            add(Operation.CUSTODY.code(), SlotFields.LOCAL, tagLow, tagHigh, nowNs);
        }
    }

    /** Offers the run that is open. */
    void flush() {
        if (count == 0) {
            return;
        }
        Sha256.hash(digest, runs[count]);
        final ReceiptId actor = peer < 0 ? own : peers.get(peer);
        service.offer(operation, actor.high(), actor.low(), lastNs, digest, 0, count);
        count = 0;
    }

    private void add(int newOperation, int newPeer, long tagLow, long tagHigh, long nowNs) {
        if (count == MAX_RUN || newOperation != operation || newPeer != peer) {
            flush();
            operation = newOperation;
            peer = newPeer;
        }
        final long at = (long) count * TAG_LENGTH;
        runs[MAX_RUN].set(LE_LONG, at, tagLow);
        runs[MAX_RUN].set(LE_LONG, at + Long.BYTES, tagHigh);
        lastNs = nowNs;
        count++;
    }
}

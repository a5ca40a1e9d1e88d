package io.millrace.relay.receipts;

import io.millrace.receipt.PacketCommitter;
import io.millrace.receipt.ReceiptId;
import java.util.Arrays;

/**
 * The delay tags of packets that one receipt will cover. Reusable: an engine thread takes a free one and fills it, the
 * receipts thread commits to it, wipes it and frees it.
 *
 * <p>Threading: belongs to the engine thread from {@link #take} until it is offered, then to the receipts thread.
 */
final class PacketRun {
    /** Two little-endian words for each packet. */
    final long[] tags = new long[2 * PacketCommitter.MAX_PACKETS];

    int count;
    int index; // of the actor
    ReceiptId actor;
    int operation;

    private volatile boolean taken;

    /** Takes this run for an actor, if it is free. */
    boolean take(int number, ReceiptId to, int code) {
        if (taken) {
            return false;
        }
        taken = true; // one thread takes; others only free
        index = number;
        actor = to;
        operation = code;
        count = 0;
        return true;
    }

    void add(long tagLow, long tagHigh) {
        tags[2 * count] = tagLow;
        tags[2 * count + 1] = tagHigh;
        count++;
    }

    /** Moves the packets after the first {@code kept} to {@code other}, which is empty. */
    void moveRest(int kept, PacketRun other) {
        System.arraycopy(tags, 2 * kept, other.tags, 0, 2 * (count - kept));
        other.count = count - kept;
        Arrays.fill(tags, 2 * kept, 2 * count, 0);
        count = kept;
    }

    /** Wipes the tags and gives the run back to its engine thread. */
    void free() {
        Arrays.fill(tags, 0, 2 * count, 0);
        taken = false;
    }
}

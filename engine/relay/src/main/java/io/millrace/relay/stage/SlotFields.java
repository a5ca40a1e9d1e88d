package io.millrace.relay.stage;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.millrace.memory.Slab;
import io.millrace.relay.packet.Verdict;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * The pipeline's own fields at the start of each slot: the stage clock's stamps, and the values that one stage hands to the
 * next.
 *
 * <pre>
 *  offset  length  field
 *       0       8  arrivedNs      the carrier handed the frame over
 *       8       8  takenNs        an engine thread took it out of the ring
 *      16       8  openedNs       link frame opened
 *      24       8  peeledNs       Sphinx layer peeled
 *      32       8  gatedNs        routed and given its delay; the delay counts from here
 *      40       8  dueNs          when the delay is over
 *      48       8  sealedNs       sealed for the next link
 *      56       8  wantedDelayNs  the sender's delay field
 *      64       4  ingressPeer    or another number of PacketSource
 *      68       4  egressPeer     or EnginePeers.LOCAL
 *      72       4  length         of the frame in bytes, then of the delivered payload
 *      76       2  kind           of the ring event, see RelayEvent
 *      78       2  command        type of the routing command
 *      80       4  verdict        code, PENDING until decided
 *      84       2  keyEpoch       place of its key epoch; before it is opened, low 8 bits of the epoch's number
 *      86       2  egressEpoch    low 8 bits of the next hop's key epoch
 *      88       8  linkCounter    of the frame it came in
 *      96      16  replayTag
 *     112      16  nextId         next relay, recipient or SURB id
 *     128      16  delayTag        gives the delay and the receipt; no file holds it
 *     144          end
 * </pre>
 *
 * <p>Threading: only the slot's owner reads and writes; hand-over between threads is the ring's or the queue's.
 */
public final class SlotFields {
    private static final StructLayout LAYOUT = MemoryLayout.structLayout(
            JAVA_LONG.withName("arrivedNs"),
            JAVA_LONG.withName("takenNs"),
            JAVA_LONG.withName("openedNs"),
            JAVA_LONG.withName("peeledNs"),
            JAVA_LONG.withName("gatedNs"),
            JAVA_LONG.withName("dueNs"),
            JAVA_LONG.withName("sealedNs"),
            JAVA_LONG.withName("wantedDelayNs"),
            JAVA_INT.withName("ingressPeer"),
            JAVA_INT.withName("egressPeer"),
            JAVA_INT.withName("length"),
            JAVA_SHORT.withName("kind"),
            JAVA_SHORT.withName("command"),
            JAVA_INT.withName("verdict"),
            JAVA_SHORT.withName("keyEpoch"),
            JAVA_SHORT.withName("egressEpoch"),
            JAVA_LONG.withName("linkCounter"),
            JAVA_LONG.withName("tagLow"),
            JAVA_LONG.withName("tagHigh"),
            JAVA_LONG.withName("nextLow"),
            JAVA_LONG.withName("nextHigh"),
            JAVA_LONG.withName("delayTagLow"),
            JAVA_LONG.withName("delayTagHigh"));

    private static final long ARRIVED = offset("arrivedNs");
    private static final long TAKEN = offset("takenNs");
    private static final long OPENED = offset("openedNs");
    private static final long PEELED = offset("peeledNs");
    private static final long GATED = offset("gatedNs");
    private static final long DUE = offset("dueNs");
    private static final long SEALED = offset("sealedNs");
    private static final long WANTED_DELAY = offset("wantedDelayNs");
    private static final long INGRESS_PEER = offset("ingressPeer");
    private static final long EGRESS_PEER = offset("egressPeer");
    private static final long LENGTH = offset("length");
    private static final long KIND = offset("kind");
    private static final long COMMAND = offset("command");
    private static final long VERDICT = offset("verdict");
    private static final long KEY_EPOCH = offset("keyEpoch");
    private static final long EGRESS_EPOCH = offset("egressEpoch");
    private static final long LINK_COUNTER = offset("linkCounter");
    private static final long TAG_LOW = offset("tagLow");
    private static final long TAG_HIGH = offset("tagHigh");
    private static final long NEXT_LOW = offset("nextLow");
    private static final long NEXT_HIGH = offset("nextHigh");
    private static final long DELAY_TAG_LOW = offset("delayTagLow");
    private static final long DELAY_TAG_HIGH = offset("delayTagHigh");

    static {
        if (LAYOUT.byteSize() != Slab.FIELDS_LENGTH) {
            throw new ExceptionInInitializerError("fields do not fill the slot's head: " + LAYOUT.byteSize());
        }
    }

    private final MemorySegment slab;

    /** Views the fields of every slot of {@code slab}; a slot is named by its position. */
    public SlotFields(MemorySegment slab) {
        this.slab = slab;
    }

    private static long offset(String field) {
        return LAYOUT.byteOffset(groupElement(field));
    }

    public long arrivedNs(long slot) {
        return slab.get(JAVA_LONG, slot + ARRIVED);
    }

    public void arrivedNs(long slot, long ns) {
        slab.set(JAVA_LONG, slot + ARRIVED, ns);
    }

    public long takenNs(long slot) {
        return slab.get(JAVA_LONG, slot + TAKEN);
    }

    public void takenNs(long slot, long ns) {
        slab.set(JAVA_LONG, slot + TAKEN, ns);
    }

    public long openedNs(long slot) {
        return slab.get(JAVA_LONG, slot + OPENED);
    }

    public void openedNs(long slot, long ns) {
        slab.set(JAVA_LONG, slot + OPENED, ns);
    }

    public long peeledNs(long slot) {
        return slab.get(JAVA_LONG, slot + PEELED);
    }

    public void peeledNs(long slot, long ns) {
        slab.set(JAVA_LONG, slot + PEELED, ns);
    }

    public long gatedNs(long slot) {
        return slab.get(JAVA_LONG, slot + GATED);
    }

    public void gatedNs(long slot, long ns) {
        slab.set(JAVA_LONG, slot + GATED, ns);
    }

    public long dueNs(long slot) {
        return slab.get(JAVA_LONG, slot + DUE);
    }

    public void dueNs(long slot, long ns) {
        slab.set(JAVA_LONG, slot + DUE, ns);
    }

    public long sealedNs(long slot) {
        return slab.get(JAVA_LONG, slot + SEALED);
    }

    public void sealedNs(long slot, long ns) {
        slab.set(JAVA_LONG, slot + SEALED, ns);
    }

    public long wantedDelayNs(long slot) {
        return slab.get(JAVA_LONG, slot + WANTED_DELAY);
    }

    public void wantedDelayNs(long slot, long ns) {
        slab.set(JAVA_LONG, slot + WANTED_DELAY, ns);
    }

    public int ingressPeer(long slot) {
        return slab.get(JAVA_INT, slot + INGRESS_PEER);
    }

    public void ingressPeer(long slot, int peer) {
        slab.set(JAVA_INT, slot + INGRESS_PEER, peer);
    }

    public int egressPeer(long slot) {
        return slab.get(JAVA_INT, slot + EGRESS_PEER);
    }

    public void egressPeer(long slot, int peer) {
        slab.set(JAVA_INT, slot + EGRESS_PEER, peer);
    }

    public int length(long slot) {
        return slab.get(JAVA_INT, slot + LENGTH);
    }

    public void length(long slot, int length) {
        slab.set(JAVA_INT, slot + LENGTH, length);
    }

    public int kind(long slot) {
        return slab.get(JAVA_SHORT, slot + KIND);
    }

    public void kind(long slot, int kind) {
        slab.set(JAVA_SHORT, slot + KIND, (short) kind);
    }

    public int command(long slot) {
        return slab.get(JAVA_SHORT, slot + COMMAND);
    }

    public void command(long slot, int command) {
        slab.set(JAVA_SHORT, slot + COMMAND, (short) command);
    }

    public int verdict(long slot) {
        return slab.get(JAVA_INT, slot + VERDICT);
    }

    public void verdict(long slot, Verdict verdict) {
        slab.set(JAVA_INT, slot + VERDICT, verdict.code());
    }

    public int keyEpoch(long slot) {
        return slab.get(JAVA_SHORT, slot + KEY_EPOCH);
    }

    public void keyEpoch(long slot, int place) {
        slab.set(JAVA_SHORT, slot + KEY_EPOCH, (short) place);
    }

    public int egressEpoch(long slot) {
        return slab.get(JAVA_SHORT, slot + EGRESS_EPOCH);
    }

    public void egressEpoch(long slot, int lowBits) {
        slab.set(JAVA_SHORT, slot + EGRESS_EPOCH, (short) lowBits);
    }

    public long linkCounter(long slot) {
        return slab.get(JAVA_LONG, slot + LINK_COUNTER);
    }

    public void linkCounter(long slot, long counter) {
        slab.set(JAVA_LONG, slot + LINK_COUNTER, counter);
    }

    public long tagLow(long slot) {
        return slab.get(JAVA_LONG, slot + TAG_LOW);
    }

    public long tagHigh(long slot) {
        return slab.get(JAVA_LONG, slot + TAG_HIGH);
    }

    public void replayTag(long slot, long low, long high) {
        slab.set(JAVA_LONG, slot + TAG_LOW, low);
        slab.set(JAVA_LONG, slot + TAG_HIGH, high);
    }

    public long delayTagLow(long slot) {
        return slab.get(JAVA_LONG, slot + DELAY_TAG_LOW);
    }

    public long delayTagHigh(long slot) {
        return slab.get(JAVA_LONG, slot + DELAY_TAG_HIGH);
    }

    public void delayTag(long slot, long low, long high) {
        slab.set(JAVA_LONG, slot + DELAY_TAG_LOW, low);
        slab.set(JAVA_LONG, slot + DELAY_TAG_HIGH, high);
    }

    public long nextLow(long slot) {
        return slab.get(JAVA_LONG, slot + NEXT_LOW);
    }

    public long nextHigh(long slot) {
        return slab.get(JAVA_LONG, slot + NEXT_HIGH);
    }

    public void nextId(long slot, long low, long high) {
        slab.set(JAVA_LONG, slot + NEXT_LOW, low);
        slab.set(JAVA_LONG, slot + NEXT_HIGH, high);
    }
}

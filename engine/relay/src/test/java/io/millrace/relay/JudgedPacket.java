package io.millrace.relay;

/** A packet of {@link JudgedRelay}. */
final class JudgedPacket {
    private JudgedPacket() {}

    /** A packet that went in, as its sender knows it. */
    record Sent(long enteredNs, long epoch, long tagLow, long tagHigh, long wantedNs) {}

    /** A packet that came out: which, and when. */
    record Seen(int packet, long leftNs) {}
}

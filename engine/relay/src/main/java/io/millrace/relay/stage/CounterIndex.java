package io.millrace.relay.stage;

import io.millrace.relay.packet.Verdict;

/** Counters of the ledger: the codes of {@link Verdict}, then these. */
public final class CounterIndex {
    /** Frames and packets that came in from outside, whatever became of them. */
    public static final int RECEIVED = Verdict.values().length;

    /** Packets that the application wrapped here. */
    public static final int ORIGINATED = RECEIVED + 1;

    /** Slots that packets have taken up. Counted apart from RECEIVED, where slots change hands. */
    public static final int SLOTS_TAKEN = RECEIVED + 2;

    /** Slots that packets have given back. Counted apart from the verdicts, where slots change hands. */
    public static final int SLOTS_GIVEN_BACK = RECEIVED + 3;

    /** Number of counters. */
    public static final int COUNT = RECEIVED + 4;

    private CounterIndex() {}
}

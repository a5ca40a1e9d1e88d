package io.millrace.relay;

/** Counters of the ledger: the codes of {@link Verdict}, then these. */
final class CounterIndex {
    /** Frames and packets that came in from outside, whatever became of them. */
    static final int RECEIVED = Verdict.values().length;

    /** Packets that the application wrapped here. */
    static final int ORIGINATED = RECEIVED + 1;

    /** Slots that packets have taken up. Counted apart from RECEIVED, where slots change hands. */
    static final int SLOTS_TAKEN = RECEIVED + 2;

    /** Slots that packets have given back. Counted apart from the verdicts, where slots change hands. */
    static final int SLOTS_GIVEN_BACK = RECEIVED + 3;

    /** Number of counters. */
    static final int COUNT = RECEIVED + 4;

    private CounterIndex() {}
}

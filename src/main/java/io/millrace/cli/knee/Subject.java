package io.millrace.cli.knee;

/** What is measured: takes frames at a UDP socket and sends them on from there. Used by one thread. */
sealed interface Subject extends AutoCloseable permits RelaySubject, ForwarderSubject {
    /** Begins an interval: forgets counters, histograms and replay tags. */
    void epoch();

    /** How the interval went so far. */
    SubjectReport report();

    @Override
    void close();
}

package io.millrace.rig.knee.subject;

import java.io.IOException;

/** Subject of a measurement: takes frames at a socket and sends them on from there. Used by one thread. */
public sealed interface Subject extends AutoCloseable permits RelaySubject, ForwarderSubject {
    /** Name of the time between calls of the carrier and of the provider. */
    String ENGINE = "engine";

    /** Name of the time of looking for work in vain. */
    String IDLE = "idle";

    /**
     * Begins an interval with an engine that remembers nothing, and ends the one before.
     *
     * @param epoch number of the key epoch to begin with, 1 or more.
     */
    void begin(int epoch) throws IOException;

    /** Goes on to the next key epoch. */
    void roll() throws IOException;

    /** How the interval went so far. */
    SubjectReport report();

    @Override
    void close() throws IOException;
}

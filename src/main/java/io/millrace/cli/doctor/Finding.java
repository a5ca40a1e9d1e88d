package io.millrace.cli.doctor;

/**
 * Result of a probe.
 *
 * @param name of the thing, the same on every machine.
 * @param value found, for people.
 * @param status whether that is enough.
 * @param remedy what to do, as a command where there is one; empty if there is nothing to do.
 */
record Finding(String name, String value, Status status, String remedy) {
    /** Whether something is enough for a relay. */
    enum Status {
        /** Enough. */
        OK,
        /** A relay runs, and would run better with the remedy. */
        NOTE,
        /** No relay runs without the remedy. */
        MISSING
    }

    static Finding ok(String name, String value) {
        return new Finding(name, value, Status.OK, "");
    }

    static Finding note(String name, String value, String remedy) {
        return new Finding(name, value, Status.NOTE, remedy);
    }

    static Finding missing(String name, String value, String remedy) {
        return new Finding(name, value, Status.MISSING, remedy);
    }
}

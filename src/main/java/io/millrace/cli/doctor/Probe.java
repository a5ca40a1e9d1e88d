package io.millrace.cli.doctor;

/** Looks at one thing. Never throws for what it finds missing. */
@FunctionalInterface
interface Probe {
    /** Looks, and says what is there. */
    Finding look();
}

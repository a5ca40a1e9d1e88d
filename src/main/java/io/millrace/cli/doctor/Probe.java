package io.millrace.cli.doctor;

/** Looks at one thing. A missing thing is a finding, not an exception. */
@FunctionalInterface
interface Probe {
    /** Looks, and gives the finding. */
    Finding look();
}

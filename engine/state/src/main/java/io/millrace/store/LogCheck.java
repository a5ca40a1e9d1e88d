package io.millrace.store;

/** When the records of a log are checked that were durable when its writer last stopped cleanly. */
public enum LogCheck {
    /** At opening, all of them: the time of opening grows with the log. Damage is told before anything is appended. */
    AT_OPENING,

    /**
     * Each when it is read: opening takes the same time at any length. Damage is told by the first call that reads the
     * record or passes over it. After an unclean stop, and without a mark of a clean one, all are checked at opening.
     */
    WHEN_READ
}

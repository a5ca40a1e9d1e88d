package io.millrace.relay.epoch;

/** States of a key epoch in an engine. */
public enum EpochState {
    /** Packets are accepted under it; it is not the running one. */
    ACCEPTED,
    /** Packets are accepted under it, and the application's own ones belong to it unless it names another. */
    RUNNING,
    /** No packet is accepted under it any more; some may still wait for their delay. */
    RETIRING
}

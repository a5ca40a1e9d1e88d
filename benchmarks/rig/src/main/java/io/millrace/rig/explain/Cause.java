package io.millrace.rig.explain;

/** Causes of a late packet, from the most particular to the least: time that has one cause is not given to a later. */
public enum Cause {
    /** A pause of the garbage collector. */
    GC("gc", "the JVM paused for its garbage collector"),
    /** Another stop of all threads. */
    SAFEPOINT("safepoint", "the JVM paused for another reason, or waited for all threads to stop"),
    /** A roll to the next epoch. */
    EPOCH_ROLL("epoch-roll", "a key or delay epoch was rolled"),
    /** The making of a link's next keys. */
    REKEY("rekey", "keys of a link were made"),
    /** A compiler thread ran where a thread of the relay should have. */
    COMPILATION("compilation", "a thread of the relay did not run while the JIT compiler did"),
    /** A thread of the relay did not run, although it had work. */
    SCHEDULING("scheduling", "a thread of the relay did not run: the machine gave its core to others"),
    /** The wheel's thread ran, or waited for something else, and did not look at the wheel. */
    WHEEL_LAG("wheel-lag", "the wheel's thread was kept from the wheel by something that it did or waited for"),
    /** None of these. */
    UNEXPLAINED("unexplained", "nothing of the recording accounts for it");

    private final String label;
    private final String meaning;

    Cause(String label, String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    /** Name in reports. */
    public String label() {
        return label;
    }

    /** In words. */
    public String meaning() {
        return meaning;
    }
}

package io.millrace.rig.judge;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Ways in which a relay can cheat with its delays. Measurements and tests put them into the relay under test, to show that
 * their checks notice; no relay of a network has them.
 */
public enum Mutant {
    /** Packets leave as soon as they are peeled. */
    NO_DELAY("no-delay"),
    /** All packets wait equally long. */
    EQUAL_DELAYS("equal-delays"),
    /** The delays of all epochs come from the first epoch's VRF output. */
    FROZEN_EPOCH("frozen-epoch"),
    /** Delays of another distribution with the same mean. */
    WRONG_LAW("wrong-law"),
    /** Every packet waits half of its delay. */
    HALVED("halved"),
    /** One packet in a hundred waits half of its delay. */
    EARLY_1PCT("early-1pct"),
    /** One packet in a hundred overtakes all that wait, and leaves at once. */
    FRONT_1PCT("front-1pct"),
    /** Packets that are due in the same tick leave in the order of their arrival. */
    TICK_ORDER("tick-order");

    private final String label;

    Mutant(String label) {
        this.label = label;
    }

    /** Name on command lines, in reports and in tables. */
    public String label() {
        return label;
    }

    /**
     * The mutant of that name.
     *
     * @param label as {@link #label()} gives it.
     * @return the mutant.
     * @throws IllegalArgumentException if there is none; names all.
     */
    public static Mutant byLabel(String label) {
        return Arrays.stream(values())
                .filter(mutant -> mutant.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be one of "
                        + Arrays.stream(values()).map(Mutant::label).collect(Collectors.joining(", "))));
    }
}

package io.millrace.relay;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A way in which a relay can cheat with its delays. Mutated classes call the static methods, which obey the one mutant of
 * their class loader; unmutated classes know nothing of it.
 */
public enum Mutant {
    /** Nothing is changed: shows that the judge does not refuse the means of mutation. */
    NONE,
    /** Every packet leaves at once. */
    NO_DELAY,
    /** Every packet has the same delay. */
    EQUAL_DELAYS,
    /** All epochs draw from the VRF output of the first; each discloses its own. */
    FROZEN_EPOCH,
    /** Delays are uniform with the same mean instead of exponential. */
    WRONG_LAW,
    /** Every delay is half of the drawn one. */
    HALVED,
    /** One packet in a hundred leaves a tenth of its delay early. */
    EARLY_1PCT,
    /** One packet in a hundred leaves before all that wait. */
    FRONT_1PCT,
    /** Packets of one tick leave in the order in which they came. */
    TICK_ORDER;

    private static final long MEAN_NS = 2_000_000;
    private static final Map<String, MemorySegment> FIRST = new HashMap<>();

    private static Mutant current = NONE;
    private static int delays;

    /** Chooses the mutant of this class loader. */
    static void become(String name) {
        current = valueOf(name);
        delays = 0;
        FIRST.clear();
    }

    /** In place of the delay that the gate was given for a packet. */
    public static long delayNs(long drawnNs) {
        final boolean hundredth = ++delays % 100 == 0;
        return switch (current) {
            case NO_DELAY -> 0;
            case EQUAL_DELAYS -> MEAN_NS;
            case WRONG_LAW -> (long) (DepartureJudge.LAW.cumulative(drawnNs) * 2 * MEAN_NS);
            case HALVED -> drawnNs / 2;
            case EARLY_1PCT -> hundredth ? drawnNs - drawnNs / 10 : drawnNs;
            case FRONT_1PCT -> hundredth ? 0 : drawnNs;
            default -> drawnNs;
        };
    }

    /** In place of the VRF output of an epoch. */
    public static MemorySegment vrfOutput(MemorySegment own) {
        return current == FROZEN_EPOCH
                ? FIRST.computeIfAbsent(
                        "", key -> Arena.global().allocate(own.byteSize()).copyFrom(own))
                : own;
    }

    /** In place of the number that puts an entry of a tick somewhere among the {@code bound} first. */
    public static int below(int number, int bound) {
        return current == TICK_ORDER ? bound - 1 : number;
    }

    /** The name by which documents and other tests call it. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

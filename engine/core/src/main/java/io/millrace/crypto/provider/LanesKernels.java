package io.millrace.crypto.provider;

import io.millrace.crypto.Sodium;
import io.millrace.crypto.SodiumUnavailableException;
import io.millrace.metrics.NanoClock;
import io.millrace.natives.LanesLevel;
import io.millrace.natives.LanesLibrary;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Whether the provider {@code lanes} is used in this process, and if not, why.
 *
 * <p>The first question tries it, once per process and in some milliseconds: where the kernels are there, their results
 * are compared with libsodium's. If anything differs they are not used, and a warning is logged to
 * {@code io.millrace.crypto}. May be asked from any thread.
 */
public final class LanesKernels {
    private LanesKernels() {}

    /**
     * Use of the kernels by a process.
     *
     * @param provider that runs them; empty if they are not used.
     * @param reason one line for people.
     */
    record Choice(Optional<BatchCrypto> provider, String reason) {}

    /** Holds the choice of this process, made when it is first asked for. */
    private static final class OfThisProcess {
        private static final Choice CHOICE = LanesLibrary.level()
                .map(level -> choose(LanesBatchCrypto.NAME, level, LanesLibrary.reason()))
                .orElseGet(() -> new Choice(Optional.empty(), LanesLibrary.reason()));
    }

    /**
     * Whether the provider {@code lanes} can be had.
     *
     * @throws SodiumUnavailableException if there is no libsodium to compare with.
     */
    public static boolean available() {
        return choice().provider().isPresent();
    }

    /**
     * One line for people: the instructions that the kernels use, or why they are not used and what to do.
     *
     * @throws SodiumUnavailableException if there is no libsodium to compare with.
     */
    public static String reason() {
        return choice().reason();
    }

    /**
     * The levels that {@code lanes:LEVEL} can force on this machine, in ascending order, such as {@code avx2, avx512}; why
     * there are none, if there are none. Asks the processor only, and tries nothing.
     */
    public static String levels() {
        return LanesLibrary.level()
                .map(highest -> Arrays.stream(LanesLevel.values())
                        .filter(level -> level.runsWhere(highest))
                        .map(LanesLevel::word)
                        .collect(Collectors.joining(", ")))
                .orElseGet(() -> "none: " + LanesLibrary.reason());
    }

    /** The provider, if it can be had. */
    static Optional<BatchCrypto> provider() {
        return choice().provider();
    }

    /**
     * Tries the kernels of one level, whatever this process uses.
     *
     * @return empty provider, with a reason, if they differ or if the level does not run here.
     */
    static Choice at(LanesLevel level) {
        Sodium.require();
        final boolean runs = LanesLibrary.level().filter(level::runsWhere).isPresent();
        final String name = nameAt(level);
        return runs
                ? choose(name, level, level.word())
                : new Choice(
                        Optional.empty(),
                        "the kernels for " + level.word() + " do not run here: " + LanesLibrary.reason());
    }

    /** Name of the provider with the kernels of a level, such as {@code lanes:avx2}. */
    static String nameAt(LanesLevel level) {
        return LanesBatchCrypto.NAME + ":" + level.word();
    }

    private static Choice choose(String name, LanesLevel level, String instructions) {
        return choose(
                name,
                level,
                new LanesBatchCrypto(name, level, LanesCrossover.ALWAYS),
                new SodiumBatchCrypto(),
                instructions,
                NanoClock.SYSTEM,
                message -> System.getLogger("io.millrace.crypto").log(System.Logger.Level.WARNING, message));
    }

    /** Tries {@code lanes} against {@code sodium}, and warns if they differ. */
    static Choice choose(
            String name,
            LanesLevel level,
            BatchCrypto lanes,
            BatchCrypto sodium,
            String instructions,
            NanoClock clock,
            Consumer<String> warning) {
        try (LanesTrial trial = new LanesTrial()) {
            final Optional<String> difference = trial.difference(lanes, sodium);
            if (difference.isPresent()) {
                final String reason = "the kernels for " + instructions + " differ from libsodium (" + difference.get()
                        + "), so libsodium is used; report this with the processor's name";
                warning.accept("lanes: " + reason);
                return new Choice(Optional.empty(), reason);
            }
            return new Choice(
                    Optional.of(new LanesBatchCrypto(name, level, trial.crossover(lanes, sodium, clock))),
                    instructions);
        }
    }

    /** Use of the kernels by this process. */
    static Choice choice() {
        Sodium.require();
        return OfThisProcess.CHOICE;
    }
}

package io.millrace.rig.judge;

import io.millrace.vrf.DelayDistribution;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Times of packets through a simulated relay: Poisson arrivals, a queue, batches of work, a wheel with ticks that shuffles
 * the packets of one tick, stalls now and then; honest, or as a {@link Mutant} does it. Two key epochs, one after the other.
 */
final class SimulatedRelay {
    static final long TICK_NS = 50_000;

    private static final double STALL_SHARE = 0.01;
    private static final long STALL_NS = 3_000_000;

    private final SplittableRandom random;
    private final DelayDistribution law;
    private final DelayDistribution otherLaw;
    private final Mutant mutant; // null: honest

    private SimulatedRelay(DelayDistribution law, DelayDistribution otherLaw, Mutant mutant, long seed) {
        this.random = new SplittableRandom(seed);
        this.law = law;
        this.otherLaw = otherLaw;
        this.mutant = mutant;
    }

    /**
     * Sends packets through.
     *
     * @param law honest delays.
     * @param otherLaw of {@link Mutant#WRONG_LAW}.
     * @param mutant null for an honest relay.
     */
    static Passages passages(
            DelayDistribution law, DelayDistribution otherLaw, Mutant mutant, int count, double rate, long seed) {
        return new SimulatedRelay(law, otherLaw, mutant, seed).run(count, rate);
    }

    private Passages run(int count, double rate) {
        final long[] arrived = new long[count];
        final long[] left = new long[count];
        final long[] delays = new long[count];
        double now = 1e9;
        long stalledUntil = 0;
        for (int i = 0; i < count; i++) {
            now += -Math.log(1 - random.nextDouble()) * 1e9 / rate;
            arrived[i] = (long) now;
            if (random.nextDouble() < STALL_SHARE / 100) {
                stalledUntil = arrived[i] + STALL_NS;
            }
            final long bits = random.nextLong();
            delays[i] = law.delayNs(bits);
            final long gated = Math.max(arrived[i], stalledUntil) + 40_000 + random.nextLong(60_000);
            left[i] = departure(i, count, gated, delays[i], bits);
        }
        return Passages.of(arrived, left, delays);
    }

    private long departure(int number, int count, long gatedNs, long delayNs, long bits) {
        final long waited = waited(number, count, delayNs, bits);
        if (mutant == Mutant.FRONT_1PCT && number % 100 == 0) {
            return gatedNs + 1_000;
        }
        final long tick = Math.ceilDiv(gatedNs + waited, TICK_NS) * TICK_NS;
        // In a tick: by number, or at random. Numbers are few enough a tick to fit.
        return tick + (mutant == Mutant.TICK_ORDER ? number % 10_000 : random.nextLong(10_000));
    }

    private long waited(int number, int count, long delayNs, long bits) {
        if (mutant == null) {
            return delayNs;
        }
        return switch (mutant) {
            case NO_DELAY -> 0;
            case EQUAL_DELAYS -> (law.minNs() + law.maxNs()) / 8;
            case FROZEN_EPOCH -> number < count / 2 ? delayNs : law.delayNs(random.nextLong());
            case WRONG_LAW -> otherLaw.delayNs(bits);
            case HALVED -> delayNs / 2;
            case EARLY_1PCT -> number % 100 == 0 ? delayNs / 2 : delayNs;
            case FRONT_1PCT, TICK_ORDER -> delayNs;
        };
    }

    /** Mean of a law, by a fixed sample. */
    static double meanNs(DelayDistribution law) {
        final SplittableRandom draws = new SplittableRandom(7);
        final long[] sample = new long[10_000];
        Arrays.setAll(sample, index -> law.delayNs(draws.nextLong()));
        return Arrays.stream(sample).average().orElseThrow();
    }
}

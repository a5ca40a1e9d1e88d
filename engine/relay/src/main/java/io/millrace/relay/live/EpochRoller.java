package io.millrace.relay.live;

import io.millrace.metrics.NanoClock;
import io.millrace.relay.epoch.EpochSource;
import io.millrace.relay.epoch.RetiredEpoch;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.thread.Duty;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Rolls the key epochs of an engine by the clock: makes each epoch one length before it begins, accepts packets under it one
 * overlap before, runs it, and retires the epoch before it one overlap after.
 *
 * <p>Epoch {@code n} runs from {@code n * length} to {@code (n + 1) * length} in milliseconds since 1970: the wall clock when
 * the engine was built, carried on by its own clock. So later jumps of the wall clock change nothing. A process that
 * was stopped for several lengths goes on with the epoch of the day.
 */
public final class EpochRoller implements Duty {
    /** Longest and shortest sleep. */
    private static final long LONGEST_LOOK_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long SHORTEST_LOOK_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long RETRY_MS = 1_000;
    private static final int LOOKS_PER_OVERLAP = 10;
    private static final System.Logger LOG = System.getLogger("io.millrace.relay");

    private final EpochTable epochs;
    private final EpochPlan plan;
    private final NanoClock clock;
    private final long beganMs;
    private final long beganNs;
    private SphinxEpoch next; // made, not accepted; null if there is none
    private long accepted; // number of the newest accepted epoch
    private long older; // number of the epoch before the running one; -1: retired or none
    private long retryMs = Long.MIN_VALUE;

    /**
     * The settings of the builder.
     *
     * @param lengthMs length of an epoch in milliseconds.
     * @param overlapMs how long before its beginning and after its end packets of an epoch are accepted, in milliseconds.
     */
    public record EpochPlan(long lengthMs, long overlapMs, EpochSource source) {
        public static EpochPlan of(Duration length, Duration overlap, EpochSource source) {
            final long lengthMs = length.toMillis();
            final long overlapMs = overlap.toMillis();
            if (lengthMs < 1_000 || overlapMs < 1 || overlapMs > lengthMs / 4) {
                throw new IllegalArgumentException(
                        "an epoch must last 1 s or more, and overlap by 1 ms to a quarter of that:" + " length="
                                + length + ", overlap=" + overlap);
            }
            return new EpochPlan(lengthMs, overlapMs, source);
        }

        /** The epoch that runs at a time, in milliseconds since 1970. */
        public SphinxEpoch first(long nowMs) {
            try {
                return made(Math.floorDiv(nowMs, lengthMs));
            } catch (IOException e) {
                throw new IllegalStateException("the first key epoch could not be made", e);
            }
        }

        SphinxEpoch made(long number) throws IOException {
            final SphinxEpoch made = Objects.requireNonNull(source.make(number), "the source made no epoch");
            if (made.number() != number) {
                made.discard();
                throw new IllegalStateException(
                        "the source made another epoch: asked for=" + number + ", made=" + made.number());
            }
            return made;
        }
    }

    /** Goes on from the first epoch, which the engine runs already. */
    public EpochRoller(EpochTable epochs, EpochPlan plan, NanoClock clock, LongSupplier wallClock) {
        this.epochs = epochs;
        this.plan = plan;
        this.clock = clock;
        this.beganMs = wallClock.getAsLong();
        this.beganNs = clock.nanoTime();
        this.accepted = epochs.current().runningNumber();
        this.older = -1;
    }

    @Override
    public String roleName() {
        return "millrace-epochs";
    }

    @Override
    public int doWork() {
        final long nowMs = nowMs();
        if (nowMs < retryMs) {
            return 0;
        }
        try {
            return step(nowMs) ? 1 : 0;
        } catch (Exception e) { // an error ends the engine
            retryMs = nowMs + RETRY_MS;
            LOG.log(System.Logger.Level.WARNING, "the next key epoch is late; trying again", e);
            return 0;
        }
    }

    @Override
    public boolean movedPackets() {
        return false;
    }

    @Override
    public long waitNs() {
        return Math.clamp(
                TimeUnit.MILLISECONDS.toNanos(plan.overlapMs()) / LOOKS_PER_OVERLAP, SHORTEST_LOOK_NS, LONGEST_LOOK_NS);
    }

    /** Nothing waits here. */
    @Override
    public void onClose() {}

    /** The engine closes the epochs that it has; the one that it does not have yet is closed here. */
    @Override
    public void free() {
        if (next != null) {
            next.close();
            next = null;
        }
    }

    /** Makes one turn if one is due; whether it did. */
    private boolean step(long nowMs) throws IOException {
        final long running = epochs.current().runningNumber();
        final long due = Math.floorDiv(nowMs, plan.lengthMs());
        if (older >= 0 && nowMs >= running * plan.lengthMs() + plan.overlapMs()) {
            retire(older);
            older = -1;
            return true;
        }
        if (accepted > running && due >= accepted) {
            epochs.run(accepted);
            older = running;
            return true;
        }
        if (next == null && accepted == running) {
            next = plan.made(Math.max(running + 1, due));
            return true;
        }
        // The one before must be retired: an epoch lasts four overlaps or more, so that is no delay by the clock.
        if (next != null && older < 0 && nowMs >= next.number() * plan.lengthMs() - plan.overlapMs()) {
            accept();
            return true;
        }
        return false;
    }

    /** Accepts the epoch that is made. Without a free place it waits for one; if it is refused, another one is made. */
    private void accept() {
        final SphinxEpoch made = next;
        try {
            epochs.accept(made);
        } catch (IllegalArgumentException e) {
            next = null;
            made.discard(); // the engine runs it if the source has made it twice
            throw e;
        }
        next = null;
        accepted = made.number();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // retired() is all that follows
    private void retire(long number) {
        epochs.retire(number).thenAccept(this::retired);
    }

    private void retired(RetiredEpoch epoch) {
        try (epoch) {
            plan.source().onRetired(epoch);
        } catch (Exception | Error e) { // no thread of the engine's: the future would swallow it
            LOG.log(System.Logger.Level.WARNING, "the end of a key epoch failed: number=" + epoch.number(), e);
        }
    }

    private long nowMs() {
        return beganMs + TimeUnit.NANOSECONDS.toMillis(clock.nanoTime() - beganNs);
    }
}

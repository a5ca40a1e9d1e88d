package io.millrace.htx.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * Admission under a wall clock that jumps by seconds, hours and days, forth and back: an initiator with the same clock is
 * let in unless tickets of its hour were really dropped, and no message is let in twice.
 */
class AdmissionClockTest {
    private static final long SEED = new SplittableRandom().nextLong();
    private static final Instant START = Instant.parse("2026-11-29T12:20:00Z");
    private static final long SECOND_NS = 1_000_000_000;
    private static final int STEPS = 3_000;

    @AutoClose
    private final Arena arena = Arena.ofConfined();

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Randomness randomness = segment -> {
        for (long i = 0; i < segment.byteSize(); i++) {
            segment.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
    };
    private final MemorySegment message = arena.allocate(FirstMessage.LENGTH);
    private final List<byte[]> taken = new ArrayList<>();
    private final Set<Long> hoursTaken = new HashSet<>();
    private Instant now = START;
    private long nowNs = 1;
    private long networks;
    private int forgotten;

    @Test
    void followsTheClockBothWaysAndLetsNoMessageInTwice() {
        run(Duration.ofDays(40), STEPS);
    }

    @Test
    void forgetsNothingAsLongAsTheClockStaysAmongTheHoursThatAreKept() {
        run(Duration.ofHours(SeenTickets.HOURS - 3), STEPS); // initiators are up to an hour behind or ahead
        assertThat(forgotten).as("seed %d", SEED).isZero();
    }

    @Test
    void aNetworkIsLetInAgainAfterTheMonotonicClockWentBack() {
        try (SecretKey secret = SecretKey.generate(randomness);
                TicketKey key = TicketKey.shared(secret);
                Admission admission = admission(key)) {
            nowNs = 1_000 * SECOND_NS;
            assertThat(fresh(admission, key, 0)).isEqualTo(HandshakeVerdict.ANSWERED);
            networks--;
            nowNs = SECOND_NS;
            assertThat(fresh(admission, key, 0)).isEqualTo(HandshakeVerdict.ANSWERED);
        }
    }

    private void run(Duration range, int steps) {
        try (SecretKey secret = SecretKey.generate(randomness);
                TicketKey key = TicketKey.shared(secret);
                Admission admission = admission(key)) {
            for (int step = 0; step < steps; step++) {
                nowNs += SECOND_NS;
                if (random.nextInt(4) == 0) {
                    jump(range);
                }
                final HandshakeVerdict verdict = fresh(admission, key, random.nextInt(3) - 1);
                if (verdict == HandshakeVerdict.TICKETS_FORGOTTEN) {
                    forgotten++;
                    assertThat(hoursTaken.size())
                            .as("seed %d, step %d: too few hours for one to be dropped", SEED, step)
                            .isGreaterThan(SeenTickets.HOURS);
                } else {
                    assertThat(verdict).as("seed %d, step %d", SEED, step).isEqualTo(HandshakeVerdict.ANSWERED);
                }
                assertThat(replayed(admission))
                        .as("seed %d, step %d: a replay", SEED, step)
                        .isNotEqualTo(HandshakeVerdict.ANSWERED);
            }
        }
    }

    /** A jump within the range from the start, mostly a small one. */
    private void jump(Duration range) {
        final long reach = switch (random.nextInt(4)) {
            case 0 -> 90;
            case 1 -> 4 * 3_600;
            case 2 -> 24 * 3_600;
            default -> range.toSeconds();
        };
        final long from = START.getEpochSecond();
        final long to = now.getEpochSecond() + random.nextLong(-reach, reach + 1);
        now = Instant.ofEpochSecond(Math.clamp(to, from, from + range.toSeconds() - 1));
    }

    /** A new message of a new network, by an initiator whose clock is some hours off. */
    private HandshakeVerdict fresh(Admission admission, TicketKey key, int hoursOff) {
        final Instant clock = now.plus(Duration.ofHours(hoursOff));
        FirstMessage.writeHeader(message, key, clock);
        randomness.fill(message.asSlice(FirstMessage.NOISE_OFFSET));
        FirstMessage.writeMac(message, key, clock);
        final long hour = FirstMessage.hour(clock);
        final HandshakeVerdict verdict = offered(admission, ++networks << 24);
        if (verdict == HandshakeVerdict.ANSWERED) {
            taken.add(message.toArray(ValueLayout.JAVA_BYTE));
            hoursTaken.add(hour);
        } else if (verdict == HandshakeVerdict.TICKETS_FORGOTTEN) {
            assertThat(hoursTaken)
                    .as("seed %d: nothing of that hour was ever kept", SEED)
                    .contains(hour);
        }
        return verdict;
    }

    private HandshakeVerdict replayed(Admission admission) {
        message.copyFrom(MemorySegment.ofArray(taken.get(random.nextInt(taken.size()))));
        return offered(admission, ++networks << 24);
    }

    private HandshakeVerdict offered(Admission admission, long prefix) {
        final HandshakeVerdict verdict = admission.check(prefix, message, FirstMessage.LENGTH, nowNs);
        return verdict == HandshakeVerdict.ANSWERED ? admission.take(prefix, message) : verdict;
    }

    private Admission admission(TicketKey key) {
        return new Admission(
                new AdmissionConfig(1, 2, 1 << 14, 100_000, 1, 1), List.of(key), () -> now, nowNs, randomness);
    }
}

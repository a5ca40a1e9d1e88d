package io.millrace.htx.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Attackers at the door in simulated time, from one address or its /24, or from one IPv6 /48: honest newcomers of other networks
 * get a place, keep it for their round trips and have their tickets taken, in 99 of 100 tries at the least.
 */
class AdmissionFloodTest {
    private static final long SEED = new SplittableRandom().nextLong();
    private static final Instant START = Instant.parse("2026-11-29T12:20:00Z");
    private static final long MS = 1_000_000;
    private static final int PLACES = 64;
    private static final int TRIES = 100;
    private static final int MS_PER_TRY = 50;
    private static final int ROUND_TRIP_MS = 20;
    private static final int REFUSAL_MS = 250;

    enum Attack {
        /** Connects and says nothing. */
        SILENT,
        /** Random bytes. */
        PROBE,
        /** A valid ticket over random bytes, which no Diffie-Hellman confirms. */
        RANDOM_NOISE,
        /** Whole first messages, and never a third. */
        HALF_OPEN,
        /** The first message of an honest newcomer, again and again. */
        REPLAY,
        /** None but the clock of the machine: a day ahead or behind in every second millisecond. */
        CLOCK
    }

    enum Source {
        /** One address, too: it counts as its /24. */
        IPV4_24,
        IPV6_48
    }

    private record Waiting(Stranger stranger, long untilMs) {}

    private final Arena arena = Arena.ofConfined();
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Randomness randomness = segment -> {
        for (long i = 0; i < segment.byteSize(); i++) {
            segment.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
    };
    private final MemorySegment message = arena.allocate(FirstMessage.LENGTH);
    private final MemorySegment recorded = arena.allocate(FirstMessage.LENGTH);
    private final StrangerAdmission strangers = new StrangerAdmission(PLACES, 5_000 * MS);
    private final Deque<Waiting> refused = new ArrayDeque<>();
    private final Deque<Stranger> silent = new ArrayDeque<>();
    private TicketKey key;
    private Admission admission;
    private Instant now = START;
    private long nowMs;
    private long answeredReplays;

    @BeforeEach
    void open() {
        try (SecretKey secret = SecretKey.generate(randomness)) {
            key = TicketKey.shared(secret);
        }
        final AdmissionConfig config = new AdmissionConfig(20, 50, 1 << 10, 256, PLACES, 5_000 * MS);
        admission = new Admission(config, List.of(key), () -> now, 0, randomness);
    }

    @AfterEach
    void close() {
        admission.close();
        key.close();
        arena.close();
    }

    @ParameterizedTest
    @CsvSource({
        "SILENT, IPV4_24", "SILENT, IPV6_48",
        "PROBE, IPV4_24", "PROBE, IPV6_48",
        "RANDOM_NOISE, IPV4_24", "RANDOM_NOISE, IPV6_48",
        "HALF_OPEN, IPV4_24", "HALF_OPEN, IPV6_48",
        "REPLAY, IPV4_24", "REPLAY, IPV6_48",
        "CLOCK, IPV4_24"
    })
    void honestNewcomersGetIn(Attack attack, Source source) {
        int in = 0;
        for (int attempt = 0; attempt < TRIES; attempt++) {
            in += honestGetsIn(attempt, attack, source) ? 1 : 0;
        }
        assertThat(in).as("seed %d, %s from %s", SEED, attack, source).isGreaterThanOrEqualTo(TRIES * 99 / 100);
        assertThat(answeredReplays)
                .as("seed %d: replays that were let in", SEED)
                .isZero();
    }

    private boolean honestGetsIn(int attempt, Attack attack, Source source) {
        final long prefix = attempt % 2 == 0 ? 1L << 60 | 0xc00000 + attempt : (0x2a00L << 40) + ((long) attempt << 8);
        final Stranger newcomer = strangers.admit(prefix, () -> {}, nowMs * MS);
        pass(ROUND_TRIP_MS, attack, source);
        now = START;
        write();
        recorded.copyFrom(message);
        final boolean taken = offer(prefix, true) == HandshakeVerdict.ANSWERED;
        pass(ROUND_TRIP_MS, attack, source);
        final boolean inTime = newcomer.remainingNs(nowMs * MS) > 0 && newcomer.leave();
        pass(MS_PER_TRY - 2 * ROUND_TRIP_MS, attack, source);
        return taken && inTime;
    }

    private void pass(int ms, Attack attack, Source source) {
        for (int i = 0; i < ms; i++) {
            nowMs++;
            attack(attack, prefix(source));
            while (!refused.isEmpty() && refused.peek().untilMs() <= nowMs) {
                refused.poll().stranger().close();
            }
            while (!silent.isEmpty() && silent.peek().remainingNs(nowMs * MS) <= 0) {
                silent.poll().close();
            }
            assertThat(strangers.count()).isLessThanOrEqualTo(PLACES);
        }
    }

    private void attack(Attack attack, long prefix) {
        if (attack == Attack.CLOCK) {
            now = START.plus(Duration.ofDays(nowMs % 4 - 2));
            probe(prefix);
            return;
        }
        final Stranger stranger = strangers.admit(prefix, () -> {}, nowMs * MS);
        switch (attack) {
            case SILENT -> silent.add(stranger);
            case HALF_OPEN -> {
                write();
                offer(prefix, true);
                silent.add(stranger);
            }
            case RANDOM_NOISE -> {
                write();
                offer(prefix, false);
                refused.add(new Waiting(stranger, nowMs + REFUSAL_MS));
            }
            case REPLAY -> {
                message.copyFrom(recorded);
                answeredReplays += nowMs > MS_PER_TRY && offer(prefix, true) == HandshakeVerdict.ANSWERED ? 1 : 0;
                refused.add(new Waiting(stranger, nowMs + REFUSAL_MS));
            }
            default -> {
                probe(prefix);
                refused.add(new Waiting(stranger, nowMs + REFUSAL_MS));
            }
        }
    }

    private void probe(long prefix) {
        randomness.fill(message);
        message.set(ValueLayout.JAVA_BYTE, 0, FirstMessage.VERSION);
        offer(prefix, true);
    }

    private void write() {
        FirstMessage.writeHeader(message, key, now);
        randomness.fill(message.asSlice(FirstMessage.NOISE_OFFSET));
        FirstMessage.writeMac(message, key, now);
    }

    private HandshakeVerdict offer(long prefix, boolean noiseHolds) {
        final HandshakeVerdict verdict = admission.check(prefix, message, FirstMessage.LENGTH, nowMs * MS);
        return verdict == HandshakeVerdict.ANSWERED && noiseHolds ? admission.take(prefix, message) : verdict;
    }

    private long prefix(Source source) {
        return switch (source) {
            case IPV4_24 -> 1L << 60 | 0x7f0909;
            case IPV6_48 -> 0x20010db8000700L | random.nextInt(256);
        };
    }
}

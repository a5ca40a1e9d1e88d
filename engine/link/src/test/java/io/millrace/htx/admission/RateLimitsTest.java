package io.millrace.htx.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** How much a network gets through alone, in parts, and beyond its share of the tickets. */
class RateLimitsTest {
    private static final long SECOND_NS = 1_000_000_000;
    private static final long NETWORK_48 = 0x20010db8000700L;
    private static final int SECONDS = 100;

    private final SplittableRandom random = new SplittableRandom(1);
    private final Randomness randomness = segment -> {
        for (long i = 0; i < segment.byteSize(); i++) {
            segment.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
    };

    @Test
    void a48OfManyPartsGetsEightTimesWhatOnePartGets() {
        final RateLimits limits = new RateLimits(10, 10, 1 << 10, 0, randomness);
        assertThat(passed(limits, 1)).isBetween(10 * SECONDS, 10 * SECONDS + 10);
        assertThat(passed(limits, 256)).isBetween(80 * SECONDS, 80 * SECONDS + 80);
    }

    @Test
    void a32OfMany48sGetsThirtyTwoTimesWhatOnePartGets() {
        final RateLimits limits = new RateLimits(10, 10, 1 << 10, 0, randomness);
        int passed = 0;
        for (int second = 0; second < SECONDS; second++) {
            for (int i = 0; i < 1_000; i++) {
                final long prefix = NETWORK_48 + ((long) random.nextInt(256) << 8) + random.nextInt(256);
                passed += limits.take(prefix, second * SECOND_NS + i * SECOND_NS / 1_000) ? 1 : 0;
            }
        }
        assertThat(passed).isBetween(320 * SECONDS - 320, 320 * SECONDS + 320);
    }

    @Test
    void aNetworkBeyondItsShareGoesOnAtAnEighthOfItsRate() {
        final Instant now = Instant.parse("2026-11-29T12:20:00Z");
        final AdmissionConfig config = new AdmissionConfig(16, 16, 64, 1_600, 1, 1);
        try (Arena arena = Arena.ofConfined();
                SecretKey secret = SecretKey.generate(randomness);
                TicketKey key = TicketKey.shared(secret);
                Admission admission = new Admission(config, List.of(key), () -> now, 0, randomness)) {
            final MemorySegment message = arena.allocate(FirstMessage.LENGTH);
            int taken = 0;
            for (int i = 0; i < 16 * SECONDS; i++) {
                FirstMessage.writeHeader(message, key, now);
                randomness.fill(message.asSlice(FirstMessage.NOISE_OFFSET));
                FirstMessage.writeMac(message, key, now);
                if (admission.check(9, message, FirstMessage.LENGTH, i * SECOND_NS / 16) == HandshakeVerdict.ANSWERED) {
                    taken += admission.take(9, message) == HandshakeVerdict.ANSWERED ? 1 : 0;
                }
            }
            assertThat(taken)
                    .as("a share of 100 in 6 s, then 2 a second")
                    .isBetween(100 + 2 * (SECONDS - 10), 100 + 2 * SECONDS + 2);
        }
    }

    private int passed(RateLimits limits, int parts) {
        int passed = 0;
        for (int i = 0; i < SECONDS * 400; i++) {
            final long prefix = NETWORK_48 + ((long) parts << 20) + i % parts;
            passed += limits.take(prefix, i * SECOND_NS / 400) ? 1 : 0;
        }
        return passed;
    }
}

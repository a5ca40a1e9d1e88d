package io.millrace.htx.handshake;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.HandshakeVerdict;
import io.millrace.noise.NoiseTransport;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.junit.jupiter.api.Test;

/**
 * Thousands of strangers at once against one responder: garbage, replays, handshakes that are left half open. Honest
 * initiators from other networks get their sessions all the same, nothing grows, and every message is accounted for.
 */
class StrangerFloodTest {
    private static final int STRANGERS = 10_000;
    private static final int HONEST_EVERY = 100;
    private static final long SEED = 42;

    @Test
    void honestHandshakesSucceedAndEveryOtherIsCountedByReason() {
        final AdmissionConfig config = new AdmissionConfig(10, 16, 64, 10_000, 64, 1_000_000_000L);
        try (HandshakeEnds ends = new HandshakeEnds(config, SEED)) {
            final Deque<ResponderHandshake> halfOpen = new ArrayDeque<>();
            ends.begun().close();
            final MemorySegment recorded = ends.arena.allocate(InitiatorHandshake.FIRST_LENGTH);
            int honest = 0;
            for (int i = 0; i < STRANGERS; i++) {
                ends.nowNs += 1_000_000;
                switch (i % 4) {
                    case 0 -> {
                        ends.randomness.fill(ends.first);
                        ends.first.set(JAVA_BYTE, 0, (byte) 1);
                        refused(ends, ends.random.nextLong());
                    }
                    case 1 -> {
                        if (i > 1) {
                            MemorySegment.copy(recorded, 0, ends.first, 0, InitiatorHandshake.FIRST_LENGTH);
                            refused(ends, 5);
                        }
                    }
                    case 2 -> {
                        ends.begun().close();
                        final ResponderHandshake handshake = ends.begin(6);
                        if (handshake != null) {
                            MemorySegment.copy(ends.first, 0, recorded, 0, InitiatorHandshake.FIRST_LENGTH);
                            halfOpen.add(handshake);
                        }
                    }
                    default -> {
                        ends.randomness.fill(ends.first);
                        ends.responder.begin(
                                7, ends.first, ends.random.nextInt(InitiatorHandshake.FIRST_LENGTH), ends.second, 0);
                    }
                }
                while (!halfOpen.isEmpty() && halfOpen.peek().isExpired(ends.nowNs)) {
                    halfOpen.remove().close(HandshakeVerdict.TIMED_OUT);
                }
                if (i % HONEST_EVERY == 0) {
                    honest += session(ends, 8 + i) ? 1 : 0;
                }
                assertThat(ends.responder.pending()).isLessThanOrEqualTo(64);
            }
            halfOpen.forEach(ResponderHandshake::close);

            assertThat(honest).as("seed %d", SEED).isEqualTo(STRANGERS / HONEST_EVERY);
            long sum = ends.responder.counters().refusedFirst()
                    + ends.responder.counters().get(HandshakeVerdict.ANSWERED);
            assertThat(sum).isEqualTo(STRANGERS - 1 + honest);
            sum = 0;
            for (HandshakeVerdict end : new HandshakeVerdict[] {
                HandshakeVerdict.ESTABLISHED, HandshakeVerdict.TIMED_OUT, HandshakeVerdict.ABANDONED
            }) {
                sum += ends.responder.counters().get(end);
            }
            assertThat(sum).isEqualTo(ends.responder.counters().get(HandshakeVerdict.ANSWERED));
            assertThat(ends.responder.pending()).isZero();
        }
    }

    private static void refused(HandshakeEnds ends, long prefix) {
        assertThat(ends.begin(prefix)).isNull();
    }

    private static boolean session(HandshakeEnds ends, long prefix) {
        try (InitiatorHandshake initiator = ends.begun();
                ResponderHandshake responder = ends.begin(prefix)) {
            if (responder == null) {
                return false;
            }
            initiator.readSecond(ends.second, InitiatorHandshake.SECOND_LENGTH);
            initiator.writeThird(ends.third);
            try (NoiseTransport far = responder.finish(ends.third, InitiatorHandshake.THIRD_LENGTH);
                    NoiseTransport near = initiator.split()) {
                return Arrays.equals(far.handshakeHash(), near.handshakeHash());
            }
        }
    }
}

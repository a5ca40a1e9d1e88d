package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.ThreadingMode;
import io.millrace.memory.TrackedArena;
import io.millrace.vrf.DelayPolicy;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A packet leaves when the disclosure of its key epoch says, under every policy and in every threading mode, while key
 * epochs roll. A failing history names its seed; run it alone with {@code -Dmillrace.departures.seed=N}.
 */
class DepartureTest {
    private static final long SEED = Long.getLong("millrace.departures.seed", 20_261_129);
    private static final int PACKETS = 600;

    /** Proofs of single packets take a millisecond each. */
    private static final int PROVED_PACKETS = 120;

    static Stream<Arguments> policiesAndModes() {
        return Stream.of(DelayPolicy.values())
                .flatMap(policy -> Stream.of(ThreadingMode.values()).map(mode -> Arguments.of(policy, mode)));
    }

    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void packetsOfOneTickLeaveInAnyOrder(ThreadingMode mode) {
        assertThat(DepartureJudge.orders(mode.name(), SEED)).as("seed=%d", SEED).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("policiesAndModes")
    void everyPacketLeavesWhenItsDisclosureSays(DelayPolicy policy, ThreadingMode mode) throws IOException {
        final long liveBytes = TrackedArena.liveBytes();
        final int packets = policy == DelayPolicy.PACKET_VRF ? PROVED_PACKETS : PACKETS;
        assertThat(DepartureJudge.delays(policy.name(), mode.name(), packets, SEED))
                .as("seed=%d", SEED)
                .isEmpty();
        assertThat(TrackedArena.liveBytes()).as("live native bytes").isEqualTo(liveBytes);
    }
}

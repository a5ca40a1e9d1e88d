package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.relay.EngineCounters;
import io.millrace.relay.packet.Verdict;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LiveEntropyTest {
    private static final DelayDistribution LAW = DelayDistribution.parse("exponential(50ms,500ms)");
    private long nowNs;

    @Test
    void followsTheRateOfTheLastWindow() {
        final LiveEntropy entropy = new LiveEntropy(LAW, DelayPolicy.EPOCH_VRF, () -> nowNs);
        assertThat(entropy.bits(left(0))).isEmpty();
        seconds(9);
        assertThat(entropy.bits(left(9_000))).isEmpty();
        seconds(1);
        // log2(1,000 / s * 50 ms * e)
        assertThat(entropy.bits(left(10_000)).orElseThrow()).isCloseTo(7.09, within(0.02));
        seconds(10);
        assertThat(entropy.bits(left(11_000)).orElseThrow()).isCloseTo(3.76, within(0.02));
        seconds(10);
        assertThat(entropy.bits(left(11_000)).orElseThrow()).isZero();
    }

    @Test
    void warnsOnceBelowTheFloorAndSaysWhenItIsOver() {
        final LiveEntropy entropy = new LiveEntropy(LAW, DelayPolicy.EPOCH_VRF, () -> nowNs);
        seconds(10);
        assertThat(entropy.change(left(0))).as("no traffic, nothing to hide").isEmpty();
        seconds(10);
        assertThat(entropy.change(left(1_000)).orElseThrow())
                .contains("3.8 bits", "fewer than 5", "exponential(50ms,500ms)");
        seconds(10);
        assertThat(entropy.change(left(2_000))).isEmpty();
        seconds(10);
        assertThat(entropy.change(left(12_000)).orElseThrow()).contains("7.1 bits");
        assertThat(entropy.change(left(12_000))).isEmpty();
    }

    @Test
    void isUnknownWhereSendersDrawTheDelays() {
        final LiveEntropy entropy = new LiveEntropy(LAW, DelayPolicy.SENDER, () -> nowNs);
        seconds(20);
        assertThat(entropy.bits(left(10_000))).isEmpty();
        assertThat(entropy.change(left(10_000))).isEmpty();
        assertThat(entropy.bitsOf(10_000, 10)).isEmpty();
    }

    private void seconds(long seconds) {
        nowNs += seconds * 1_000_000_000L;
    }

    private static EngineCounters left(long forwarded) {
        return new EngineCounters(forwarded, 0, forwarded, 0, Map.<Verdict, Long>of(), 0);
    }
}

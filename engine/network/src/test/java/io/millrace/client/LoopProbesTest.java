package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.directory.IdentityKey;
import io.millrace.directory.Probe;
import io.millrace.directory.ProbeHop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LoopProbesTest {
    private static final List<ProbeHop> HOPS =
            List.of(new ProbeHop(IdentityKey.of(new byte[32]), 7, -1, Long.MIN_VALUE));

    private final List<Probe> kept = new ArrayList<>();

    @Test
    void recordsProbesThatReturnOnce() throws IOException {
        final LoopProbes probes = new LoopProbes(kept::add, new Random(1), 1_000, 0);
        final ByteBuffer first = probes.begin(0);
        final ByteBuffer second = probes.begin(0);
        probes.left(first, HOPS, 10);
        probes.left(second, HOPS, 20);

        assertThat(probes.take(second, 520)).isTrue();
        assertThat(probes.take(second, 600)).isTrue();
        assertThat(probes.take(ByteBuffer.wrap(new byte[] {1, 2, 3}), 600)).isFalse();
        assertThat(probes.take(ByteBuffer.allocate(17), 600)).isFalse();
        assertThat(probes.take(ByteBuffer.allocate(0), 600)).isFalse();
        assertThat(probes.sent()).isEqualTo(2);
        assertThat(probes.returned()).isEqualTo(1);
        assertThat(kept).containsExactly(new Probe(HOPS, 500));
    }

    @Test
    void gapsAreExponential() {
        final LoopProbes probes = new LoopProbes(kept::add, new Random(2), 1_000_000, 0);
        double sum = 0;
        int above = 0;
        for (int i = 0; i < 10_000; i++) {
            probes.begin(0);
            sum += probes.dueNs();
            above += probes.dueNs() > 1_000_000 ? 1 : 0;
        }
        assertThat(sum / 10_000).isBetween(950_000.0, 1_050_000.0);
        assertThat(above).isBetween(3_480, 3_880); // 1/e
    }

    @Test
    void boundsTheProbesUnderWay() throws IOException {
        final LoopProbes probes = new LoopProbes(kept::add, new Random(3), 1, 0);
        final ByteBuffer oldest = probes.begin(0);
        probes.left(oldest, HOPS, 0);
        for (int i = 0; i < LoopProbes.MAX_PENDING; i++) {
            probes.left(probes.begin(0), HOPS, 0);
        }
        probes.take(oldest, 1);
        assertThat(probes.returned()).isZero();
    }
}

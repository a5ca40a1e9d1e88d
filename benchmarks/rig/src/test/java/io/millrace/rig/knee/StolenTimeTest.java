package io.millrace.rig.knee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StolenTimeTest {
    @Test
    void readsTheLineOfAllCores() {
        final List<String> lines = List.of(
                "cpu  1501040 347408 219881 399302 3127 0 7747 12573 0 0",
                "cpu0 745 0 0 0 0 0 0 7 0 0",
                "intr 1 2 3 4 5 6 7 8 9");

        assertThat(StolenTime.find(lines)).hasValue(125_730_000_000L);
    }

    @Test
    void doesWithoutWhatAnOldKernelDoesNotTell() {
        assertThat(StolenTime.find(List.of("cpu  1 2 3 4"))).isEmpty();
        assertThat(StolenTime.find(List.of())).isEmpty();
    }

    @Test
    void neverRunsBackwards() {
        final StolenTime stolen = StolenTime.start();

        assertThat(stolen.ns()).isNotNegative();
        assertThat(stolen.share()).isBetween(0.0, 1.0);
    }
}

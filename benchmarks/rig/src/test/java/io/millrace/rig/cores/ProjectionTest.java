package io.millrace.rig.cores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The model against values worked out by hand. */
class ProjectionTest {
    private static final ThreadCosts COSTS = new ThreadCosts(1_000, 2_000, 17_000); // 20 us, of which 2 in one thread

    @Test
    void countsDoubleUpToAllProcessors() {
        assertThat(CoresRun.counts(1)).containsExactly(1);
        assertThat(CoresRun.counts(2)).containsExactly(1, 2);
        assertThat(CoresRun.counts(6)).containsExactly(1, 2, 4, 6);
        assertThat(CoresRun.counts(8)).containsExactly(1, 2, 4, 8);
    }

    @Test
    void enginesApartLieBetweenAmdahlsLawAndOneToOne() {
        // 2 processors gave 1.6 times one: 2 / (1 + s) = 1.6, so s = 0.25, and 8 give 8 / (1 + 0.25 x 7) at least
        final Projection eight = Projection.of(2, 1.6, COSTS).getFirst();

        assertThat(eight.processors()).isEqualTo(8);
        assertThat(eight.enginesAtLeast()).isCloseTo(2.909, within(0.001));
        assertThat(eight.enginesAtMost()).isEqualTo(8);
    }

    @Test
    void nothingIsGainedByMoreThanOneToOne() {
        assertThat(Projection.serialShare(2, 2.1)).isZero();
        assertThat(Projection.serialShare(1, 1)).isZero();
        assertThat(Projection.serialShare(2, 0.5)).as("worse than one").isEqualTo(1);
    }

    @Test
    void oneEngineIsLimitedByItsBusierSingleThread() {
        final List<Projection> all = Projection.of(2, 2, COSTS);

        assertThat(all).extracting(Projection::processors).containsExactly(8, 16, 64);
        assertThat(all).extracting(Projection::oneEngine).containsExactly(8.0, 10.0, 10.0);
        assertThat(all).extracting(Projection::limitedBy).containsExactly("processors", "gate", "gate");
        assertThat(Projection.of(2, 2, new ThreadCosts(3_000, 2_000, 1_000))
                        .getLast()
                        .limitedBy())
                .isEqualTo("io");
    }

    @Test
    void measuredSizesAreNotModelled() {
        assertThat(Projection.of(16, 14, COSTS))
                .extracting(Projection::processors)
                .containsExactly(64);
        assertThat(Projection.of(64, 50, COSTS)).isEmpty();
    }
}

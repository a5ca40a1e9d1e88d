package io.millrace.rig.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class QuartilesTest {
    @Test
    void takesSamplesAsTheyCome() {
        assertThat(Quartiles.of(List.of(50.0, 10.0, 40.0, 20.0, 30.0))).isEqualTo(new Quartiles(20, 30, 40));
    }

    @Test
    void goesByStraightLinesBetweenSamples() {
        final Quartiles quartiles = Quartiles.of(List.of(0.0, 10.0));

        assertThat(quartiles).isEqualTo(new Quartiles(2.5, 5, 7.5));
        assertThat(quartiles.spread()).isEqualTo(2.5);
    }

    @Test
    void hasNoSpreadInOneSample() {
        assertThat(Quartiles.of(List.of(7.0))).isEqualTo(new Quartiles(7, 7, 7));
        assertThat(Quartiles.of(List.of(7.0)).spread()).isZero();
    }

    @Test
    void refusesNoSamples() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quartiles.of(List.of()))
                .withMessage("no samples");
    }
}

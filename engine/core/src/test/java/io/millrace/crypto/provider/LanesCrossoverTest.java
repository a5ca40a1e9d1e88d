package io.millrace.crypto.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.natives.LanesLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which inputs go into vectors. */
class LanesCrossoverTest {
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "8, 1, 8",
        "13, 1, 13",
        "1, 2, 0",
        "2, 2, 2",
        "8, 2, 8",
        "9, 2, 8",
        "10, 2, 10",
        "15, 8, 8",
        "16, 8, 16",
        "7, 9, 0",
        "8, 9, 0",
        "256, 9, 0",
        "256, 3, 256",
        "255, 3, 255",
    })
    void leavesOutWhatDoesNotFillEnoughLanes(int count, int crossover, int inVectors) {
        assertThat(LanesCrossover.inVectors(count, crossover, LanesCrossover.WIDTH))
                .isEqualTo(inVectors);
    }

    @ParameterizedTest
    @CsvSource({"1, 3, 0", "2, 3, 0", "3, 3, 3", "5, 3, 4", "7, 3, 7", "8, 4, 8", "8, 5, 0", "4, 9, 0", "5, 1, 5"})
    void knowsVectorsOfFour(int count, int crossover, int inVectors) {
        assertThat(LanesCrossover.inVectors(count, crossover, 4)).isEqualTo(inVectors);
    }

    @Test
    void isNeverWhereALevelHasNoKernel() {
        final int never = LanesCrossover.NEVER;

        assertThat(LanesCrossover.ALWAYS.at(LanesLevel.IFMA)).isEqualTo(LanesCrossover.ALWAYS);
        assertThat(LanesCrossover.ALWAYS.at(LanesLevel.AVX512)).isEqualTo(new LanesCrossover(1, 1, 1, never, 1, 1));
        assertThat(LanesCrossover.ALWAYS.at(LanesLevel.AVX2)).isEqualTo(new LanesCrossover(1, 1, 1, never, 1, 1));
    }

    @ParameterizedTest
    @CsvSource({
        "100, 200, 1",
        "200, 200, 1",
        "201, 200, 2",
        "400, 200, 2",
        "1600, 200, 8",
        "1601, 200, 9",
        "9999999, 1, 9",
        "0, 0, 1",
    })
    void isTheNumberOfSingleCallsThatAVectorCosts(long vectorNs, long singleNs, int crossover) {
        assertThat(LanesCrossover.between(vectorNs, singleNs)).isEqualTo(crossover);
    }

    @Test
    void refusesWhatIsNoCrossover() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LanesCrossover(1, 0, 1, 1, 1, 1))
                .withMessageContaining("x25519Base=0");
        assertThatIllegalArgumentException().isThrownBy(() -> new LanesCrossover(1, 1, 1, 1, 10, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new LanesCrossover(1, 1, 1, 1, 1, 10));
    }

    @Test
    void knowsShortTexts() {
        final LanesCrossover crossover = new LanesCrossover(1, 1, 1, 1, 2, 3);

        assertThat(crossover.aead(0)).isEqualTo(3);
        assertThat(crossover.aead(255)).isEqualTo(3);
        assertThat(crossover.aead(256)).isEqualTo(2);
    }
}

package io.millrace.rig.bed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AlphaIndexTest {
    @Test
    void findsEveryPacketEvenWhereSlotsCollide() {
        final int count = 1_000;
        final AlphaIndex index = new AlphaIndex(count);
        for (int i = 0; i < count; i++) {
            assertThat(index.add((long) i << 48, i)).isTrue(); // these share their low bits
        }

        for (int i = 0; i < count; i++) {
            assertThat(index.number((long) i << 48)).isEqualTo(i);
        }
        assertThat(index.number(12_345)).isEqualTo(AlphaIndex.ABSENT);
    }

    @Test
    void refusesASecondPacketWithTheSameKey() {
        final AlphaIndex index = new AlphaIndex(4);

        assertThat(index.add(0, 1)).isTrue();
        assertThat(index.add(0, 2)).isFalse();
        assertThat(index.number(0)).isEqualTo(1);
    }
}

package io.millrace.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class DatagramBatchTest {
    @Test
    void framesThatChangePlacesKeepWhatBelongsToThem() {
        final DatagramBatch frames = new DatagramBatch(Arena.ofAuto().allocate(64), 2);
        frames.room(0, 10);
        frames.room(1, 20);
        frames.filled(0, 3, 4, -50);
        frames.filled(1, 5, 6);

        frames.swap(0, 1);
        assertThat(new int[] {frames.length(0), frames.peer(0), frames.origin(0)})
                .containsExactly(5, 6, 6);
        assertThat(new int[] {frames.length(1), frames.peer(1), frames.origin(1)})
                .containsExactly(3, 4, -50);
        assertThat(frames.position(0)).isEqualTo(20);
        assertThat(frames.position(1)).isEqualTo(10);
    }
}

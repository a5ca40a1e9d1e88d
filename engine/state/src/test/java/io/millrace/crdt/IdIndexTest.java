package io.millrace.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crdt.type.OperationId;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdIndexTest {
    @Test
    void agreesWithAHashMap() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final IdIndex index = new IdIndex(segment -> segment.fill((byte) random.nextInt()));
        final Map<OperationId, Integer> model = new HashMap<>();

        for (int i = 0; i < 200_000; i++) {
            // Few distinct words, so that names share some of them.
            final OperationId id =
                    new OperationId(random.nextInt(64), random.nextInt(64), random.nextInt(8), random.nextInt(8));
            final int found = index.find(id);
            assertThat(found).as("seed=" + seed).isEqualTo(model.getOrDefault(id, IdIndex.ABSENT));
            if (found == IdIndex.ABSENT) {
                model.put(id, index.add(id));
            }
        }

        assertThat(index.size()).isEqualTo(model.size());
        model.forEach((id, position) -> assertThat(index.get(position)).isEqualTo(id));
    }
}

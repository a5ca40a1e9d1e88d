package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.relay.RoutingTable.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Every configured id is found, no other is. */
class RoutingTableTest {
    @Test
    void findsEveryPeerAndNobodyElse() {
        final long seed = 42;
        final SplittableRandom random = new SplittableRandom(seed);
        for (int size = 0; size <= 200; size++) {
            final List<PeerId> ids = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                // The same low bits everywhere: the worst case for the table.
                ids.add(new PeerId(random.nextLong() << 16, random.nextLong()));
            }
            final RoutingTable table = new RoutingTable(ids);
            for (int i = 0; i < size; i++) {
                assertThat(table.peer(ids.get(i).low(), ids.get(i).high()))
                        .as("seed=%d size=%d", seed, size)
                        .isEqualTo(i);
                assertThat(table.peer(ids.get(i).low(), ids.get(i).high() + 1)).isEqualTo(RoutingTable.UNKNOWN);
            }
            assertThat(table.peer(1, 1)).isEqualTo(RoutingTable.UNKNOWN);
        }
    }

    @Test
    void refusesTwoPeersOfOneId() {
        final PeerId id = new PeerId(1, 2);
        assertThatThrownBy(() -> new RoutingTable(List.of(id, id))).hasMessageContaining("peer=1");
    }
}

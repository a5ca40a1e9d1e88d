package io.millrace.relay.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.relay.peer.PeerKey;
import io.millrace.sphinx.RelayId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Every key of a peer is found, with the peer and its epoch, and no other is. */
class RoutingTableTest {
    @Test
    void findsEveryKeyOfEveryPeerAndNoOther() {
        final long seed = 42;
        final SplittableRandom random = new SplittableRandom(seed);
        for (int size = 0; size <= 200; size++) {
            final List<List<PeerKey>> keys = new ArrayList<>();
            for (int peer = 0; peer < size; peer++) {
                final List<PeerKey> own = new ArrayList<>();
                for (int i = 0; i < peer % 4; i++) {
                    // The same low bits everywhere: the worst case for the table.
                    final RelayId id = new RelayId(random.nextLong() << 16, random.nextLong());
                    own.add(new PeerKey(id, random.nextLong(1L << 40)));
                }
                keys.add(own);
            }
            final RoutingTable table = new RoutingTable(keys);
            for (int peer = 0; peer < size; peer++) {
                for (PeerKey key : keys.get(peer)) {
                    final int route = table.find(key.id().low(), key.id().high());
                    assertThat(RoutingTable.peer(route))
                            .as("seed=%d size=%d", seed, size)
                            .isEqualTo(peer);
                    assertThat(RoutingTable.epoch(route)).isEqualTo((int) (key.epoch() & 0xff));
                    assertThat(table.find(key.id().low(), key.id().high() + 1)).isEqualTo(RoutingTable.UNKNOWN);
                }
            }
            assertThat(table.find(1, 1)).isEqualTo(RoutingTable.UNKNOWN);
        }
    }

    @Test
    void refusesOneKeyTwice() {
        final List<PeerKey> keys = List.of(new PeerKey(new RelayId(1, 2), 3));
        assertThatThrownBy(() -> new RoutingTable(List.of(keys, keys))).hasMessageContaining("peer=1, other peer=0");
    }
}

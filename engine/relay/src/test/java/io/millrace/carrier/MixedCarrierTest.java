package io.millrace.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MixedCarrierTest {
    private static final List<Integer> ORIGINS = List.of(
            DatagramBatch.UNKNOWN_PEER - 1,
            DatagramBatch.UNKNOWN_PEER - 2,
            DatagramBatch.UNKNOWN_PEER - 65,
            LocalOrigins.of(0, 0),
            LocalOrigins.of(1, 7),
            LocalOrigins.of(LocalOrigins.PEERS - 1, LocalOrigins.PLACES - 1));

    private final Numbered first = new Numbered(0, ORIGINS);
    private final Numbered second = new Numbered(1, ORIGINS.reversed());
    private final MixedCarrier mixed = new MixedCarrier(first, second, List.of(false, true));
    private final DatagramBatch frames = new DatagramBatch(Arena.ofAuto().allocate(64), 1);

    @Test
    void whatAnswersAMessageGoesToItsCarrier() {
        for (int i = 0; i < 2 * ORIGINS.size(); i++) {
            assertThat(mixed.receive(frames, 1, 64)).isOne();
            final int peer = frames.peer(0);
            mixed.sendMessage(frames.origin(0), frames, 0);
            mixed.bind(frames.origin(0), peer);
        }
        assertThat(first.answered).isEqualTo(ORIGINS);
        assertThat(first.bound).isEqualTo(ORIGINS);
        assertThat(second.answered).isEqualTo(ORIGINS.reversed());
        assertThat(second.bound).isEqualTo(ORIGINS.reversed());
    }

    @Test
    void whatIsForAPeerGoesToItsCarrier() {
        IntStream.range(-1, 3).forEach(peer -> {
            mixed.sendMessage(peer, frames, 0);
            mixed.bind(peer, peer);
        });
        assertThat(first.answered).isEqualTo(List.of(-1, 0, 2));
        assertThat(second.answered).isEqualTo(List.of(1));
        assertThat(second.bound).isEqualTo(List.of(1));
    }

    /** Neither starves while the other always has something. */
    @Test
    void bothCarriersAreServedInTurn() {
        final Set<Integer> peers = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            assertThat(mixed.receive(frames, 1, 64)).isOne();
            peers.add(frames.peer(0));
        }
        assertThat(peers).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void tellsOfTheLostConnectionsOfBoth() {
        assertThat(mixed.pollLost()).isEqualTo(DatagramBatch.UNKNOWN_PEER);
        first.lost.add(0);
        second.lost.add(1);
        assertThat(List.of(mixed.pollLost(), mixed.pollLost())).containsExactlyInAnyOrder(0, 1);
        assertThat(mixed.pollLost()).isEqualTo(DatagramBatch.UNKNOWN_PEER);
    }

    @Test
    void countsTheErrorsOfBothAndClosesBoth() {
        first.errors = 1;
        second.errors = 20;
        assertThat(mixed.receiveErrors()).isEqualTo(21);
        assertThat(mixed.sendErrors()).isEqualTo(42);
        mixed.close();
        assertThat(first.closed).isTrue();
        assertThat(second.closed).isTrue();
    }

    @Test
    void whatComesOverTheWrongCarrierIsAStrangers() {
        final MixedCarrier crossed = new MixedCarrier(first, second, List.of(true, false));
        for (int i = 0; i < 2 * ORIGINS.size(); i++) {
            assertThat(crossed.receive(frames, 1, 64)).isOne();
            assertThat(frames.peer(0)).isEqualTo(DatagramBatch.UNKNOWN_PEER);
            assertThat(frames.origin(0)).isEqualTo(DatagramBatch.UNKNOWN_PEER);
        }
    }

    /** Hands over a message of its one peer for each origin. */
    private static final class Numbered implements Carrier {
        private final int peer;
        private final List<Integer> origins;
        private final List<Integer> answered = new ArrayList<>();
        private final List<Integer> bound = new ArrayList<>();
        private final Queue<Integer> lost = new ArrayDeque<>();
        private int next;
        private long errors;
        private boolean closed;

        Numbered(int peer, List<Integer> origins) {
            this.peer = peer;
            this.origins = origins;
        }

        @Override
        public int receive(DatagramBatch batch, int limit, int roomLength) {
            if (next == origins.size()) {
                return 0;
            }
            batch.filled(0, 1, peer, origins.get(next++));
            return 1;
        }

        @Override
        public int send(int to, DatagramBatch batch, int from, int count) {
            return count;
        }

        @Override
        public void sendMessage(int origin, DatagramBatch messages, int index) {
            answered.add(origin);
        }

        @Override
        public void bind(int origin, int to) {
            bound.add(origin);
        }

        @Override
        public int pollLost() {
            return lost.isEmpty() ? DatagramBatch.UNKNOWN_PEER : lost.remove();
        }

        @Override
        public long receiveErrors() {
            return errors;
        }

        @Override
        public long sendErrors() {
            return 2 * errors;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}

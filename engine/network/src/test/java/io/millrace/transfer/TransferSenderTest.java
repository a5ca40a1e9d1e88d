package io.millrace.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.transfer.TransferMessage.Ack;
import io.millrace.transfer.TransferMessage.Chunk;
import io.millrace.transfer.TransferMessage.Close;
import io.millrace.transfer.TransferMessage.Done;
import io.millrace.transfer.TransferMessage.Offer;
import io.millrace.transfer.TransferMessage.Refused;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TransferSenderTest {
    private static final TransferId ID = new TransferId(1, 2);
    private static final long MS = 1_000_000L;

    private final byte[] content = new byte[2_000 * SimulatedTransfer.CHUNK_LENGTH];
    private final TransferSender sender = sender(content);

    @Test
    void repeatsItsOfferMoreAndMoreRarely() throws IOException {
        final List<Long> times = new ArrayList<>();
        for (long ms = 0; ms < 9_000; ms++) {
            if (sender.poll(ms * MS) instanceof Offer) {
                times.add(ms);
            }
        }
        assertThat(times).containsExactly(0L, 500L, 1_500L, 3_500L, 5_500L, 7_500L);
    }

    @Test
    void sendsNoMoreThanTheWindowBeforeItHears() throws IOException {
        start();
        assertThat(burst(40 * MS)).hasSize(16);
    }

    @Test
    void growsTheWindowWhileChunksArrive() throws IOException {
        start();
        for (long round = 1; round < 6; round++) {
            final int before = burst(round * 40 * MS).getLast() + 1;
            acknowledge(before, new BitSet(), round * 40 * MS + 10 * MS);
        }
        assertThat(burst(300 * MS)).hasSizeGreaterThan(200);
    }

    @Test
    void sendsAgainOnlyWhatIsMissing() throws IOException {
        start();
        assertThat(burst(40 * MS)).hasSize(16);
        final BitSet arrived = new BitSet();
        arrived.set(0, 16);
        arrived.clear(3);
        arrived.clear(9);
        acknowledge(0, arrived, 50 * MS);

        final List<Integer> later = burst(300 * MS);

        assertThat(later).startsWith(3, 9).doesNotContain(0, 1, 2, 4, 5);
        assertThat(sender.counters().retransmissions()).isEqualTo(2);
    }

    @Test
    void shrinksTheWindowAfterALoss() throws IOException {
        start();
        assertThat(burst(40 * MS)).hasSize(16);

        assertThat(burst(10_000 * MS - 41 * MS)).hasSize(11); // 16 * 0.7
    }

    @Test
    void doesNotOutrunTheReceiversWindow() throws IOException {
        start();
        final BitSet allButTheFirst = new BitSet();
        int highest = 0;
        for (long round = 1; round < 400; round++) {
            for (int index : burst(round * 50 * MS)) {
                highest = Math.max(highest, index);
            }
            allButTheFirst.set(1, highest + 1);
            acknowledge(0, allButTheFirst, round * 50 * MS + 20 * MS);
        }
        assertThat(highest).isEqualTo(TransferMessage.WINDOW - 1);
    }

    @Test
    void saysGoodbyeOnceItIsDone() throws IOException {
        start();
        say(new Done(ID), 5 * MS);

        assertThat(sender.state()).isEqualTo(TransferState.DONE);
        assertThat(sender.ended()).isFalse();
        assertThat(sender.poll(5 * MS)).isEqualTo(new Close(ID, true));
        assertThat(sender.ended()).isTrue();
        assertThat(sender.poll(6 * MS)).isNull();
        assertThat(sender.confirmedLength()).isEqualTo(content.length);
    }

    @Test
    void saysWhyTheReceiverRefused() throws IOException {
        start();
        say(new Refused(ID, RefusalReason.EXISTS), 5 * MS);

        assertThat(sender.failure()).isEqualTo("the receiver refused: a file of that name is there already");
        assertThat(sender.poll(6 * MS)).isNull();
        assertThat(sender.ended()).isTrue();
    }

    @Test
    void tellsSilenceFromStandstill() throws IOException {
        start();
        for (int ms = 0; ms < 10_002; ms++) {
            sender.poll(ms * MS);
            if (ms % 100 == 50) {
                acknowledge(0, new BitSet(), ms * MS);
            }
        }
        assertThat(sender.failure())
                .isEqualTo("no progress for 10 s though the receiver answers: are the relays dropping packets?");
    }

    @Test
    void asksAgainWhenAllIsAcknowledgedButNotDone() throws IOException {
        final TransferSender small = sender(new byte[10]);
        assertThat(small.poll(0)).isInstanceOf(Offer.class);
        small.onMessage(MessageCodec.encode(new Ack(ID, 0, 1, new BitSet())), MS);
        assertThat(small.poll(MS)).isInstanceOf(Chunk.class);
        small.onMessage(MessageCodec.encode(new Ack(ID, 1, 1, new BitSet())), 2 * MS);

        assertThat(small.poll(2 * MS)).isNull();
        assertThat(small.poll(small.dueNs())).isInstanceOf(Offer.class);
    }

    @Test
    void ignoresOtherTransfersAndRubbish() throws IOException {
        sender.poll(0);
        sender.onMessage(MessageCodec.encode(new Done(new TransferId(9, 9))), 1);
        sender.onMessage(MessageCodec.encode(new Close(ID, true)), 1);
        sender.onMessage(ByteBuffer.allocate(40), 1);
        // Acknowledges unsent chunks.
        acknowledge(Integer.MAX_VALUE, new BitSet(), 1);

        assertThat(sender.state()).isEqualTo(TransferState.MOVING);
        assertThat(sender.confirmedLength()).isZero();
        assertThat(sender.counters().ignored()).isEqualTo(3);
    }

    @Test
    void keepsItsTimeoutSaneWhateverIsEchoed() throws IOException {
        final Random random = new Random(11);
        start();
        for (int i = 0; i < 1_000; i++) {
            say(new Ack(ID, 0, random.nextLong() & Long.MAX_VALUE, new BitSet()), i);
            assertThat(sender.roundTripNs()).isBetween(0L, 10L * MS);
        }
    }

    @Test
    void passesAReadErrorOn() throws IOException {
        final TransferSender broken = new TransferSender(
                ID,
                SimulatedTransfer.offered("a", content),
                SimulatedTransfer.ROUTE,
                (position, into) -> {
                    throw new IOException("gone");
                },
                TransferTiming.DEFAULT,
                0);
        broken.poll(0);
        broken.onMessage(MessageCodec.encode(new Ack(ID, 0, 1, new BitSet())), MS);

        assertThatThrownBy(() -> broken.poll(MS))
                .isInstanceOf(IOException.class)
                .hasMessage("gone");
        broken.cancel("cannot read");
        assertThat(broken.poll(MS)).isEqualTo(new Close(ID, false));
    }

    private static TransferSender sender(byte[] content) {
        return new TransferSender(
                ID,
                SimulatedTransfer.offered("a", content),
                SimulatedTransfer.ROUTE,
                (position, into) -> into.put(content, (int) position, into.remaining()),
                TransferTiming.DEFAULT,
                0);
    }

    /** Has the offer accepted after a round trip of one millisecond. */
    private void start() throws IOException {
        assertThat(sender.poll(0)).isInstanceOf(Offer.class);
        acknowledge(0, new BitSet(), MS);
    }

    /** All chunks that it wants to send within 20 ms. */
    private List<Integer> burst(long from) throws IOException {
        final List<Integer> indexes = new ArrayList<>();
        for (long now = from; now < from + 20 * MS; now += MS / 10) {
            for (TransferMessage m = sender.poll(now); m != null; m = sender.poll(now)) {
                if (m instanceof Chunk chunk) {
                    indexes.add(chunk.index());
                }
            }
        }
        return indexes;
    }

    private void acknowledge(int cumulative, BitSet selective, long now) {
        say(new Ack(ID, cumulative, now == MS ? 1 : 0, selective), now);
    }

    private void say(TransferMessage message, long now) {
        sender.onMessage(MessageCodec.encode(message), now);
    }
}

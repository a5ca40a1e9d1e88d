package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.receipt.Operation;
import io.millrace.receipt.ReceiptId;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PacketReceiptsTest {
    private static final long PERIOD_NS = 1L << PacketReceipts.PERIOD_SHIFT;
    private static final ReceiptId OWN = new ReceiptId(1, 1);
    private static final int PEERS = 5;

    private final Arena arena = Arena.ofConfined();
    private final VirtualClock clock = new VirtualClock(7 * PERIOD_NS);
    private final List<Offer> offers = new ArrayList<>();
    private final PacketReceipts receipts = receipts(EnumSet.allOf(Operation.class));

    @AfterEach
    void closeArena() {
        arena.close();
    }

    @Test
    void packetsOfNeighboursThatAlternateMakeOneReceiptEach() {
        for (int i = 0; i < 40; i++) {
            receipts.forwarded(i % PEERS, i, -i, clock.nanoTime());
            receipts.delivered(i, i, clock.nanoTime());
            receipts.flush();
        }
        assertThat(offers).isEmpty();

        clock.advance(PERIOD_NS);
        receipts.flush();

        assertThat(offers).hasSize(PEERS + 1);
        assertThat(offers.stream().filter(offer -> offer.operation == Operation.FORWARDED.code()))
                .allMatch(offer -> offer.count == 40 / PEERS);
        assertThat(offers.stream().filter(offer -> offer.operation == Operation.CUSTODY.code()))
                .singleElement()
                .matches(offer -> offer.count == 40 && offer.actorLow == OWN.low());
    }

    @Test
    void aRunIsOfferedWithItsLastPossiblePacketAndNotLater() {
        for (int i = 0; i < PacketReceipts.MAX_RUN - 1; i++) {
            receipts.forwarded(0, i, i, clock.nanoTime());
        }
        receipts.flush();
        assertThat(offers).isEmpty();

        receipts.forwarded(0, 1, 1, clock.nanoTime());

        assertThat(offers).singleElement().matches(offer -> offer.count == PacketReceipts.MAX_RUN);
    }

    @Test
    void theEndOfTheThreadOffersWhatIsOpen() {
        receipts.forwarded(2, 1, 1, clock.nanoTime());
        receipts.finish();
        receipts.finish();

        assertThat(offers).singleElement().matches(offer -> offer.actorLow == 102);
    }

    @Test
    void offersOnlyWhatIsWanted() {
        final PacketReceipts custody = receipts(EnumSet.of(Operation.CUSTODY));
        custody.forwarded(0, 1, 1, clock.nanoTime());
        custody.delivered(1, 1, clock.nanoTime());
        custody.finish();

        assertThat(offers).singleElement().matches(offer -> offer.operation == Operation.CUSTODY.code());
    }

    /** Any traffic: the digests of a neighbour's receipts cover its packets, each once and in their order. */
    @Test
    void theDigestsCoverEveryTagOnceInOrder() throws Exception {
        final long seed = System.nanoTime();
        System.out.println("PacketReceiptsTest seed " + seed);
        final Random random = new Random(seed);
        final Map<Long, List<long[]>> sent = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            final long[] tag = {random.nextLong(), random.nextLong()};
            final int to = random.nextInt(PEERS + 1);
            if (to == PEERS) {
                receipts.delivered(tag[0], tag[1], clock.nanoTime());
            } else {
                receipts.forwarded(to, tag[0], tag[1], clock.nanoTime());
            }
            sent.computeIfAbsent(to == PEERS ? OWN.low() : 100 + to, any -> new ArrayList<>())
                    .add(tag);
            clock.advance(random.nextInt(20_000));
            receipts.flush();
        }
        receipts.finish();

        for (Offer offer : offers) {
            final List<long[]> tags = sent.get(offer.actorLow);
            final ByteBuffer run = ByteBuffer.allocate(16 * offer.count).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < offer.count; i++) {
                final long[] tag = tags.removeFirst();
                run.putLong(tag[0]).putLong(tag[1]);
            }
            assertThat(offer.digest)
                    .isEqualTo(
                            ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(run.array())));
        }
        assertThat(sent.values()).allMatch(List::isEmpty);
    }

    private PacketReceipts receipts(EnumSet<Operation> operations) {
        final List<ReceiptId> peers = new ArrayList<>();
        for (int i = 0; i < PEERS; i++) {
            peers.add(new ReceiptId(0, 100 + i));
        }
        return new PacketReceipts(
                arena,
                (operation, actorHigh, actorLow, nanoTime, digest, position, result) -> offers.add(new Offer(
                        operation,
                        actorLow,
                        ByteBuffer.wrap(digest.asSlice(position, 32).toArray(ValueLayout.JAVA_BYTE)),
                        result)),
                clock,
                operations,
                OWN,
                peers);
    }

    private record Offer(int operation, long actorLow, ByteBuffer digest, int count) {}
}

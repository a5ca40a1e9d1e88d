package io.millrace.relay.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.receipt.Operation;
import io.millrace.receipt.PacketCommitter;
import io.millrace.receipt.ReceiptId;
import io.millrace.relay.Offer;
import io.millrace.test.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When packets get their receipt, and its statements on time and number. */
class PacketReceiptsTest {
    private static final int LEAST = 8;
    private static final long PERIOD_NS = 1_000_000_000;
    private static final int PERIODS = 60;
    private static final ReceiptId OWN = new ReceiptId(1, 1);
    private static final int PEERS = 5;
    private static final PacketReceiptOptions OPTIONS =
            new PacketReceiptOptions(LEAST, Duration.ofNanos(PERIOD_NS), Duration.ofNanos(PERIODS * PERIOD_NS));

    private final VirtualClock clock = new VirtualClock(7 * PERIODS * PERIOD_NS + 12_345);
    private final List<Offer> offers = new ArrayList<>();
    private final List<PacketRun> held = new ArrayList<>();
    private final List<ReceiptId> peers = new ArrayList<>();
    private final PacketReceipts receipts = receipts(EnumSet.allOf(Operation.class));
    private boolean holding;
    private int lost;

    @Test
    void allNeighboursGetTheirReceiptsTogetherAtTheEndOfAPeriod() {
        for (int i = 0; i < 40; i++) {
            receipts.forwarded(i % PEERS, i, -i, clock.nanoTime());
            receipts.ended(i, i, clock.nanoTime());
            clock.advance(PERIOD_NS / 100);
            receipts.flush();
        }
        assertThat(offers).isEmpty();

        clock.advance(PERIOD_NS);
        receipts.flush();

        assertThat(offers).hasSize(PEERS + 1);
        assertThat(offers.stream().filter(offer -> offer.operation == Operation.FORWARDED.code()))
                .allMatch(offer -> offer.count() == 40 / PEERS);
        assertThat(offers.stream().filter(offer -> offer.operation == Operation.CUSTODY.code()))
                .singleElement()
                .matches(offer -> offer.count() == 40 && offer.actor.equals(OWN));
        assertThat(offers.stream().map(Offer::timeNs).distinct()).containsExactly((7 * PERIODS + 1) * PERIOD_NS);
    }

    @Test
    void aReceiptCoversAMultipleOfTheLeastNumberAndTheRestWaits() {
        for (int i = 0; i < 2 * LEAST + 3; i++) {
            receipts.forwarded(1, i, i, clock.nanoTime());
        }
        receipts.forwarded(2, 99, 99, clock.nanoTime());
        clock.advance(PERIOD_NS);
        receipts.flush();

        assertThat(offers).singleElement().matches(offer -> offer.count() == 2 * LEAST);
        for (int i = 0; i < LEAST - 4; i++) {
            receipts.forwarded(1, i, i, clock.nanoTime());
        }
        clock.advance(PERIOD_NS);
        receipts.flush();
        assertThat(offers).hasSize(1);

        receipts.forwarded(1, 0, 0, clock.nanoTime());
        clock.advance(PERIOD_NS);
        receipts.flush();
        assertThat(offers).hasSize(2);
        assertThat(offers.get(1).tags.stream().map(tag -> tag[0])).contains(16L, 17L, 18L);
    }

    @Test
    void atTheEndOfTheLongestTimeFewPacketsGetTheirReceiptToo() {
        receipts.forwarded(2, 1, 1, clock.nanoTime());
        for (int i = 0; i < PERIODS - 1; i++) {
            clock.advance(PERIOD_NS);
            receipts.flush();
        }
        assertThat(offers).isEmpty();

        clock.advance(PERIOD_NS);
        receipts.flush();

        assertThat(offers).singleElement().matches(offer -> offer.count() == 1);
    }

    @Test
    void theEndOfTheThreadOffersAllThatIsOpen() {
        receipts.forwarded(2, 1, 1, clock.nanoTime());
        receipts.finish();
        receipts.finish();

        assertThat(offers).singleElement().matches(offer -> offer.actor.low() == 102);
    }

    @Test
    void offersOnlyWantedOperations() {
        final PacketReceipts custody = receipts(EnumSet.of(Operation.CUSTODY));
        custody.forwarded(0, 1, 1, clock.nanoTime());
        custody.ended(1, 1, clock.nanoTime());
        custody.finish();

        assertThat(offers).singleElement().matches(offer -> offer.operation == Operation.CUSTODY.code());
    }

    /** Full runs wait for the end of the period, and then come by neighbour, not by the time at which they were full. */
    @Test
    void theOrderOfReceiptsTellsNoOrderOfPackets() {
        for (int peer = PEERS - 1; peer >= 0; peer--) {
            for (int i = 0; i < PacketCommitter.MAX_PACKETS; i++) {
                receipts.forwarded(peer, i, peer, clock.nanoTime());
            }
        }
        receipts.flush();
        assertThat(offers).isEmpty();
        clock.advance(PERIOD_NS);
        receipts.flush();

        assertThat(offers.stream().map(offer -> offer.actor.low())).containsExactly(100L, 101L, 102L, 103L, 104L);
    }

    @Test
    void withoutAFreeRunFullOnesGoEarlyAndPacketsBeyondAreCounted() {
        holding = true;
        final int runs = 2 * (PEERS + 1) + PacketReceipts.SPARE_RUNS;
        for (int i = 0; i < runs * PacketCommitter.MAX_PACKETS + 10; i++) {
            receipts.forwarded(0, i, i, clock.nanoTime());
        }

        assertThat(offers).hasSize(runs).allMatch(offer -> offer.timeNs == offers.getFirst().timeNs);
        assertThat(lost).isEqualTo(10);
        held.forEach(PacketRun::free);
        receipts.forwarded(0, 1, 1, clock.nanoTime());
        receipts.finish();
        assertThat(offers).hasSize(runs + 1);
    }

    /** Any traffic: each packet is in one receipt of its neighbour, none twice. */
    @Test
    void receiptsCoverEachPacketOnce() {
        final long seed = System.nanoTime();
        System.out.println("PacketReceiptsTest seed " + seed);
        final Random random = new Random(seed);
        final Map<Long, List<Long>> sent = new HashMap<>();
        for (int i = 0; i < 50_000; i++) {
            final long tag = random.nextLong();
            final int to = random.nextInt(PEERS + 1);
            if (to == PEERS) {
                receipts.ended(tag, i, clock.nanoTime());
            } else {
                receipts.forwarded(to, tag, i, clock.nanoTime());
            }
            sent.computeIfAbsent(to == PEERS ? OWN.low() : 100 + to, any -> new ArrayList<>())
                    .add(tag);
            clock.advance(random.nextInt(20_000_000));
            receipts.flush();
        }
        receipts.finish();

        for (Offer offer : offers) {
            for (long[] tag : offer.tags) {
                assertThat(sent.get(offer.actor.low()).remove(tag[0])).isTrue();
            }
        }
        assertThat(sent.values()).allMatch(List::isEmpty);
        assertThat(lost).isZero();
    }

    /** A place that another neighbour has taken: the packets of the one before wait as they would have. */
    @Test
    void theRestOfARemovedNeighbourWaitsForTheEndOfTheLongestTime() {
        final ReceiptId before = peers.get(1);
        for (int i = 0; i < 3; i++) {
            receipts.forwarded(1, i, i, clock.nanoTime());
        }
        peers.set(1, new ReceiptId(0, 900));
        for (int i = 0; i < LEAST; i++) {
            receipts.forwarded(1, i, i, clock.nanoTime());
        }
        clock.advance(PERIOD_NS);
        receipts.flush();
        assertThat(offers).singleElement().matches(offer -> offer.count() == LEAST && offer.actor.low() == 900);

        clock.advance(PERIODS * PERIOD_NS);
        receipts.flush();
        assertThat(offers).hasSize(2);
        assertThat(offers.getLast()).matches(offer -> offer.count() == 3 && offer.actor.equals(before));
    }

    /** Neighbours come and go at all places: each packet is in one receipt of the neighbour that it left for. */
    @Test
    void receiptsCoverEachPacketOnceWhileNeighboursComeAndGo() {
        final long seed = System.nanoTime();
        System.out.println("PacketReceiptsTest seed " + seed);
        final Random random = new Random(seed);
        final Map<Long, List<Long>> sent = new HashMap<>();
        long nextId = 1_000;
        for (int i = 0; i < 50_000; i++) {
            final int to = random.nextInt(PEERS);
            if (random.nextInt(50) == 0) {
                peers.set(to, new ReceiptId(0, nextId++));
            }
            receipts.forwarded(to, i, -i, clock.nanoTime());
            sent.computeIfAbsent(peers.get(to).low(), any -> new ArrayList<>()).add((long) i);
            clock.advance(random.nextInt(20_000_000));
            receipts.flush();
        }
        receipts.finish();

        for (Offer offer : offers) {
            for (long[] tag : offer.tags) {
                assertThat(sent.get(offer.actor.low()).remove(tag[0])).isTrue();
            }
        }
        assertThat(sent.values()).allMatch(List::isEmpty);
        assertThat(lost).isZero();
    }

    private PacketReceipts receipts(EnumSet<Operation> operations) {
        for (int i = 0; i < PEERS; i++) {
            peers.add(new ReceiptId(0, 100 + i));
        }
        return new PacketReceipts(new Taking(), clock, OPTIONS, operations, OWN, PEERS, peers::get);
    }

    private record Offer(int operation, ReceiptId actor, long timeNs, List<long[]> tags) {
        int count() {
            return tags.size();
        }
    }

    private final class Taking implements ReceiptSink {
        @Override
        public boolean offer(PacketRun run, long nanoTime, long periodNs) {
            assertThat(periodNs).isEqualTo(PERIOD_NS);
            final List<long[]> tags = IntStream.range(0, run.count)
                    .mapToObj(i -> Arrays.copyOfRange(run.tags, 2 * i, 2 * i + 2))
                    .toList();
            offers.add(new Offer(run.operation, run.actor, nanoTime, tags));
            if (holding) {
                held.add(run);
            } else {
                run.free();
            }
            return true;
        }

        @Override
        public void lost() {
            lost++;
        }
    }
}

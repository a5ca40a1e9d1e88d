package io.millrace.relay;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.memory.TrackedArena;
import io.millrace.relay.packet.Delivery;
import io.millrace.relay.packet.PacketSource;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.packet.Verdict;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Slots that the application fills in place: taken, given back, never lost, never more than are its share. */
class PacketClaimsTest {
    private static final long SEED = 20_261_130;
    private static final int SLOTS = 256;
    private static final int SHARE = SLOTS / 2;
    private static final int OWN = PacketSource.application(7);

    private long liveBytes;

    @BeforeEach
    void rememberLiveBytes() {
        liveBytes = TrackedArena.liveBytes();
    }

    @AfterEach
    void allMemoryIsBack() {
        assertThat(TrackedArena.liveBytes()).as("live native bytes").isEqualTo(liveBytes);
    }

    @Test
    void handsABatchOverInOneCommit() {
        final List<String> drops = new ArrayList<>();
        try (EngineUnderTest test = newEngine(drops)) {
            test.engine.open();
            try (PacketClaims claims = test.engine.newClaims(8)) {
                assertThat(claims.claim(5)).isEqualTo(Offer.OK);
                assertThat(claims.count()).isEqualTo(5);
                fill(claims.packet(0), test.packetForRelay());
                fill(claims.packet(1), test.packetForStranger());
                fill(claims.packet(3), test.packetFor(EngineUnderTest.FIRST));
                claims.offer(0, PacketSource.APPLICATION, 1);
                claims.offer(1, OWN, 1);
                claims.originate(3, EngineUnderTest.FIRST, 0);
                assertThat(claims.commit()).isEqualTo(Offer.OK);
                assertThat(claims.count()).isZero();
                stepUntilEnded(test, 2);

                final EngineCounters counters = test.engine.counters();
                assertThat(counters.conserved()).isTrue();
                assertThat(counters.received()).isEqualTo(2);
                assertThat(counters.originated()).isEqualTo(1);
                assertThat(counters.delivered()).isEqualTo(1);
                assertThat(counters.forwarded()).isEqualTo(1);
                assertThat(drops).containsExactly("UNKNOWN_NEXT_HOP " + OWN);
            }
        }
    }

    @Test
    void givesBackWhatIsAbandonedUnmarkedOrForgotten() {
        try (EngineUnderTest test = newEngine(new ArrayList<>())) {
            test.engine.open();
            final PacketClaims claims = test.engine.newClaims(SHARE);
            for (int i = 0; i < 3; i++) {
                assertThat(claims.claim(SHARE)).isEqualTo(Offer.OK);
                assertThat(claims.count()).isEqualTo(SHARE);
                if (i == 1) {
                    assertThat(claims.commit()).isEqualTo(Offer.OK);
                } else {
                    claims.abandon();
                }
                assertThat(claims.count()).isZero();
            }
            assertThat(claims.claim(SHARE)).isEqualTo(Offer.OK);
            claims.close();
            claims.close();
            assertThatThrownBy(() -> claims.claim(1)).isInstanceOf(IllegalStateException.class);
            // The engine takes back claimed slots when it is closed; it fails if a slot is lost.
            assertThat(test.engine.newClaims(SHARE).claim(SHARE)).isEqualTo(Offer.OK);
        }
    }

    @Test
    void leavesHalfOfTheSlotsToTheRest() {
        try (EngineUnderTest test = newEngine(new ArrayList<>())) {
            test.engine.open();
            final PacketClaims first = test.engine.newClaims(100);
            final PacketClaims second = test.engine.newClaims(100);
            assertThat(first.claim(100)).isEqualTo(Offer.OK);
            assertThat(second.claim(100)).isEqualTo(Offer.OK);
            assertThat(second.count()).isEqualTo(SHARE - 100);
            final PacketClaims third = test.engine.newClaims(1);
            assertThat(third.claim(1)).isEqualTo(Offer.FULL);
            assertThat(third.count()).isZero();
            assertThat(test.engine.offer(MemorySegment.ofArray(test.packetForRelay()), 0))
                    .isEqualTo(Offer.OK);
            first.abandon();
            assertThat(third.claim(1)).isEqualTo(Offer.OK);
        }
    }

    @Test
    void commitsTheRestWhenTheRingHasRoomAgain() {
        try (EngineUnderTest test = newEngine(new ArrayList<>())) {
            test.engine.open();
            final PacketClaims claims = test.engine.newClaims(100);
            assertThat(claims.claim(100)).isEqualTo(Offer.OK);
            for (int i = 0; i < 100; i++) {
                fill(claims.packet(i), test.packetForRelay());
                claims.offer(i, PacketSource.APPLICATION, 1);
            }
            assertThat(claims.commit()).isEqualTo(Offer.FULL);
            assertThat(claims.count()).isEqualTo(100 - 64);
            assertThat(claims.commit()).isEqualTo(Offer.FULL);
            stepUntilEnded(test, 64);
            assertThat(claims.commit()).isEqualTo(Offer.OK);
            stepUntilEnded(test, 100);
            assertThat(test.engine.counters().delivered()).isEqualTo(100);
        }
    }

    @Test
    void showsNoByteOfAnotherPacket() {
        try (EngineUnderTest test = newEngine(new ArrayList<>())) {
            test.engine.open();
            for (int i = 0; i < 40; i++) {
                test.engine.offer(MemorySegment.ofArray(test.packetForRelay()), 0);
            }
            stepUntilEnded(test, 40);
            final PacketClaims claims = test.engine.newClaims(SHARE);
            claims.claim(SHARE);
            for (int i = 0; i < claims.count(); i++) {
                final MemorySegment packet = claims.packet(i);
                assertThat(packet.byteSize()).isEqualTo(2_048 + 32);
                assertThat(packet.mismatch(MemorySegment.ofArray(new byte[2_048 + 32])))
                        .isEqualTo(-1);
            }
        }
    }

    @Test
    void answersClosedOnceTheEngineStops() {
        final EngineUnderTest test = newEngine(new ArrayList<>());
        final PacketClaims claims = test.engine.newClaims(4);
        assertThat(claims.claim(2)).isEqualTo(Offer.CLOSED);
        test.engine.open();
        assertThat(claims.claim(2)).isEqualTo(Offer.OK);
        final MemorySegment packet = claims.packet(0);
        fill(packet, test.packetForRelay());
        claims.offer(0, PacketSource.APPLICATION, 1);
        test.engine.stop(Duration.ZERO);
        assertThat(claims.commit()).isEqualTo(Offer.CLOSED);
        fill(packet, new byte[2_048]); // still the application's memory
        claims.abandon();
        test.close();
        assertThat(claims.commit()).isEqualTo(Offer.CLOSED);
        claims.close();
        assertThatThrownBy(() -> packet.set(JAVA_BYTE, 0, (byte) 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void checksItsArguments() {
        try (EngineUnderTest test = newEngine(new ArrayList<>())) {
            test.engine.open();
            for (int limit : new int[] {0, -1, PacketClaims.MAX_LIMIT + 1}) {
                assertThatThrownBy(() -> test.engine.newClaims(limit)).isInstanceOf(IllegalArgumentException.class);
            }
            final PacketClaims claims = test.engine.newClaims(2);
            assertThatThrownBy(() -> claims.claim(3)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> claims.claim(0)).isInstanceOf(IllegalArgumentException.class);
            claims.claim(2);
            assertThatThrownBy(() -> claims.claim(1)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> claims.packet(2)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> claims.packet(-1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> claims.originate(0, 3, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> claims.offer(0, 3, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> claims.offer(0, PacketSource.UNKNOWN, 0))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Random claims, commits and restarts of two senders: every slot is somewhere, every committed packet is counted. */
    @Test
    void losesNoSlotWhateverTheOrder() {
        for (int round = 0; round < 20; round++) {
            final long seed = SEED + round;
            final SplittableRandom random = new SplittableRandom(seed);
            try (EngineUnderTest test = newEngine(new ArrayList<>())) {
                test.engine.open();
                final PacketClaims[] senders = {test.engine.newClaims(100), test.engine.newClaims(100)};
                final int[] marked = new int[senders.length];
                long committed = 0;
                for (int i = 0; i < 300; i++) {
                    final int sender = random.nextInt(senders.length);
                    final PacketClaims claims = senders[sender];
                    if (claims.count() == 0) {
                        claims.claim(1 + random.nextInt(100));
                        marked[sender] = mark(claims, random);
                    }
                    if (random.nextInt(4) == 0) {
                        claims.abandon();
                    } else {
                        final boolean whole = claims.commit() == Offer.OK;
                        assertThat(whole).as("seed=%d", seed).isEqualTo(claims.count() == 0);
                        committed += marked[sender] - claims.count();
                    }
                    marked[sender] = claims.count();
                    if (random.nextBoolean()) {
                        test.step();
                    }
                }
                for (PacketClaims claims : senders) {
                    claims.abandon();
                }
                while (!test.engine.parts().ring().isEmpty()) {
                    test.step();
                }
                assertThat(test.engine.counters().received())
                        .as("seed=%d", seed)
                        .isPositive()
                        .isEqualTo(committed);
                assertThat(test.engine.counters().conserved())
                        .as("seed=%d", seed)
                        .isTrue();
                assertThat(test.engine.counters().inFlight())
                        .as("seed=%d", seed)
                        .isZero();
            }
        }
    }

    @Test
    void allocatesNothingPerPacket() {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (EngineUnderTest test = newEngine(new ArrayList<>())) {
            test.engine.open();
            final PacketClaims claims = test.engine.newClaims(32);
            final int rounds = 20;
            final int batches = 60;
            long least = Long.MAX_VALUE;
            for (int round = 0; round < rounds; round++) {
                long allocated = 0;
                for (int batch = 0; batch < batches; batch++) {
                    final long before = threads.getCurrentThreadAllocatedBytes();
                    claims.claim(32);
                    for (int i = 0; i < 32; i++) {
                        claims.packet(i).set(JAVA_LONG, 0, i);
                        claims.originate(i, EngineUnderTest.FIRST, 0);
                    }
                    claims.commit();
                    claims.abandon();
                    allocated += threads.getCurrentThreadAllocatedBytes() - before;
                    drain(test);
                }
                least = Math.min(least, allocated);
            }
            assertThat(test.engine.counters().forwarded()).isEqualTo(rounds * batches * 32);
            assertThat((double) least / (batches * 32)).as("bytes per packet").isLessThan(0.1);
        }
    }

    /** Marks some of the claimed packets; returns how many. */
    private static int mark(PacketClaims claims, SplittableRandom random) {
        int marked = 0;
        for (int at = 0; at < claims.count(); at++) {
            if (random.nextInt(3) > 0) {
                claims.packet(at).set(JAVA_LONG, 0, random.nextLong());
                claims.offer(at, OWN, 1);
                marked++;
            }
        }
        return marked;
    }

    private static void drain(EngineUnderTest test) {
        while (!test.engine.parts().ring().isEmpty()) {
            test.step();
        }
        test.step();
        test.step();
    }

    private static EngineUnderTest newEngine(List<String> drops) {
        final EngineConfig config = EngineConfig.builder()
                .threading(ThreadingMode.SPLIT)
                .slotCount(SLOTS)
                .ringSize(64)
                .maxDelay(Duration.ofMillis(10))
                .build();
        return new EngineUnderTest(
                config,
                SEED,
                10_000,
                builder -> builder.listener(new RelayListener() {
                    @Override
                    public boolean onDeliver(Delivery delivery) {
                        return true;
                    }

                    @Override
                    public void onDrop(Verdict verdict, int source) {
                        drops.add(verdict + " " + source);
                    }
                }));
    }

    private static void fill(MemorySegment packet, byte[] bytes) {
        MemorySegment.copy(bytes, 0, packet, JAVA_BYTE, 0, bytes.length);
    }

    private static void stepUntilEnded(EngineUnderTest test, long received) {
        for (int i = 0; i < 1_000_000; i++) {
            test.step();
            if (test.engine.counters().received() >= received
                    && test.engine.counters().inFlight() == 0
                    && test.engine.parts().ring().isEmpty()) {
                return;
            }
        }
        throw new AssertionError("packets do not end: " + test.engine.counters() + Map.of("expected", received));
    }
}

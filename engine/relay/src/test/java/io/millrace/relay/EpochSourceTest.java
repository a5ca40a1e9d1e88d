package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.SecretKey;
import io.millrace.relay.epoch.EpochReport;
import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.relay.epoch.NetworkClock;
import io.millrace.relay.epoch.RetiredEpoch;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.packet.PacketSource;
import io.millrace.relay.packet.Verdict;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine goes on though the application's source of epochs, clock or executor fails. */
@Timeout(300)
class EpochSourceTest extends SourcedEngine {
    @Test
    void aNearlyFullEpochEndsEarlyWithAnOverlapThreeEpochsAheadAtMost() {
        start(builder(new Source() {
            @Override
            public boolean beginEarly(long number, long nowMs) {
                return true;
            }
        }));
        for (long number = FIRST; number < FIRST + 3; number++) {
            fill(number, TAGS * 8 / 10 - 1);
            pass(1);
            assertThat(engine.keyEpoch()).isEqualTo(number);
            fill(number, 1);
            pass(1);
            assertThat(engine.keyEpoch()).isEqualTo(number + 1);
            assertThat(end(number)).as("in the overlap").isEqualTo(Verdict.DELIVERED);
            pass(9);
            assertThat(end(number)).as("in the overlap").isEqualTo(Verdict.DELIVERED);
            pass(1);
            assertThat(end(number)).isEqualTo(Verdict.EPOCH_OVER);
        }
        fill(FIRST + 3, TAGS - 1);
        pass(1);
        assertThat(engine.keyEpoch()).as("no later key is known").isEqualTo(FIRST + 3);
        assertThat(engine.epochStatus().rolls()).isEqualTo(3);
    }

    @Test
    void aPacketWaitsUnderItsEpochUntilItLeaves() {
        start(builder(new Source()));
        wrapper.wrap(
                SphinxPath.toRecipient(List.of(new SphinxHop(keys.get(FIRST), LONGEST_DELAY_NS)), 1, 2),
                MemorySegment.ofArray(new byte[8]),
                packet,
                0);
        assertThat(engine.offer(PacketSource.APPLICATION, FIRST, packet, 0)).isEqualTo(Offer.OK);
        for (int round = 0; round < 5; round++) {
            engine.doWork();
        }
        assertThat(engine.epochs().getFirst().waiting()).isOne();
        pass(1);
        assertThat(engine.counters().delivered()).isOne();
        assertThat(engine.epochs().getFirst().waiting()).isZero();
    }

    @Test
    void aSourceThatTellsNobodyRollsByTheClockOnly() {
        start(builder(new Source()));
        fill(FIRST, TAGS);
        pass(5);
        assertThat(engine.keyEpoch()).isEqualTo(FIRST);
        assertThat(end(FIRST)).isEqualTo(Verdict.REPLAY_SET_FULL);
        assertThat(engine.epochStatus().failures()).isZero();
        pass(55);
        assertThat(engine.keyEpoch()).isEqualTo(FIRST + 1);
    }

    /** Senders' clocks are wrong by up to nine seconds; each takes the epoch that its clock says. */
    @Test
    void noPacketIsLostAcrossRolls() {
        start(builder(new Source()));
        for (int second = 0; second < 190; second++) {
            pass(1);
            for (int error : new int[] {-9, 0, 9}) {
                final long epoch = FIRST + Math.max(0, second + 1 + error) / 60;
                assertThat(end(epoch))
                        .as("second=%d, error=%d", second, error)
                        .isIn(Verdict.DELIVERED, Verdict.REPLAY_SET_FULL);
            }
            if (second == 0) {
                assertThat(engine.counters().droppedTotal()).isZero();
            }
        }
        assertThat(engine.counters().dropped()).doesNotContainKeys(Verdict.EPOCH_OVER, Verdict.BAD_MAC);
        assertThat(engine.epochStatus().rolls()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "io", "runtime", "error", "memory", "stack"})
    void whateverMakeThrowsIsCountedAndTriedAgain(String kind) {
        final boolean[] broken = {false};
        start(builder(new Source() {
            @Override
            public SphinxEpoch make(long number) throws IOException {
                return broken[0] ? broken(kind) : super.make(number);
            }
        }));
        broken[0] = true;
        pass(80);
        assertThat(engine.keyEpoch()).isEqualTo(FIRST + 1);
        assertThat(end(FIRST + 1)).isEqualTo(Verdict.DELIVERED);
        final long failures = engine.epochStatus().failures();
        assertThat(failures).isBetween(5L, 10L); // after 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10 s
        assertThat(told).hasSize((int) failures);
        assertThat(engine.epochStatus().failure()).containsSame(told.getLast());
        assertThat(engine.epochStatus().problem().orElseThrow()).startsWith("a key epoch is not made: ");
        broken[0] = false;
        pass(60);
        assertThat(engine.keyEpoch()).isEqualTo(FIRST + 2);
        assertThat(engine.epochStatus().failures()).isEqualTo(failures);
        assertThat(engine.epochStatus().problem()).isEmpty();
    }

    private static SphinxEpoch broken(String kind) throws IOException {
        return switch (kind) {
            case "io" -> throw new IOException("no disk");
            case "runtime" -> throw new IllegalStateException();
            case "error" -> throw new AssertionError("no good");
            case "memory" -> throw new OutOfMemoryError("for a test");
            case "stack" -> throw new StackOverflowError();
            default -> null;
        };
    }

    @Test
    void otherCallsThatThrowHoldUpNeitherEachOtherNorTheRoll() {
        final List<Long> tried = new ArrayList<>();
        start(builder(new Source() {
            @Override
            public void onRetired(RetiredEpoch epoch) throws IOException {
                tried.add(epoch.number());
                if (tried.size() < 3) {
                    throw new IOException("no disk");
                }
                super.onRetired(epoch);
            }

            @Override
            public boolean beginEarly(long number, long nowMs) {
                throw new IllegalStateException("no descriptor");
            }

            @Override
            public void work(long running, long nowMs) throws IOException {
                throw new IOException("no room");
            }

            @Override
            public void onFailure(Throwable failure) {
                super.onFailure(failure);
                throw new AssertionError("for a test");
            }
        }));
        fill(FIRST, TAGS * 8 / 10);
        pass(2);
        assertThat(engine.keyEpoch()).isEqualTo(FIRST);
        assertThat(told).extracting(Throwable::getMessage).contains("no descriptor", "no room");
        pass(69);
        assertThat(engine.keyEpoch()).isEqualTo(FIRST + 1);
        passUntil(() -> !retired.isEmpty());
        assertThat(tried).startsWith(FIRST, FIRST, FIRST);
        assertThat(retired).startsWith(FIRST);
        assertThat(keys).containsKey(FIRST + 2);
    }

    /** It is refused; the running epoch's key and set stay open. */
    @ParameterizedTest
    @ValueSource(strings = {"epoch", "key", "set"})
    void anEpochThatSharesPartsWithTheRunningOneIsRefused(String kind) {
        final AtomicReference<SphinxEpoch> first = new AtomicReference<>();
        final AtomicReference<RelaySphinxKey> key = new AtomicReference<>();
        final AtomicReference<ReplaySet> set = new AtomicReference<>();
        final int[] bad = {1};
        start(builder(new Source() {
            @Override
            public SphinxEpoch make(long number) throws IOException {
                if (number == FIRST) {
                    key.set(new RelaySphinxKey(SecretKey.generate(randomness)));
                    keys.put(number, RelayPublicKey.copyOf(key.get().publicKey()));
                    set.set(ReplaySet.create(TAGS, randomness));
                    first.set(new SphinxEpoch(number, key.get(), set.get()));
                    return first.get();
                }
                if (bad[0]-- > 0) {
                    return switch (kind) {
                        case "epoch" -> first.get();
                        case "key" -> new SphinxEpoch(number, key.get(), ReplaySet.create(TAGS, randomness));
                        default ->
                            new SphinxEpoch(number, new RelaySphinxKey(SecretKey.generate(randomness)), set.get());
                    };
                }
                return super.make(number);
            }
        }));
        assertThat(end(FIRST)).isEqualTo(Verdict.DELIVERED);
        pass(50);
        assertThat(engine.epochStatus().failures()).isOne();
        assertThat(end(FIRST)).as("with its key and its set").isEqualTo(Verdict.DELIVERED);
        pass(11);
        assertThat(engine.keyEpoch()).isEqualTo(FIRST + 1);
        assertThat(end(FIRST + 1)).isEqualTo(Verdict.DELIVERED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4", "5,4", "5,5", "1,2,3,4,5", "-1"})
    void firstEpochsThatMakeNoSenseAreRefusedAsTheEngineIsBuilt(String numbers) {
        final RelayEngineBuilder wrong = builder(new Source() {
            @Override
            public List<Long> live(long due) {
                if (numbers.isEmpty()) {
                    return List.of();
                }
                return Arrays.stream(numbers.split(",")).map(Long::valueOf).toList();
            }

            @Override
            public SphinxEpoch make(long number) throws IOException {
                throw new IOException("no disk");
            }
        });
        assertThatThrownBy(wrong::build).isInstanceOfAny(IllegalArgumentException.class, IllegalStateException.class);
    }

    @Test
    void anEngineThatCannotAcceptAllItsFirstEpochsGivesAllBack() {
        final RelayEngineBuilder wrong = builder(new Source() {
            @Override
            public List<Long> live(long due) {
                return List.of(due - 1, due);
            }

            @Override
            public SphinxEpoch make(long number) throws IOException {
                final SphinxEpoch made = super.make(number);
                return number == FIRST ? spent(made) : made;
            }
        });
        assertThatThrownBy(wrong::build).hasMessageContaining("was used before");
    }

    private static SphinxEpoch spent(SphinxEpoch epoch) {
        epoch.discard();
        return epoch;
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE})
    void anEndOutOfReasonIsBounded(long endMs) {
        start(builder(new Source() {
            @Override
            public long endMs(long number, EpochSchedule schedule) {
                return endMs;
            }
        }));
        pass(59);
        assertThat(end(FIRST)).as("the running epoch").isEqualTo(Verdict.DELIVERED);
        pass(12);
        assertThat(engine.keyEpoch()).isEqualTo(FIRST + 1);
        assertThat(engine.epochs()).extracting(EpochReport::number).doesNotContain(FIRST);
        assertThat(end(FIRST + 1)).isEqualTo(Verdict.DELIVERED);
    }

    /** Monotonic clocks do neither; an application's may. */
    @Test
    void aClockThatJumpsOrFailsNeitherStopsTheEngineNorTakesItBack() {
        final long[] jumpNs = {0};
        final RuntimeException[] fault = {null};
        start(builder(new Source()).epochClock(new NetworkClock(() -> SCHEDULE.startMs(FIRST), () -> {
            if (fault[0] != null) {
                throw fault[0];
            }
            return clock.nanoTime() + jumpNs[0];
        })));
        pass(61);
        assertThat(engine.keyEpoch()).isEqualTo(FIRST + 1);
        jumpNs[0] = -3_600 * SECOND_NS;
        pass(10);
        assertThat(engine.keyEpoch()).isEqualTo(FIRST + 1);
        assertThat(end(FIRST + 1)).isEqualTo(Verdict.DELIVERED);
        fault[0] = new IllegalStateException("no clock");
        pass(2);
        assertThat(engine.state()).isEqualTo(EngineState.RUNNING);
        assertThat(told).contains(fault[0]);
        assertThat(engine.epochStatus().problem().orElseThrow()).contains("no clock");
        fault[0] = null;
        jumpNs[0] = 3_600 * SECOND_NS;
        pass(3);
        assertThat(engine.keyEpoch()).isEqualTo(FIRST + 61);
        assertThat(end(FIRST + 61)).isEqualTo(Verdict.DELIVERED);
        assertThat(engine.epochStatus().problem()).isEmpty();
    }

    @Test
    void anExecutorMayRefuseForgetOrRepeat() {
        final Deque<Runnable> steps = new ArrayDeque<>();
        final boolean[] refuses = {true};
        final Executor executor = step -> {
            if (refuses[0]) {
                throw new IllegalStateException("full");
            }
            steps.add(step);
        };
        start(builder(new Source()).epochExecutor(executor));
        pass(70);
        assertThat(engine.keyEpoch()).isEqualTo(FIRST + 1);
        assertThat(told).isNotEmpty().allSatisfy(each -> assertThat(each).hasMessage("full"));
        refuses[0] = false;
        pass(20);
        assertThat(steps).as("one at a time").hasSize(1);
        assertThat(engine.epochStatus().problem()).isPresent();
        steps.peek().run();
        steps.peek().run();
        steps.remove().run();
        pass(1);
        assertThat(keys).containsOnlyKeys(FIRST, FIRST + 1, FIRST + 2);
        assertThat(engine.epochStatus().problem()).isEmpty();
    }
}

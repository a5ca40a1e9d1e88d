package io.millrace.htx.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.frame.RekeyLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Seeded histories of two sessions over a pipe that loses nothing and cuts everything: bytes arrive in chunks of any
 * length, late, and each end gets its turn at random. Streams are opened, written, half-closed, reset, read or left alone.
 */
class SessionSimulationTest {
    private static final int HISTORIES = 60;
    private static final RekeyLimits OFTEN = new RekeyLimits(40, 1L << 20, Duration.ofSeconds(2));

    @Test
    void deliversEveryByteInOrderAndEndsInOrder() {
        final long base = System.nanoTime();
        for (int i = 0; i < HISTORIES; i++) {
            final long seed = base + i;
            try (History history = new History(seed)) {
                history.run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed=" + seed, e);
            }
        }
    }

    /** A stream and the progress of its two ends. The byte at each position is a function of the two. */
    private static final class Conversation {
        private final SessionStream[] ends = new SessionStream[2];
        private final long[] written = new long[2];
        private final long[] read = new long[2];
        private final long[] goal = new long[2];
        private final boolean[] finished = new boolean[2];
        private boolean reset;
    }

    /** One seeded run. */
    private static final class History implements AutoCloseable {
        private final SplittableRandom random;
        private final SessionUnderTest[] ends = new SessionUnderTest[2];
        private final List<List<byte[]>> pipes = List.of(new ArrayList<>(), new ArrayList<>());
        private final List<Conversation> conversations = new ArrayList<>();
        private final int toOpen;
        private long now;

        History(long seed) {
            random = new SplittableRandom(seed);
            final PaddingPolicy padding = switch (random.nextInt(3)) {
                case 0 -> PaddingPolicy.NONE;
                case 1 -> PaddingPolicy.SIZE_CLASSES;
                default -> PaddingPolicy.IDLE;
            };
            final SessionConfig config = SessionConfig.HTX1.withRekey(OFTEN).withPadding(padding);
            ends[0] = new SessionUnderTest(true, config, seed, 0);
            ends[1] = new SessionUnderTest(false, config, seed + 1, 0);
            toOpen = random.nextInt(1, 20);
        }

        void run() {
            int steps = 0;
            while (!done()) {
                assertThat(++steps).as("the history comes to an end").isLessThan(200_000);
                step(random.nextInt(2));
            }
            ends[0].session.shutdown();
            for (int i = 0; ends[0].session.end() == null || ends[1].session.end() == null; i++) {
                assertThat(i).as("the sessions come to an end").isLessThan(10_000);
                carry(i & 1);
            }
            for (int who = 0; who < 2; who++) {
                assertThat(ends[who].session.end()).isEqualTo(SessionEnd.CLOSED);
                assertThat(ends[who].session.streams()).isZero();
                assertThat(ends[who].session.buffered()).isZero();
            }
        }

        private boolean done() {
            return conversations.size() == toOpen && conversations.stream().allMatch(this::isOver);
        }

        private boolean isOver(Conversation each) {
            return each.ends[0] != null
                    && each.ends[1] != null
                    && each.ends[0].over()
                    && each.ends[1].over()
                    && (each.reset || (each.read[0] == each.goal[0] && each.read[1] == each.goal[1]));
        }

        private void step(int who) {
            now += random.nextInt(2_000_000);
            if (conversations.size() < toOpen && random.nextInt(20) == 0) {
                open(who);
            }
            for (Conversation each : conversations) {
                if (each.ends[who] != null && random.nextInt(3) == 0) {
                    act(each, who);
                }
            }
            carry(who);
        }

        private void open(int who) {
            final Conversation each = new Conversation();
            each.ends[0] = ends[who].session.open(now);
            each.goal[0] = random.nextInt(4) == 0 ? 0 : random.nextInt(300_000);
            each.goal[1] = random.nextInt(4) == 0 ? 0 : random.nextInt(300_000);
            // Ends are numbered by session, so that who means the same everywhere.
            if (who == 1) {
                each.ends[1] = each.ends[0];
                each.ends[0] = null;
            }
            conversations.add(each);
        }

        private void act(Conversation each, int who) {
            final SessionStream stream = each.ends[who];
            if (random.nextInt(2_000) == 0 && !stream.over()) {
                each.reset = true;
                stream.reset(random.nextInt(10));
            }
            if (each.written[who] < each.goal[1 - who]) {
                final int length = (int) Math.min(each.goal[1 - who] - each.written[who], random.nextInt(40_000));
                final byte[] bytes = new byte[length];
                for (int i = 0; i < length; i++) {
                    bytes[i] = expected(stream.id(), who, each.written[who] + i);
                }
                each.written[who] += Math.max(0, SessionUnderTest.write(stream, bytes));
            } else if (!each.finished[who]) {
                each.finished[who] = true;
                stream.finish();
            }
            if (random.nextInt(4) > 0) {
                for (byte b : SessionUnderTest.read(stream)) {
                    assertThat(b).isEqualTo(expected(stream.id(), 1 - who, each.read[who]++));
                }
            }
            if (stream.isReset()) {
                stream.release();
            }
            if (!each.reset && stream.readable() == 0 && SessionUnderTest.readNothing(stream) == SessionStream.END) {
                assertThat(each.read[who]).isEqualTo(each.goal[who]);
            }
        }

        private void carry(int who) {
            final byte[] sent = ends[who].take(random.nextInt(1, 60_000), now);
            if (sent.length > 0) {
                pipes.get(who).add(sent);
            }
            final List<byte[]> incoming = pipes.get(1 - who);
            for (int i = random.nextInt(4); i > 0 && !incoming.isEmpty(); i--) {
                ends[who].give(incoming.removeFirst(), now);
            }
            ends[who].session.tick(now);
            assertThat(ends[who].session.violation()).isNull();
            assertThat(ends[who].session.buffered()).isLessThanOrEqualTo(SessionConfig.HTX1.maxReceived());
            while (!ends[who].opened.isEmpty()) {
                final SessionStream stream = ends[who].opened.remove();
                conversations.stream()
                        .filter(each -> each.ends[who] == null && each.ends[1 - who].id() == stream.id())
                        .forEach(each -> each.ends[who] = stream);
            }
        }

        private static byte expected(long id, int who, long position) {
            return (byte) ((id * 31 + who) * 17 + position * 7 + (position >>> 8));
        }

        @Override
        public void close() {
            ends[0].close();
            ends[1].close();
        }
    }
}

package io.millrace.htx.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two ends that keep the rules, over a pipe without delay unless a test says otherwise. */
class SessionTest extends SessionEnds {
    @Test
    void carriesBytesBothWaysAndEndsEachDirectionByItself() {
        final SessionStream near = a.session.open(0);
        write(near, "question");
        near.finish();
        settle(0);
        final SessionStream far = b.opened.remove();
        assertThat(read(far)).isEqualTo("question");
        assertThat(SessionUnderTest.readNothing(far)).isEqualTo(SessionStream.END);
        assertThat(near.over()).isFalse();

        write(far, "answer");
        settle(0);
        assertThat(read(near)).isEqualTo("answer");
        assertThat(SessionUnderTest.readNothing(near)).isZero();
        far.finish();
        settle(0);
        assertThat(SessionUnderTest.readNothing(near)).isEqualTo(SessionStream.END);
        assertThat(near.over()).isTrue();
        assertThat(a.session.streams() + b.session.streams()).isZero();
        assertThatThrownBy(() -> write(near, "more")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void numbersStreamsOddFromTheInitiatorAndEvenFromTheResponder() {
        assertThat(a.session.open(0).id()).isEqualTo(1);
        assertThat(a.session.open(0).id()).isEqualTo(3);
        assertThat(b.session.open(0).id()).isEqualTo(2);
        settle(0);
        assertThat(b.opened).extracting(SessionStream::id).containsExactly(1L, 3L);
        assertThat(a.opened).extracting(SessionStream::id).containsExactly(2L);
    }

    @Test
    void tellsBothEndsOfAReset() {
        final SessionStream near = a.session.open(0);
        write(near, "some");
        settle(0);
        final SessionStream far = b.opened.remove();
        write(far, "never read");
        near.reset(7);
        settle(0);

        assertThat(SessionUnderTest.readNothing(far)).isEqualTo(SessionStream.GONE);
        assertThat(write(far, "x")).isEqualTo(SessionStream.GONE);
        assertThat(near.over())
                .as("before the other application has let go of it")
                .isFalse();
        far.release();
        settle(0);
        assertThat(SessionUnderTest.readNothing(near)).isEqualTo(SessionStream.GONE);
        assertThat(a.session.streams() + b.session.streams()).isZero();
        assertThat(a.session.buffered() + b.session.buffered()).isZero();
        assertThat(a.session.end()).isNull();
        assertThat(b.session.end()).isNull();
    }

    @Test
    void survivesResetsThatCrossEachOtherOrALastByte() {
        for (int variant = 0; variant < 4; variant++) {
            final SessionStream near = a.session.open(0);
            settle(0);
            final SessionStream far = b.opened.remove();
            near.reset(1);
            if (variant == 0) {
                far.reset(2);
            } else if (variant == 1) {
                far.finish();
            } else if (variant == 2) {
                write(far, "late");
                far.finish();
                far.reset(3);
            } else {
                write(far, "late");
            }
            final byte[] toB = a.take(Integer.MAX_VALUE, 0);
            final byte[] toA = b.take(Integer.MAX_VALUE, 0);
            a.give(toA, 0);
            b.give(toB, 0);
            far.release();
            near.release();
            settle(0);
            assertThat(a.session.heldStreams() + b.session.heldStreams()).isZero();
            assertThat(a.session.streams() + b.session.streams())
                    .as("variant %d", variant)
                    .isZero();
            assertThat(a.session.end())
                    .as("variant %d: %s", variant, a.session.violation())
                    .isNull();
            assertThat(b.session.end())
                    .as("variant %d: %s", variant, b.session.violation())
                    .isNull();
        }
    }

    @Test
    void doesNotLetAStreamThatNobodyReadsHoldUpAnother() {
        final SessionStream stalled = a.session.open(0);
        final SessionStream flowing = a.session.open(0);
        for (int i = 0; i < 8; i++) {
            SessionUnderTest.write(stalled, new byte[65_536]);
            settle(0);
        }
        b.opened.remove();
        final SessionStream far = b.opened.remove();
        assertThat(b.session.buffered()).isEqualTo(65_535);
        assertThat(stalled.unsent()).isGreaterThan(100_000);

        long received = 0;
        for (int i = 0; i < 100; i++) {
            SessionUnderTest.write(flowing, new byte[50_000]);
            settle(0);
            received += SessionUnderTest.read(far).length;
        }
        settle(0);
        received += SessionUnderTest.read(far).length;
        assertThat(received).isEqualTo(100L * 50_000);
    }

    @Test
    void sharesThePathEvenlyAmongThirtyTwoStreams() {
        final List<SessionStream> near = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            near.add(a.session.open(0));
        }
        settle(0);
        final List<SessionStream> far = new ArrayList<>(b.opened);
        final long[] received = new long[32];
        for (int round = 0; round < 2_000; round++) {
            for (SessionStream stream : near) {
                SessionUnderTest.write(stream, new byte[30_000]);
            }
            b.give(a.take(50_000, 0), 0);
            a.give(b.take(Integer.MAX_VALUE, 0), 0);
            for (int i = 0; i < 32; i++) {
                received[i] += SessionUnderTest.read(far.get(i)).length;
            }
        }
        final long least = Arrays.stream(received).min().orElseThrow();
        final long most = Arrays.stream(received).max().orElseThrow();
        assertThat(least).isGreaterThan(2_000_000);
        assertThat(most).isLessThanOrEqualTo(least + least / 10);
    }

    @Test
    void growsTheWindowToTwiceTheBandwidthDelayProduct() {
        final long rtt = SECOND / 10;
        final int bytesPerRtt = 1_000_000;
        final SessionStream near = a.session.open(0);
        long now = 0;
        settle(now);
        final SessionStream far = b.opened.remove();
        assertThat(far.window()).isEqualTo(65_535);
        byte[] toA = new byte[0];
        for (int round = 0; round < 100; round++) {
            now += rtt;
            SessionUnderTest.write(near, new byte[262_144]);
            a.give(toA, now);
            final byte[] toB = fill(near, bytesPerRtt, now);
            // What leaves at the start of a round arrives spread over it.
            b.give(toB, now);
            SessionUnderTest.read(far);
            toA = b.take(Integer.MAX_VALUE, now);
        }
        assertThat(b.session.rttNs()).isBetween(rtt / 2, 2 * rtt);
        assertThat(far.window()).isBetween(bytesPerRtt, 5 * bytesPerRtt);
    }

    @Test
    void closesInOrderOnceAllIsSent() {
        final SessionStream near = a.session.open(0);
        SessionUnderTest.write(near, new byte[200_000]);
        near.finish();
        a.session.shutdown();
        assertThat(a.session.open(0)).isNull();
        long received = 0;
        for (int i = 0; i < 10; i++) {
            settle(0);
            received += SessionUnderTest.read(b.opened.element()).length;
        }
        assertThat(received).isEqualTo(200_000);
        assertThat(a.session.end()).isEqualTo(SessionEnd.CLOSED);
        assertThat(b.session.end()).isEqualTo(SessionEnd.CLOSED);
        assertThat(a.session.finished() && b.session.finished()).isTrue();
        assertThat(SessionUnderTest.readNothing(b.opened.element())).isEqualTo(SessionStream.END);
    }

    @Test
    void tellsATruncatedSessionFromAClosedOne() {
        settle(0);
        b.session.receivedEnd();
        assertThat(b.session.end()).isEqualTo(SessionEnd.TRUNCATED);
        assertThat(b.session.finished()).isTrue();
    }

    @Test
    void givesUpAPeerThatAnswersNoPing() {
        final byte[] lost = a.take(Integer.MAX_VALUE, 0);
        assertThat(lost).isNotEmpty();
        a.session.tick(30 * SECOND - 1);
        assertThat(a.session.end()).isNull();
        assertThat(a.session.deadlineNs()).isEqualTo(30 * SECOND);
        a.session.tick(30 * SECOND);
        assertThat(a.session.end()).isEqualTo(SessionEnd.TIMEOUT);
    }

    @Test
    void drawsTheTimeOfEachPing() {
        settle(0);
        long now = 0;
        long previous = 0;
        for (int i = 0; i < 50; i++) {
            final long next = a.session.deadlineNs();
            assertThat(next - now).isBetween(10 * SECOND, 60 * SECOND);
            assertThat(next - now).isNotEqualTo(previous);
            previous = next - now;
            now = next;
            a.session.tick(now);
            assertThat(a.take(Integer.MAX_VALUE, now)).as("a ping").hasSize(2 + 2 + 8 + 16);
            closeAll();
            a = new SessionUnderTest(true, CONFIG, i, now);
            b = new SessionUnderTest(false, CONFIG, i + 100, now);
            settle(now);
        }
    }

    @Test
    void allocatesNothingPerFrame() {
        final SessionStream near = a.session.open(0);
        settle(0);
        final SessionStream far = b.opened.element();
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment bytes = arena.allocate(16_384);
            for (int i = 0; i < 20_000; i++) {
                moveOneFrame(near, far, bytes);
            }
            final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20_000; i++) {
                moveOneFrame(near, far, bytes);
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(20_000);
        }
    }

    private void moveOneFrame(SessionStream near, SessionStream far, MemorySegment bytes) {
        near.write(bytes, 0, 1_024);
        pass(a.session, b.session);
        if (far.read(bytes, 0, 16_384) != 1_024) {
            throw new AssertionError("lost");
        }
        pass(b.session, a.session);
    }

    private static void pass(Session from, Session to) {
        from.fill(0);
        final int count = from.outbound().remaining();
        to.inbound().put(from.outbound());
        from.sent(count);
        to.received(0);
    }

    private byte[] fill(SessionStream near, int limit, long now) {
        byte[] all = new byte[0];
        while (all.length < limit) {
            SessionUnderTest.write(near, new byte[262_144]);
            final byte[] more = a.take(limit - all.length, now);
            if (more.length == 0) {
                return all;
            }
            all = Arrays.copyOf(all, all.length + more.length);
            System.arraycopy(more, 0, all, all.length - more.length, more.length);
        }
        return all;
    }
}

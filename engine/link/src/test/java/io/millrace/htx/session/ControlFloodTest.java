package io.millrace.htx.session;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.frame.Frame;
import io.millrace.frame.FrameSealer;
import io.millrace.frame.FrameType;
import io.millrace.frame.QuicVarint;
import io.millrace.frame.SendingKeySchedule;
import io.millrace.test.LeakCheck;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A peer with the right keys that sends frames without a byte of a stream, as fast as it can. */
@ExtendWith(LeakCheck.class)
class ControlFloodTest {
    private static final SessionConfig CONFIG = SessionConfig.HTX1;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final int BURST = ControlBudget.burst(CONFIG.maxStreams());

    enum Flood {
        PING,
        CONNECTION_CREDIT,
        STREAM_CREDIT,
        CREDIT_OF_AN_ENDED_STREAM,
        EMPTY_STREAM_FRAME,
        RESET_OF_A_RESET_STREAM,
        RESET_OF_AN_ENDED_STREAM,
        KEY_UPDATE,
        PADDING
    }

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(200_000, 64);
    private SessionUnderTest victim;
    private SendingKeySchedule sending;
    private FrameSealer sealer;
    private long nowNs;

    @BeforeEach
    void start() {
        victim = new SessionUnderTest(false, CONFIG, 3, 0);
        sending = SessionUnderTest.sendingKeys(1, CONFIG.rekey(), 0);
        sealer = new FrameSealer(arena, SessionUnderTest.CRYPTO, memory);
        // Stream 1 is open, 3 was reset and the application has it still, 5 has ended at both ends.
        frame(FrameType.STREAM, 1, 3);
        frame(FrameType.STREAM, 3, 3);
        number(FrameType.STREAM | FrameType.RESET, 3, 0);
        frame(FrameType.STREAM | FrameType.FIN, 5, 3);
        victim.opened.getLast().finish();
        victim.opened.getLast().release();
        victim.take(Integer.MAX_VALUE, 0);
    }

    @AfterEach
    void stop() {
        victim.close();
        sending.close();
        arena.close();
    }

    @ParameterizedTest
    @EnumSource
    void endsTheSessionBeyondTheBurst(Flood flood) {
        int sent = 0;
        while (victim.session.end() == null && sent < 10 * BURST) {
            send(flood);
            sent++;
        }
        assertThat(victim.session.violation()).isEqualTo(Violation.CONTROL_FRAMES);
        assertThat(sent).isBetween(BURST + 1, BURST + 10); // the frames of the start earned a little
        assertThat(victim.session.memoryBytes()).isLessThan(1 << 20);
    }

    /** Less time than that after which a PING without an answer ends the session. */
    @ParameterizedTest
    @EnumSource
    void takesItsRateOnceTheBurstIsUsedUp(Flood flood) {
        for (int i = 0; i < BURST; i++) {
            send(flood);
        }
        for (int i = 0; i < 25 * ControlBudget.PER_SECOND; i++) {
            nowNs += SECOND / ControlBudget.PER_SECOND;
            send(flood);
        }
        assertThat(victim.session.end()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void endsTheSessionAtTwiceItsRateOnceTheBurstIsUsedUp(Flood flood) {
        for (int i = 0; i < BURST; i++) {
            send(flood);
        }
        for (int i = 0; i < ControlBudget.PER_SECOND && victim.session.end() == null; i++) {
            nowNs += SECOND / ControlBudget.PER_SECOND / 2;
            send(flood);
        }
        assertThat(victim.session.violation()).isEqualTo(Violation.CONTROL_FRAMES);
    }

    @Test
    void isPaidForALateResetByTheEndOfTheStreamThatItCrossed() {
        for (int i = 0; i < 3 * BURST; i++) {
            final long id = 7 + 2L * i;
            frame(FrameType.STREAM | FrameType.FIN, id, 0);
            victim.opened.getLast().finish();
            victim.opened.getLast().release();
            victim.take(Integer.MAX_VALUE, 0);
            number(FrameType.STREAM | FrameType.RESET, id, 0);
        }
        assertThat(victim.session.end()).isNull();
    }

    @Test
    void isPaidForCreditByTheFramesThatNeedIt() {
        final SessionStream own = victim.session.open(0);
        number(FrameType.WINDOW_UPDATE, 0, 1L << 40);
        victim.take(Integer.MAX_VALUE, 0);
        number(FrameType.WINDOW_UPDATE, own.id(), 1L << 40);
        for (int i = 0; i < 20 * BURST; i++) {
            SessionUnderTest.write(own, new byte[1]);
            assertThat(victim.take(Integer.MAX_VALUE, 0)).isNotEmpty();
            number(FrameType.WINDOW_UPDATE, own.id(), 1);
            number(FrameType.WINDOW_UPDATE, 0, 1);
        }
        assertThat(victim.session.end()).isNull();
    }

    @Test
    void isPaidForKeysByTheBytesThatTheySeal() {
        for (int i = 0; i < 20 * BURST; i++) {
            send(Flood.KEY_UPDATE);
            frame(FrameType.STREAM, 1, 1);
            SessionUnderTest.read(victim.opened.getFirst());
            victim.take(Integer.MAX_VALUE, 0);
        }
        assertThat(victim.session.end()).isNull();
    }

    private void send(Flood flood) {
        switch (flood) {
            case PING -> frame(FrameType.PING, 0, 8);
            case CONNECTION_CREDIT -> number(FrameType.WINDOW_UPDATE, 0, 1);
            case STREAM_CREDIT -> number(FrameType.WINDOW_UPDATE, 1, 1);
            case CREDIT_OF_AN_ENDED_STREAM -> number(FrameType.WINDOW_UPDATE, 5, 1);
            case EMPTY_STREAM_FRAME -> frame(FrameType.STREAM, 1, 0);
            case RESET_OF_A_RESET_STREAM -> number(FrameType.STREAM | FrameType.RESET, 3, 0);
            case RESET_OF_AN_ENDED_STREAM -> number(FrameType.STREAM | FrameType.RESET, 5, 0);
            case KEY_UPDATE -> {
                number(FrameType.KEY_UPDATE, 0, sending.generation() + 1);
                sending.advance(nowNs);
            }
            case PADDING -> give(sealer.seal(sending, 0, FrameType.PADDING, 0, 0, 20));
        }
        victim.take(Integer.MAX_VALUE, nowNs);
    }

    private void number(int type, long id, long value) {
        final int length = QuicVarint.write(memory, Frame.headerLength(id), value);
        give(sealer.seal(sending, 0, type, id, length, 0));
    }

    private void frame(int type, long id, int length) {
        memory.asSlice(0, Frame.headerLength(id) + length).fill((byte) 5);
        give(sealer.seal(sending, 0, type, id, length, 0));
    }

    private void give(int length) {
        victim.give(memory.asSlice(0, length).toArray(JAVA_BYTE), nowNs);
    }
}

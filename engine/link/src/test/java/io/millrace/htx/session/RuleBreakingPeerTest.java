package io.millrace.htx.session;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.frame.Frame;
import io.millrace.frame.FrameOpener;
import io.millrace.frame.FrameSealer;
import io.millrace.frame.FrameType;
import io.millrace.frame.QuicVarint;
import io.millrace.frame.ReceivingKeySchedule;
import io.millrace.frame.SendingKeySchedule;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An initiator that has the right keys and breaks the rules; the session is the responder. */
class RuleBreakingPeerTest {
    private static final SessionConfig CONFIG = SessionConfig.HTX1;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(200_000, 64);
    private SessionUnderTest victim;
    private SendingKeySchedule sending;
    private ReceivingKeySchedule receiving;
    private FrameSealer sealer;

    @BeforeEach
    void start() {
        victim = new SessionUnderTest(false, CONFIG, 3, 0);
        sending = SessionUnderTest.sendingKeys(1, CONFIG.rekey(), 0);
        receiving = SessionUnderTest.receivingKeys(2, CONFIG.rekey(), 0);
        sealer = new FrameSealer(arena, SessionUnderTest.CRYPTO, memory);
    }

    @AfterEach
    void stop() {
        victim.close();
        sending.close();
        receiving.close();
        arena.close();
    }

    @Test
    void endsInOneUniformErrorWhicheverRuleIsBroken() {
        final List<Runnable> breaches = List.of(
                () -> stream(2, 0, 1),
                () -> stream(3, 0, 1),
                () -> stream(4, 0, 1),
                () -> window(1, 1),
                () -> window(0, 0),
                () -> {
                    stream(1, 0, 0);
                    window(1, QuicVarint.MAX);
                },
                () -> window(0, QuicVarint.MAX),
                () -> {
                    stream(1, FrameType.FIN, 1);
                    stream(1, 0, 1);
                },
                () -> {
                    stream(1, FrameType.FIN, 0);
                    stream(1, FrameType.FIN, 0);
                },
                () -> overrun(1, 65_536),
                () -> number(FrameType.KEY_UPDATE, 0, 2),
                () -> number(FrameType.KEY_UPDATE, 0, 0),
                () -> send(FrameType.PING | FrameType.ACK, 0, 8),
                () -> send(FrameType.PACKET, 0, 2_048),
                () -> send(7, 0, 4),
                () -> send(FrameType.PING, 0, 7),
                () -> send(FrameType.STREAM | FrameType.FIN | FrameType.RESET, 1, 1),
                this::forged,
                () -> victim.give(new byte[] {0, 17}, 0),
                () -> victim.give(new byte[] {(byte) 0xff, (byte) 0xff}, 0));
        final List<Violation> rules = new ArrayList<>();
        String first = null;
        for (Runnable breach : breaches) {
            stopAndStart();
            victim.take(Integer.MAX_VALUE, 0);
            receiving.count(1);
            breach.run();
            assertThat(victim.session.end()).isEqualTo(SessionEnd.PROTOCOL_ERROR);
            rules.add(victim.session.violation());
            final String seen = lastFrames();
            first = first == null ? seen : first;
            assertThat(seen).endsWith("CLOSE 1");
            assertThat(victim.session.finished()).isTrue();
            assertThat(victim.take(Integer.MAX_VALUE, 0)).isEmpty();
        }
        assertThat(rules)
                .containsExactly(
                        Violation.STREAM_ID,
                        Violation.STREAM_ID,
                        Violation.STREAM_ID,
                        Violation.STREAM_ID,
                        Violation.WINDOW,
                        Violation.WINDOW,
                        Violation.WINDOW,
                        Violation.AFTER_END,
                        Violation.AFTER_END,
                        Violation.CREDIT,
                        Violation.KEY_GENERATION,
                        Violation.KEY_GENERATION,
                        Violation.UNASKED_ANSWER,
                        Violation.PACKET,
                        Violation.FRAME,
                        Violation.FRAME,
                        Violation.FRAME,
                        Violation.FRAME,
                        Violation.FRAME,
                        Violation.FRAME);
    }

    @Test
    void mayOpenOnlySoManyStreams() {
        for (int i = 0; i < CONFIG.maxStreams(); i++) {
            stream(2L * i + 1, 0, 1);
        }
        assertThat(victim.session.end()).isNull();
        stream(2L * CONFIG.maxStreams() + 1, 0, 1);
        assertThat(victim.session.violation()).isEqualTo(Violation.STREAM_ID);
    }

    @Test
    void mayNotPassTheConnectionsCreditOnManyStreams() {
        for (long id = 1; victim.session.end() == null && id < 20; id += 2) {
            overrun(id, 16_000);
        }
        // Nothing was sent back meanwhile: 65,535 bytes are four streams and a bit.
        assertThat(victim.session.violation()).isEqualTo(Violation.CREDIT);
        assertThat(victim.session.buffered()).isLessThanOrEqualTo(65_535);
    }

    @Test
    void keepsNoMoreThanOneAnswerForAFloodOfPings() {
        victim.take(Integer.MAX_VALUE, 0);
        for (int i = 0; i < 1_000; i++) {
            send(FrameType.PING, 0, 8);
        }
        assertThat(victim.take(Integer.MAX_VALUE, 0)).hasSize(28);
        assertThat(victim.session.end()).isNull();
    }

    @Test
    void gainsNothingByStreamsThatItOpensAndGivesUp() {
        final int most = ResetBudget.BURST * CONFIG.maxStreams();
        for (int i = 0; i <= most; i++) {
            assertThat(victim.session.end()).as("after %d", i).isNull();
            final long id = 2L * i + 1;
            stream(id, 0, 3);
            number(FrameType.STREAM | FrameType.RESET, id, 0);
            victim.opened.remove().release();
            victim.take(Integer.MAX_VALUE, 0);
        }
        assertThat(victim.session.violation()).isEqualTo(Violation.RESETS);
        assertThat(victim.session.heldStreams()).isZero();
        assertThat(victim.session.buffered()).isZero();
        assertThat(victim.session.memoryBytes()).isLessThan(1 << 20);
    }

    @Test
    void isRefusedAStreamWhileTheApplicationHasAsManyAsThereMayBe() {
        final SessionConfig small = new SessionConfig(
                16_384,
                2,
                1_000,
                1_000,
                4_000,
                1_000,
                CONFIG.rekey(),
                CONFIG.padding(),
                CONFIG.pingMin(),
                CONFIG.pingMax(),
                CONFIG.timeout());
        victim.close();
        victim = new SessionUnderTest(false, small, 3, 0);
        // Ended by both ends and not read: they leave the table, and keep their reservation.
        for (long id = 1; id <= 3; id += 2) {
            stream(id, FrameType.FIN, 1);
            victim.opened.getLast().finish();
            victim.take(Integer.MAX_VALUE, 0);
        }
        assertThat(victim.session.streams()).isZero();
        final int before = victim.opened.size();
        stream(5, 0, 1);
        assertThat(victim.opened).hasSize(before);
        assertThat(victim.session.end()).isNull();
        victim.take(Integer.MAX_VALUE, 0);

        for (SessionStream unread : victim.opened) {
            SessionUnderTest.read(unread);
        }
        number(FrameType.STREAM | FrameType.RESET, 5, 0);
        stream(7, 0, 1);
        assertThat(victim.opened).as("read, but not released").hasSize(before);
        victim.take(Integer.MAX_VALUE, 0);
        number(FrameType.STREAM | FrameType.RESET, 7, 0);

        victim.opened.getFirst().release();
        stream(9, 0, 1);
        assertThat(victim.opened).hasSize(before + 1);
    }

    private void stopAndStart() {
        victim.close();
        sending.close();
        receiving.close();
        start();
    }

    private void stream(long id, int flags, int length) {
        send(FrameType.STREAM | flags, id, length);
    }

    private void window(long id, long increment) {
        number(FrameType.WINDOW_UPDATE, id, increment);
    }

    private void number(int type, long id, long value) {
        final int length = QuicVarint.write(memory, Frame.headerLength(id), value);
        give(sealer.seal(sending, 0, type, id, length, 0));
    }

    private void send(int type, long id, int length) {
        memory.asSlice(0, Frame.headerLength(id) + length).fill((byte) 5);
        give(sealer.seal(sending, 0, type, id, length, 0));
    }

    private void overrun(long id, int total) {
        for (int left = total; left > 0 && victim.session.end() == null; left -= 16_000) {
            stream(id, 0, Math.min(left, 16_000));
        }
    }

    private void forged() {
        final int length = sealer.seal(sending, 0, FrameType.STREAM, 1, 10, 0);
        memory.set(JAVA_BYTE, 8, (byte) (memory.get(JAVA_BYTE, 8) ^ 1));
        give(length);
    }

    private void give(int length) {
        victim.give(memory.asSlice(0, length).toArray(JAVA_BYTE), 0);
    }

    /** Opens the victim's frames and names the frames. */
    private String lastFrames() {
        final byte[] wire = victim.take(Integer.MAX_VALUE, 0);
        MemorySegment.copy(wire, 0, memory, JAVA_BYTE, 0, wire.length);
        final FrameOpener opener = new FrameOpener(arena, SessionUnderTest.CRYPTO, memory, Frame.HARD_MAX_LENGTH);
        final StringBuilder seen = new StringBuilder();
        for (int at = 0; at < wire.length; ) {
            final int length = opener.open(receiving, at, wire.length - at);
            assertThat(length).isPositive();
            seen.append(
                    opener.frame().type() == FrameType.CLOSE
                            ? "CLOSE " + opener.frame().number(memory)
                            : "other ");
            at += length;
        }
        return seen.toString();
    }
}

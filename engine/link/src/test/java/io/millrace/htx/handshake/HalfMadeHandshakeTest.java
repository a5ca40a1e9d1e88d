package io.millrace.htx.handshake;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.frame.FrameSealer;
import io.millrace.frame.FrameType;
import io.millrace.frame.RekeyLimits;
import io.millrace.frame.SendingKeySchedule;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.HandshakeVerdict;
import io.millrace.htx.admission.TicketKey;
import io.millrace.memory.TrackedArena;
import io.millrace.test.LeakCheck;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Messages of HTX handshakes that fail when they are half made: the handshake is over and keeps no secret. */
@ExtendWith(LeakCheck.class)
class HalfMadeHandshakeTest {
    private static final class Broken extends Error {
        private static final long serialVersionUID = 1;
    }

    @Test
    void aFirstMessageThatFailsAtAnyDrawEndsTheHandshake() {
        for (int good = 0; good < 4; good++) {
            try (HandshakeEnds ends = new HandshakeEnds(AdmissionConfig.DEFAULT, 1)) {
                final int[] left = {good};
                final InitiatorHandshake initiator = new InitiatorHandshake(
                        ends.initiatorKeys,
                        ends.responderKeys.publicKey(),
                        ends.ticketKey,
                        MemorySegment.NULL,
                        ends.now,
                        segment -> {
                            if (left[0]-- == 0) {
                                throw new Broken();
                            }
                            ends.randomness.fill(segment);
                        });
                try {
                    initiator.writeFirst(ends.first);
                    assertThat(good).as("draws of a first message").isPositive();
                    initiator.close();
                    return;
                } catch (Broken expected) {
                    ended(initiator, () -> initiator.writeFirst(ends.first));
                }
            }
        }
        throw new AssertionError("a first message takes fewer draws");
    }

    @Test
    @SuppressWarnings("try") // closed too early
    void aFirstMessageWithoutItsTicketEndsTheHandshake() {
        try (HandshakeEnds ends = new HandshakeEnds(AdmissionConfig.DEFAULT, 1);
                TicketKey ticketKey = TicketKey.open(ends.responderKeys.publicKey())) {
            final InitiatorHandshake initiator = ends.initiator(ticketKey, ends.now);
            ticketKey.close();
            refused(initiator, () -> initiator.writeFirst(ends.first), () -> initiator.writeFirst(ends.first));
        }
    }

    @Test
    void aFirstMessageIntoAWrongBufferEndsTheHandshake() {
        try (HandshakeEnds ends = new HandshakeEnds(AdmissionConfig.DEFAULT, 1)) {
            for (MemorySegment out : List.of(
                    MemorySegment.ofArray(new byte[InitiatorHandshake.FIRST_LENGTH]),
                    ends.first.asReadOnly(),
                    ends.first.asSlice(0, InitiatorHandshake.FIRST_LENGTH - 1L))) {
                final InitiatorHandshake initiator = ends.initiator(ends.ticketKey, ends.now);
                refused(initiator, () -> initiator.writeFirst(out), () -> initiator.writeFirst(ends.first));
            }
        }
    }

    @Test
    void aSecondMessageThatCannotBeReadEndsTheHandshake() {
        try (HandshakeEnds ends = new HandshakeEnds(AdmissionConfig.DEFAULT, 1)) {
            final InitiatorHandshake begun = ends.begun();
            try (ResponderHandshake handshake = ends.begin(1)) {
                assertThat(handshake).isNotNull();
                final MemorySegment heap = MemorySegment.ofArray(ends.second.toArray(JAVA_BYTE));
                refused(
                        begun,
                        () -> begun.readSecond(heap, InitiatorHandshake.SECOND_LENGTH),
                        () -> begun.readSecond(ends.second, InitiatorHandshake.SECOND_LENGTH));
            }
        }
    }

    @Test
    void aThirdMessageUnderClosedKeysEndsTheHandshake() {
        try (HandshakeEnds ends = new HandshakeEnds(AdmissionConfig.DEFAULT, 1)) {
            final InitiatorHandshake begun = ends.begun();
            try (ResponderHandshake handshake = ends.begin(1)) {
                assertThat(handshake).isNotNull();
                assertThat(begun.readSecond(ends.second, InitiatorHandshake.SECOND_LENGTH))
                        .isZero();
                ends.initiatorKeys.close();
                refused(begun, () -> begun.writeThird(ends.third), () -> begun.writeThird(ends.third));
            }
        }
    }

    @Test
    void aThirdMessageThatCannotBeReadEndsTheHandshakeAndIsCounted() {
        try (HandshakeEnds ends = new HandshakeEnds(AdmissionConfig.DEFAULT, 1);
                InitiatorHandshake initiator = ends.begun()) {
            final ResponderHandshake handshake = ends.begin(1);
            initiator.readSecond(ends.second, InitiatorHandshake.SECOND_LENGTH);
            initiator.writeThird(ends.third);
            final MemorySegment heap = MemorySegment.ofArray(ends.third.toArray(JAVA_BYTE));

            assertThatThrownBy(() -> handshake.finish(heap, InitiatorHandshake.THIRD_LENGTH))
                    .isInstanceOf(RuntimeException.class);

            assertThat(ends.responder.pending()).isZero();
            assertThat(ends.responder.counters().get(HandshakeVerdict.FAILED)).isEqualTo(1);
            assertThatThrownBy(() -> handshake.finish(ends.third, InitiatorHandshake.THIRD_LENGTH))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aFrameWhoseSealingFailsHasUsedItsNonce() {
        final BatchCrypto good = CryptoProviders.byName("sodium");
        final List<Boolean> fails = new ArrayList<>(List.of(true));
        final BatchCrypto failing = (BatchCrypto) Proxy.newProxyInstance(
                BatchCrypto.class.getClassLoader(), new Class<?>[] {BatchCrypto.class}, (proxy, method, arguments) -> {
                    try {
                        final Object result = method.invoke(good, arguments);
                        if (method.getName().equals("aeadSeal") && !fails.isEmpty() && fails.removeFirst()) {
                            throw new Broken();
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        try (TrackedArena arena = TrackedArena.shared();
                SendingKeySchedule keys = new SendingKeySchedule(arena.allocate(32), RekeyLimits.HTX1, 0)) {
            final FrameSealer sealer = new FrameSealer(arena, failing, arena.allocate(256));
            assertThatThrownBy(() -> sealer.seal(keys, 0, FrameType.STREAM, 1, 8, 0))
                    .isInstanceOf(Broken.class);
            assertThat(keys.counter())
                    .as("no frame follows under the nonce of the lost one")
                    .isEqualTo(1);
            assertThat(sealer.seal(keys, 0, FrameType.STREAM, 1, 8, 0)).isPositive();
            assertThat(keys.counter()).isEqualTo(2);
        }
    }

    /** The call fails, and the handshake is over after it. */
    private static void refused(InitiatorHandshake initiator, ThrowingCallable call, ThrowingCallable again) {
        assertThatThrownBy(call).isInstanceOf(RuntimeException.class);
        ended(initiator, again);
    }

    /** The handshake has given its secrets back already, and refuses every further call. */
    private static void ended(InitiatorHandshake initiator, ThrowingCallable again) {
        final long live = SecretKey.liveCount();
        final long bytes = TrackedArena.liveBytes();
        assertThatThrownBy(again).as("no second try").isInstanceOf(IllegalStateException.class);
        initiator.close();
        assertThat(SecretKey.liveCount()).as("secrets that waited for close()").isEqualTo(live);
        assertThat(TrackedArena.liveBytes()).isEqualTo(bytes);
    }
}

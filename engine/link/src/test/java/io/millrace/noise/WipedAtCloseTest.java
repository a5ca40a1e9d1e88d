package io.millrace.noise;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.SecretCells;
import io.millrace.test.LeakCheck;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Looks at the memory of the objects of this package that hold secrets, after each way in which they end. */
@ExtendWith(LeakCheck.class)
class WipedAtCloseTest {
    private static final byte MARK = 0x5a;

    private final MemorySegment key = MemorySegment.ofArray(new byte[32]).fill(MARK);

    @Test
    void aHandshakeThatIsGivenUpAtAnyMessageLeavesZeros() {
        for (int messages = 0; messages <= 3; messages++) {
            try (HandshakePair pair = new HandshakePair(NoiseProtocol.XKPSK3_SHA256)) {
                for (int i = 0; i < messages; i++) {
                    pair.exchange(5);
                }
                final MemorySegment memory = pair.initiator.memory();
                assertThat(isZero(memory)).isFalse();
                pair.initiator.close();
                assertThat(isZero(memory)).as("after %d messages", messages).isTrue();
            }
        }
    }

    @Test
    void aPreSharedKeyThatIsWrittenIntoTheHandshakeIsGoneWithTheLastMessage() {
        try (HandshakePair pair = new HandshakePair(NoiseProtocol.XKPSK3_SHA256);
                HandshakeState initiator = pskLater(pair, Role.INITIATOR);
                HandshakeState responder = pskLater(pair, Role.RESPONDER)) {
            final MemorySegment[] written = new MemorySegment[2];
            assertThat(initiator.writePsk(psk -> written(written, 0, psk))).isTrue();
            assertThat(responder.writePsk(psk -> written(written, 1, psk))).isTrue();
            for (HandshakeState writer = initiator; !initiator.isComplete(); ) {
                final HandshakeState reader = writer == initiator ? responder : initiator;
                assertThat(isZero(written[0]) || isZero(written[1])).isFalse();
                final int length = writer.writeMessage(pair.payload, 0, pair.message);
                assertThat(reader.readMessage(pair.message, length, pair.payload))
                        .isZero();
                writer = reader;
            }
            assertThat(responder.isComplete()).isTrue();
            assertThat(isZero(written[0]) && isZero(written[1])).isTrue();
        }
    }

    @Test
    void aPreSharedKeyThatItsWriterGivesUpLeavesZeros() {
        try (HandshakePair pair = new HandshakePair(NoiseProtocol.XKPSK3_SHA256);
                HandshakeState initiator = pskLater(pair, Role.INITIATOR)) {
            final MemorySegment[] written = new MemorySegment[1];
            assertThat(initiator.writePsk(psk -> !written(written, 0, psk))).isFalse();
            assertThat(isZero(written[0])).isTrue();
            assertThat(initiator.writePsk(psk -> written(written, 0, psk)))
                    .as("there was none before")
                    .isTrue();
            assertThatThrownBy(() -> initiator.writePsk(psk -> written(written, 0, psk)))
                    .as("once only")
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aWriterOfThePreSharedKeyThatThrowsEndsTheHandshakeAndLeavesZeros() {
        try (HandshakePair pair = new HandshakePair(NoiseProtocol.XKPSK3_SHA256);
                HandshakeState initiator = pskLater(pair, Role.INITIATOR)) {
            final MemorySegment memory = initiator.memory();
            assertThatThrownBy(() -> initiator.writePsk(psk -> {
                        psk.fill(MARK);
                        throw new IllegalStateException("no key");
                    }))
                    .hasMessage("no key");
            assertThat(isZero(memory)).isTrue();
            assertThatThrownBy(() -> initiator.writeMessage(pair.payload, 0, pair.message))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    private static boolean written(MemorySegment[] seen, int index, MemorySegment psk) {
        seen[index] = psk.fill(MARK);
        return true;
    }

    private static HandshakeState pskLater(HandshakePair pair, Role role) {
        return pair.builder(role, "prologue").psk(null).pskLater().start();
    }

    @Test
    void eachCipherStateOfATransportLeavesZerosWhenItIsClosed() {
        final NoiseTransport transport = NoiseTransport.of(key, key, new byte[32], null);
        final MemorySegment send = transport.send().memory();
        final MemorySegment receive = transport.receive().memory();
        transport.send().rekey();
        transport.send().close();
        assertThat(isZero(send)).isTrue();
        assertThat(receive.get(JAVA_BYTE, 0)).isEqualTo(MARK);
        transport.receive().close();
        assertThat(isZero(receive)).isTrue();
    }

    @Test
    void keysThatAreGivenAwayLeaveZerosAlsoWhenTheirTakerThrows() {
        final NoiseTransport transport = NoiseTransport.of(key, key, new byte[32], null);
        final MemorySegment send = transport.send().memory();
        final MemorySegment receive = transport.receive().memory();
        try {
            transport.giveKeys((sending, receiving) -> {
                throw new IllegalStateException("no room");
            });
        } catch (IllegalStateException expected) {
            assertThat(isZero(send) && isZero(receive)).isTrue();
        }
    }

    @Test
    void aCipherStateThatCannotBeFilledGivesItsCellBack() {
        final long inUse = SecretCells.shared().inUse();
        final MemorySegment gone;
        try (Arena arena = Arena.ofConfined()) {
            gone = arena.allocate(32);
        }
        for (Runnable each : new Runnable[] {
            () -> SendingCipherState.of(gone),
            () -> ReceivingCipherState.of(gone),
            () -> NoiseTransport.of(key, gone, new byte[32], null)
        }) {
            try {
                each.run();
                throw new AssertionError("a closed key was taken");
            } catch (IllegalStateException expected) {
                assertThat(SecretCells.shared().inUse()).isEqualTo(inUse);
            }
        }
    }

    private static boolean isZero(MemorySegment memory) {
        return memory.mismatch(MemorySegment.ofArray(new byte[(int) memory.byteSize()])) < 0;
    }
}

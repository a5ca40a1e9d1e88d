package io.millrace.noise;

import static io.millrace.fuzz.FuzzInput.require;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.fuzz.FuzzInput;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Any calls in any order on both ends of a handshake of any pattern, with damaged and swapped messages: calls out of turn
 * throw {@link IllegalStateException} and change nothing, no damaged message is taken, and the handshake can still be
 * finished, by which both ends have the same hash and each other's keys.
 */
public final class NoiseProperty {
    private static final int PAYLOADS = 300;
    private static final int KEY_LENGTH = 32;

    private final FuzzInput input;
    private final HandshakePair pair;
    private byte[] sent;
    private HandshakeState reader;
    private int payloadLength;

    private NoiseProperty(FuzzInput input, HandshakePair pair) {
        this.input = input;
        this.pair = pair;
    }

    /** The first two decisions are the protocol; every further one is a call. */
    public static void holds(FuzzInput input) {
        final HandshakePattern[] patterns = HandshakePattern.values();
        final NoiseHash[] hashes = NoiseHash.values();
        final NoiseProtocol protocol =
                new NoiseProtocol(patterns[input.next(patterns.length)], hashes[input.next(hashes.length)]);
        try (HandshakePair pair = new HandshakePair(protocol)) {
            final NoiseProperty run = new NoiseProperty(input, pair);
            for (int calls = 0; input.hasMore() && calls < 48; calls++) {
                run.call();
            }
            run.finish();
        }
    }

    private void call() {
        final int decision = input.next();
        final HandshakeState end = (decision & 1) == 0 ? pair.initiator : pair.responder;
        switch (decision >> 1 & 7) {
            case 0, 1 -> write(end, input.next(PAYLOADS));
            case 2 -> tooLong(end);
            case 3 -> read(end, sent == null ? new byte[0] : sent);
            case 4, 5 -> read(end, sent == null ? new byte[0] : input.damage(sent));
            case 6 -> read(end, input.bytes(input.next(200)));
            default -> split(end);
        }
    }

    private void write(HandshakeState end, int length) {
        if (!end.isTurnToWrite()) {
            requireOutOfTurn(false, () -> end.writeMessage(pair.payload, length, pair.message));
            return;
        }
        final int overhead = end.overhead();
        require(end.writeMessage(pair.payload, length, pair.message) == overhead + length, "a message has its length");
        sent = pair.message.asSlice(0, overhead + length).toArray(JAVA_BYTE);
        payloadLength = length;
        reader = end == pair.initiator ? pair.responder : pair.initiator;
    }

    private void tooLong(HandshakeState end) {
        if (end.isTurnToWrite()) {
            final int length = CipherState.MAX_MESSAGE_LENGTH - end.overhead() + 1;
            require(
                    end.writeMessage(pair.payload, length, pair.message) == NoiseStatus.MESSAGE_TOO_LONG,
                    "no message is longer than 65,535 bytes");
        }
    }

    /** Gives an end the message that is on its way, or one like it, or any bytes. */
    private void read(HandshakeState end, byte[] message) {
        MemorySegment.copy(message, 0, pair.message, JAVA_BYTE, 0, message.length);
        if (end.isTurnToWrite() || end.isComplete()) {
            requireOutOfTurn(false, () -> end.readMessage(pair.message, message.length, pair.payload));
            return;
        }
        final boolean genuine = sent != null && end == reader && Arrays.equals(message, sent);
        if (!genuine && end.overhead() == KEY_LENGTH) {
            // Without a key yet, nothing tells one message from another.
            return;
        }
        final int status = end.readMessage(pair.message, message.length, pair.payload);
        if (genuine) {
            require(status == payloadLength, "the genuine message is read: status=" + status);
            sent = null;
        } else {
            require(status < 0, "a message is taken that was not sent");
        }
    }

    private void split(HandshakeState end) {
        requireOutOfTurn(end.isComplete(), end::split);
    }

    /** A call that must throw, unless {@code allowed}, and then it is not made. */
    private static void requireOutOfTurn(boolean allowed, Runnable call) {
        if (allowed) {
            return;
        }
        try {
            call.run();
        } catch (IllegalStateException e) {
            return;
        }
        throw new AssertionError("a call out of turn was taken");
    }

    private void finish() {
        while (sent != null || !pair.initiator.isComplete() || !pair.responder.isComplete()) {
            if (sent == null) {
                write(pair.writer(), 3);
            } else {
                read(reader, sent);
            }
        }
        try (NoiseTransport near = pair.initiator.split();
                NoiseTransport far = pair.responder.split()) {
            require(Arrays.equals(near.handshakeHash(), far.handshakeHash()), "both ends have one hash");
            final int length = near.send().encryptInPlace(pair.message, 0, 10);
            require(far.receive().decryptInPlace(pair.message, 0, length) == 10, "what one seals the other opens");
        }
    }
}

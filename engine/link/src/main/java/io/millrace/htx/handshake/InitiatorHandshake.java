package io.millrace.htx.handshake;

import io.millrace.crypto.MlKem768;
import io.millrace.crypto.MlKem768KeyPair;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.htx.admission.FirstMessage;
import io.millrace.htx.admission.TicketKey;
import io.millrace.noise.HandshakeState;
import io.millrace.noise.NoiseProtocol;
import io.millrace.noise.NoiseStatus;
import io.millrace.noise.NoiseTransport;
import io.millrace.noise.Role;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.function.IntSupplier;

/**
 * The initiator's side of an HTX handshake: write the first message, read the second, write the third, split. All three
 * have fixed lengths. Their payloads are an ephemeral encapsulation key of ML-KEM-768 and the ciphertext for it; the
 * application says nothing before the session is up. How they travel is the carrier's.
 *
 * <p>A message that cannot be made or read because of an exception, or of a key of low order, ends the handshake and wipes
 * its secrets: no state that has taken in half a message is used further.
 *
 * <p>Not thread safe. The owner closes it; after {@link #split} that does nothing.
 */
public final class InitiatorHandshake implements AutoCloseable {
    /** Length of the first message in bytes, ticket included. */
    public static final int FIRST_LENGTH = FirstMessage.LENGTH;

    /** Length of the second message in bytes. */
    public static final int SECOND_LENGTH = 48 + MlKem768.CIPHERTEXT_LENGTH;

    /** Length of the third message in bytes. */
    public static final int THIRD_LENGTH = 64;

    private final HandshakeState noise;
    private final MemorySegment header;
    private final Randomness randomness;
    private final TicketKey ticketKey;
    private final Instant now;
    private MlKem768KeyPair kemKeys;

    /**
     * Begins a handshake.
     *
     * @param own static keys; stay the caller's and open until the handshake is over.
     * @param responder the responder's static public key, 32 bytes.
     * @param ticketKey one that the responder takes; stays the caller's and open until the first message is written.
     * @param context what both ends must agree on besides, such as a channel binding; native, may be empty.
     * @param now the wall clock; it may be off by an hour.
     * @param randomness source of ephemeral keys.
     */
    public InitiatorHandshake(
            X25519KeyPair own,
            MemorySegment responder,
            TicketKey ticketKey,
            MemorySegment context,
            Instant now,
            Randomness randomness) {
        this.ticketKey = ticketKey;
        this.now = now;
        this.randomness = randomness;
        this.header = MemorySegment.ofArray(new byte[FirstMessage.PROLOGUE_LENGTH]);
        FirstMessage.writeHeader(header, ticketKey, now);
        try (Arena arena = Arena.ofConfined()) {
            this.noise = HandshakeState.of(NoiseProtocol.XKPSK3_SHA256, Role.INITIATOR)
                    .prologue(Prologue.of(arena, header, context))
                    .localStatic(own)
                    .remoteStatic(responder)
                    .pskLater()
                    .randomness(randomness)
                    .start();
        }
    }

    /**
     * Writes the first message to {@code out}, native, at least {@link #FIRST_LENGTH} bytes.
     *
     * @param out native, at least {@link #FIRST_LENGTH} bytes.
     * @return {@link #FIRST_LENGTH}, or {@link NoiseStatus#LOW_ORDER_KEY} if the responder's key is one.
     */
    public int writeFirst(MemorySegment out) {
        return orEnd(() -> {
            MemorySegment.copy(header, 0, out, 0, FirstMessage.PROLOGUE_LENGTH);
            if (kemKeys == null) {
                kemKeys = MlKem768KeyPair.generate(randomness);
            }
            final MemorySegment rest = out.asSlice(FirstMessage.NOISE_OFFSET);
            final int length = noise.writeMessage(kemKeys.publicKey(), MlKem768.KEY_LENGTH, rest);
            if (length < 0) {
                return length;
            }
            FirstMessage.writeMac(out, ticketKey, now);
            return FIRST_LENGTH;
        });
    }

    /**
     * Reads the second message.
     *
     * @param message native, holds the message.
     * @param length of the message in bytes.
     * @return 0, or a {@link NoiseStatus}: it was not the responder's, and the handshake still waits for the true one.
     */
    public int readSecond(MemorySegment message, int length) {
        if (length != SECOND_LENGTH) {
            return length > SECOND_LENGTH ? NoiseStatus.MESSAGE_TOO_LONG : NoiseStatus.MESSAGE_TOO_SHORT;
        }
        final int[] refused = new int[1];
        orEnd(() -> {
            refused[0] = readSecond(message);
            return 0;
        });
        return refused[0];
    }

    private int readSecond(MemorySegment message) {
        try (Arena scratch = Arena.ofConfined()) {
            final MemorySegment ciphertext = scratch.allocate(MlKem768.CIPHERTEXT_LENGTH);
            final int status = noise.readMessage(message, SECOND_LENGTH, ciphertext);
            if (status < 0) {
                return status;
            }
            try {
                noise.writePsk(psk -> {
                    kemKeys.decapsulate(ciphertext, psk);
                    return true;
                });
            } finally {
                kemKeys.close();
            }
            return 0;
        }
    }

    /**
     * Writes the third message to {@code out}, native, at least {@link #THIRD_LENGTH} bytes.
     *
     * @param out native, at least {@link #THIRD_LENGTH} bytes.
     * @return {@link #THIRD_LENGTH}, or {@link NoiseStatus#LOW_ORDER_KEY}, and then the handshake is over.
     */
    public int writeThird(MemorySegment out) {
        return orEnd(() -> noise.writeMessage(MemorySegment.NULL, 0, out));
    }

    /** The session's keys, after the third message. */
    public NoiseTransport split() {
        try {
            return noise.split();
        } finally {
            close();
        }
    }

    /** Takes a step; ends the handshake if that throws, or gives a negative status. */
    private int orEnd(IntSupplier step) {
        boolean complete = false;
        try {
            final int result = step.getAsInt();
            complete = result >= 0;
            return result;
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    /** Gives the handshake up, if it is not over. */
    @Override
    public void close() {
        noise.close();
        if (kemKeys != null) {
            kemKeys.close();
        }
    }
}

package io.millrace.htx.handshake;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.TicketKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** A responder on a clock that tests turn, and initiators for it. */
public final class HandshakeEnds implements AutoCloseable {
    public static final Instant START = Instant.parse("2026-01-01T10:30:00Z");

    public final Arena arena = Arena.ofConfined();
    public final SplittableRandom random;
    public final Randomness randomness;
    public final X25519KeyPair initiatorKeys;
    public final X25519KeyPair responderKeys;
    public final TicketKey ticketKey;
    public final HandshakeAcceptor responder;
    public final MemorySegment first = arena.allocate(InitiatorHandshake.FIRST_LENGTH + 1L);
    public final MemorySegment second = arena.allocate(InitiatorHandshake.SECOND_LENGTH + 1L);
    public final MemorySegment third = arena.allocate(InitiatorHandshake.THIRD_LENGTH + 1L);
    public Instant now = START;
    public long nowNs = 1;
    public long draws;
    public boolean welcome = true;

    public HandshakeEnds(AdmissionConfig config, long seed) {
        random = new SplittableRandom(seed);
        randomness = segment -> {
            draws++;
            for (long i = 0; i < segment.byteSize(); i++) {
                segment.set(JAVA_BYTE, i, (byte) random.nextInt());
            }
        };
        initiatorKeys = X25519KeyPair.generate(randomness);
        responderKeys = X25519KeyPair.generate(randomness);
        ticketKey = TicketKey.open(responderKeys.publicKey());
        responder = new HandshakeAcceptor(
                responderKeys,
                List.of(ticketKey),
                key -> welcome && Arrays.equals(key, initiatorKeys.publicKey().toArray(JAVA_BYTE)),
                MemorySegment.NULL,
                config,
                () -> now,
                nowNs,
                randomness);
    }

    public InitiatorHandshake initiator(TicketKey key, Instant clock) {
        return new InitiatorHandshake(
                initiatorKeys, responderKeys.publicKey(), key, MemorySegment.NULL, clock, randomness);
    }

    /** A first message in {@link #first} and its initiator. */
    public InitiatorHandshake begun() {
        final InitiatorHandshake initiator = initiator(ticketKey, now);
        initiator.writeFirst(first);
        return initiator;
    }

    public ResponderHandshake begin(long prefix) {
        return responder.begin(prefix, first, InitiatorHandshake.FIRST_LENGTH, second, nowNs);
    }

    @Override
    public void close() {
        responder.close();
        ticketKey.close();
        initiatorKeys.close();
        responderKeys.close();
        arena.close();
    }
}

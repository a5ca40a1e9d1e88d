package io.millrace.rig.htx;

import io.millrace.crypto.MlKem768;
import io.millrace.crypto.MlKem768KeyPair;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.TicketKey;
import io.millrace.htx.handshake.HandshakeAcceptor;
import io.millrace.htx.handshake.InitiatorHandshake;
import io.millrace.htx.handshake.ResponderHandshake;
import io.millrace.noise.NoiseTransport;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Whole HTX handshakes with both ends in one thread and no socket, and their ML-KEM-768 alone. Times are processor time of the
 * thread. Not thread safe.
 */
final class HandshakeLoop implements AutoCloseable {
    /** Far above the rate of one thread: no handshake of a measurement is refused. */
    static final AdmissionConfig UNLIMITED =
            new AdmissionConfig(1_000_000, 1_000_000, 64, 1 << 20, 4_096, 5_000_000_000L);

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Randomness randomness;
    private final X25519KeyPair initiatorKeys;
    private final X25519KeyPair responderKeys;
    private final TicketKey ticketKey;
    private final HandshakeAcceptor responder;
    private final MemorySegment first;
    private final MemorySegment second;
    private final MemorySegment third;
    private final MemorySegment kemKey;
    private final MemorySegment ciphertext;
    private final MemorySegment kemSecret;

    /**
     * Makes the keys of both ends.
     *
     * @param arena holds all buffers; outlives this.
     */
    HandshakeLoop(Arena arena, Randomness randomness) {
        this.randomness = randomness;
        initiatorKeys = X25519KeyPair.generate(randomness);
        responderKeys = X25519KeyPair.generate(randomness);
        ticketKey = TicketKey.open(responderKeys.publicKey());
        responder = new HandshakeAcceptor(
                responderKeys,
                List.of(ticketKey),
                key -> true,
                MemorySegment.NULL,
                UNLIMITED,
                InstantSource.system(),
                System.nanoTime(),
                randomness);
        first = arena.allocate(InitiatorHandshake.FIRST_LENGTH);
        second = arena.allocate(InitiatorHandshake.SECOND_LENGTH);
        third = arena.allocate(InitiatorHandshake.THIRD_LENGTH);
        kemKey = arena.allocate(MlKem768.KEY_LENGTH);
        ciphertext = arena.allocate(MlKem768.CIPHERTEXT_LENGTH);
        kemSecret = arena.allocate(MlKem768.SECRET_LENGTH);
    }

    /**
     * Processor time of one handshake in nanoseconds.
     *
     * @param bothNs of both ends together.
     * @param responderNs of the responder.
     */
    record Cost(double bothNs, double responderNs) {}

    /** Mean over {@code count} handshakes. */
    Cost handshakes(int count) {
        long responderNs = 0;
        final long start = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < count; i++) {
            responderNs += handshake();
        }
        return new Cost((double) (threads.getCurrentThreadCpuTime() - start) / count, (double) responderNs / count);
    }

    /** Processor time of the responder. */
    private long handshake() {
        try (InitiatorHandshake initiator = new InitiatorHandshake(
                initiatorKeys, responderKeys.publicKey(), ticketKey, MemorySegment.NULL, Instant.now(), randomness)) {
            require(initiator.writeFirst(first) >= 0);
            final long received = threads.getCurrentThreadCpuTime();
            final ResponderHandshake answering =
                    responder.begin(1, first, InitiatorHandshake.FIRST_LENGTH, second, System.nanoTime());
            final long answered = threads.getCurrentThreadCpuTime();
            require(answering != null);
            require(initiator.readSecond(second, InitiatorHandshake.SECOND_LENGTH) >= 0);
            require(initiator.writeThird(third) >= 0);
            final long finishing = threads.getCurrentThreadCpuTime();
            try (NoiseTransport far = answering.finish(third, InitiatorHandshake.THIRD_LENGTH)) {
                final long finished = threads.getCurrentThreadCpuTime();
                require(far != null);
                initiator.split().close();
                return answered - received + finished - finishing;
            }
        }
    }

    /** Processor time in nanoseconds of one key generation, encapsulation and decapsulation, over {@code count}. */
    double kem(int count) {
        final long start = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < count; i++) {
            try (MlKem768KeyPair pair = MlKem768KeyPair.generate(randomness)) {
                kemKey.copyFrom(pair.publicKey());
                require(MlKem768.encapsulate(kemKey, randomness, ciphertext, kemSecret));
                pair.decapsulate(ciphertext, kemSecret);
            }
        }
        return (double) (threads.getCurrentThreadCpuTime() - start) / count;
    }

    private static void require(boolean held) {
        if (!held) {
            throw new AssertionError("the handshake failed");
        }
    }

    @Override
    public void close() {
        responder.close();
        ticketKey.close();
        initiatorKeys.close();
        responderKeys.close();
    }
}

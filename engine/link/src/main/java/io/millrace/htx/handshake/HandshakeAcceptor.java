package io.millrace.htx.handshake;

import io.millrace.crypto.MlKem768;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.htx.admission.Admission;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.FirstMessage;
import io.millrace.htx.admission.HandshakeCounters;
import io.millrace.htx.admission.HandshakeVerdict;
import io.millrace.htx.admission.TicketKey;
import io.millrace.noise.HandshakeState;
import io.millrace.noise.NoiseProtocol;
import io.millrace.noise.Role;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Answers the handshakes of all who come to one end: admits first messages in the order of their cost, answers those that
 * hold, and counts what becomes of each.
 *
 * <p>Threading: any thread. First messages are checked and answered one at a time, so that strangers take one core at the
 * most; each handshake that waits belongs to the thread that drives it.
 *
 * <p>To the outside all failures must look the same: send nothing, and close a connection at {@link #closingTimeNs}, not
 * at once, reading no more from it until then.
 */
public final class HandshakeAcceptor implements AutoCloseable {
    private static final long CLOSING_GRID_NS = 250_000_000;

    private final X25519KeyPair own;
    private final Predicate<byte[]> welcome;
    private final MemorySegment context;
    private final Randomness randomness;
    private final AdmissionConfig config;
    private final Admission admission;
    private final HandshakeCounters counters = new HandshakeCounters();
    private HandshakeVerdict lastVerdict;
    private final AtomicInteger pending = new AtomicInteger();

    /**
     * Makes a responder.
     *
     * @param own static keys; stay the caller's and open as long as this is.
     * @param ticketKeys those that initiators may use; stay the caller's and open as long as this is.
     * @param welcome whether a session with the owner of a static public key, 32 bytes, is wanted; asked once the key is
     *     proved.
     * @param context as the initiator's; native, may be empty, stays open as long as this is.
     * @param config bounds of admission.
     * @param clock the wall clock, for the hour of tickets.
     * @param nowNs the time now, on the clock of {@link #begin}.
     * @param randomness source of ephemeral keys.
     */
    public HandshakeAcceptor(
            X25519KeyPair own,
            List<TicketKey> ticketKeys,
            Predicate<byte[]> welcome,
            MemorySegment context,
            AdmissionConfig config,
            InstantSource clock,
            long nowNs,
            Randomness randomness) {
        this.own = own;
        this.welcome = welcome;
        this.context = context;
        this.randomness = randomness;
        this.config = config;
        this.admission = new Admission(config, ticketKeys, clock, nowNs, randomness);
    }

    /**
     * Checks a first message and answers it.
     *
     * @param prefix of the sender: {@link io.millrace.htx.admission.SourcePrefix}.
     * @param message native; the first {@code length} bytes.
     * @param length of the message in bytes.
     * @param answer native; receives the {@link InitiatorHandshake#SECOND_LENGTH} bytes to send.
     * @param nowNs on a clock that never goes back.
     * @return the handshake that waits for the third message, which the caller closes; or null: {@link #lastVerdict} says
     *     why, and it was counted.
     */
    public synchronized ResponderHandshake begin(
            long prefix, MemorySegment message, int length, MemorySegment answer, long nowNs) {
        HandshakeVerdict verdict = HandshakeVerdict.TOO_MANY_PENDING;
        HandshakeState noise = null;
        if (pending.get() < config.maxPending()) {
            verdict = admission.check(prefix, message, length, nowNs);
        }
        if (verdict == HandshakeVerdict.ANSWERED) {
            noise = begun(message);
            verdict = answer(noise, prefix, message, answer);
        }
        lastVerdict = counters.count(verdict);
        if (verdict != HandshakeVerdict.ANSWERED) {
            return null;
        }
        pending.incrementAndGet();
        return new ResponderHandshake(this, noise, nowNs + config.timeoutNs());
    }

    private HandshakeState begun(MemorySegment message) {
        try (Arena arena = Arena.ofConfined()) {
            return HandshakeState.of(NoiseProtocol.XKPSK3_SHA256, Role.RESPONDER)
                    .prologue(Prologue.of(arena, message, context))
                    .localStatic(own)
                    .pskLater()
                    .randomness(randomness)
                    .start();
        }
    }

    /**
     * Reads Noise's first message, takes the ticket if it held, encapsulates and writes the second; closes the handshake if
     * not. A stranger's message costs no encapsulation before all that.
     */
    private HandshakeVerdict answer(HandshakeState noise, long prefix, MemorySegment message, MemorySegment answer) {
        boolean answered = false;
        try (Arena arena = Arena.ofConfined()) {
            final int length = FirstMessage.LENGTH - FirstMessage.NOISE_OFFSET;
            final MemorySegment first = message.asSlice(FirstMessage.NOISE_OFFSET, length);
            final MemorySegment kemKey = arena.allocate(MlKem768.KEY_LENGTH);
            if (noise.readMessage(first, length, kemKey) < 0) {
                return HandshakeVerdict.BAD_FIRST_MESSAGE;
            }
            final HandshakeVerdict verdict = admission.take(prefix, message);
            if (verdict != HandshakeVerdict.ANSWERED) {
                return verdict;
            }
            answered = answer(noise, kemKey, arena.allocate(MlKem768.CIPHERTEXT_LENGTH), answer);
            return answered ? verdict : HandshakeVerdict.BAD_FIRST_MESSAGE;
        } finally {
            if (!answered) {
                noise.close();
            }
        }
    }

    /** Writes the second message; false if the initiator's encapsulation key is none, or its ephemeral key of low order. */
    private boolean answer(HandshakeState noise, MemorySegment kemKey, MemorySegment ciphertext, MemorySegment answer) {
        return noise.writePsk(psk -> MlKem768.encapsulate(kemKey, randomness, ciphertext, psk))
                && noise.writeMessage(ciphertext, MlKem768.CIPHERTEXT_LENGTH, answer) >= 0;
    }

    /** The verdict on the first message that was checked last; for callers of one thread. */
    public synchronized HandshakeVerdict lastVerdict() {
        return lastVerdict;
    }

    /** How often each verdict was reached; may be read by any thread. */
    public HandshakeCounters counters() {
        return counters;
    }

    /** Counts a connection that ended before its first message was there as a whole. */
    public void incomplete() {
        counters.count(HandshakeVerdict.INCOMPLETE);
    }

    /** Handshakes that wait for their third message; may be read by any thread. */
    public int pending() {
        return pending.get();
    }

    /**
     * When to close a connection whose handshake has failed: on a grid that begins when the connection was accepted, so
     * that the time does not tell how far its message came.
     *
     * @param acceptedNs when the connection was accepted, in nanoseconds.
     * @param failedNs when the handshake failed, in nanoseconds.
     */
    public static long closingTimeNs(long acceptedNs, long failedNs) {
        final long passed = failedNs - acceptedNs;
        return acceptedNs + (passed / CLOSING_GRID_NS + 1) * CLOSING_GRID_NS;
    }

    boolean isWelcome(byte[] remoteStatic) {
        return welcome.test(remoteStatic);
    }

    void count(HandshakeVerdict verdict) {
        counters.count(verdict);
    }

    void ended(HandshakeVerdict verdict) {
        pending.decrementAndGet();
        counters.count(verdict);
    }

    /** Wipes the ticket keys of the hour. Handshakes that wait are their owners' to close. */
    @Override
    public synchronized void close() {
        admission.close();
    }
}

package io.millrace.noise;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.crypto.X25519Keys;
import io.millrace.crypto.provider.X25519Together;
import java.lang.foreign.MemorySegment;

/** Keys and settings of a handshake; {@link #start} says which is missing or has no place in the pattern. */
public final class HandshakeBuilder {
    /** Length of a pre-shared key in bytes. */
    public static final int PSK_LENGTH = 32;

    final NoiseProtocol protocol;
    final Role role;
    MemorySegment prologue = MemorySegment.NULL;
    X25519KeyPair localStatic;
    MemorySegment remoteStatic;
    SecretKey psk;
    boolean pskLater;
    Randomness randomness;
    boolean together = X25519Together.pays();

    HandshakeBuilder(NoiseProtocol protocol, Role role) {
        this.protocol = protocol;
        this.role = role;
    }

    /**
     * Data that both sides must agree on before.
     *
     * @param prologue native, any length; empty by default. Read by {@link #start} only; open and this thread's until then.
     */
    public HandshakeBuilder prologue(MemorySegment prologue) {
        requireOpen("prologue", prologue);
        this.prologue = prologue;
        return this;
    }

    /**
     * This side's static keys; they stay the caller's and open until the handshake is over.
     *
     * @param localStatic static keys of this side; stay the caller's.
     */
    public HandshakeBuilder localStatic(X25519KeyPair localStatic) {
        this.localStatic = localStatic;
        return this;
    }

    /**
     * The responder's public static key, where the initiator knows it before.
     *
     * @param remoteStatic 32 bytes. Read by {@link #start} only; open and this thread's until then.
     */
    public HandshakeBuilder remoteStatic(MemorySegment remoteStatic) {
        if (remoteStatic != null) {
            requireOpen("remoteStatic", remoteStatic);
        }
        this.remoteStatic = remoteStatic;
        return this;
    }

    /**
     * The pre-shared key, 32 bytes, for patterns with one; stays the caller's and open until the handshake is over.
     *
     * @param psk 32 bytes; stays the caller's.
     */
    public HandshakeBuilder psk(SecretKey psk) {
        this.psk = psk;
        return this;
    }

    /**
     * The pre-shared key is not known yet: {@link HandshakeState#writePsk} or
     * {@link HandshakeState#givePsk} brings it before the message that mixes it. For
     * a secret that the payloads of earlier messages agree on.
     */
    public HandshakeBuilder pskLater() {
        this.pskLater = true;
        return this;
    }

    /**
     * Where the ephemeral key comes from.
     *
     * @param randomness source of the ephemeral key.
     */
    public HandshakeBuilder randomness(Randomness randomness) {
        this.randomness = randomness;
        return this;
    }

    /** Whether key agreements are computed before their turn where that is free; for the test that compares both ways. */
    HandshakeBuilder together(boolean together) {
        this.together = together;
        return this;
    }

    /**
     * Begins the handshake.
     *
     * @throws IllegalArgumentException if something is missing, too much, or of a wrong length.
     */
    public HandshakeState start() {
        final HandshakePattern pattern = protocol.pattern();
        requireGiven("localStatic", localStatic != null, pattern.hasStatic(role));
        requireGiven("remoteStatic", remoteStatic != null, role == Role.INITIATOR && pattern.responderKnown());
        requireGiven("psk", psk != null || pskLater, pattern.hasPsk());
        requireGiven("randomness", randomness != null, true);
        if (remoteStatic != null && remoteStatic.byteSize() != X25519Keys.LENGTH) {
            throw new IllegalArgumentException(
                    "remoteStatic must be 32 bytes: remoteStaticLength=" + remoteStatic.byteSize());
        }
        if (psk != null && psk.length() != PSK_LENGTH) {
            throw new IllegalArgumentException("psk must be 32 bytes: pskLength=" + psk.length());
        }
        return new HandshakeState(this);
    }

    /** Refuses a segment that is closed or another thread's, even where none of its bytes would be touched. */
    static void requireOpen(String name, MemorySegment segment) {
        if (!segment.scope().isAlive()) {
            throw new IllegalStateException(name + " is closed");
        }
        if (!segment.isAccessibleBy(Thread.currentThread())) {
            throw new WrongThreadException(name + " belongs to another thread");
        }
    }

    private void requireGiven(String what, boolean given, boolean wanted) {
        if (given != wanted) {
            throw new IllegalArgumentException(
                    protocol.name() + ": the " + role + " must " + (wanted ? "" : "not ") + "have " + what);
        }
    }
}

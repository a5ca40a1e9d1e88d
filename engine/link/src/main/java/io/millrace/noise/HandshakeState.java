package io.millrace.noise;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.Wiping;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.crypto.X25519Keys;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Predicate;

/**
 * One handshake: messages in turn, then {@link #split}, after which it is gone.
 *
 * <p>Calls out of turn, or after {@link #split} or {@link #close}, throw {@link IllegalStateException}. Input of a
 * peer never throws: it gives a {@link NoiseStatus}. A message that is refused leaves the handshake as it was, so that a
 * forged datagram does not end it; over a stream the caller ends it. Arguments are checked before anything changes; an
 * exception that comes later, such as that of a closed key, ends the handshake and wipes its memory: no state is used on
 * that has taken in half a message, and no ephemeral key or nonce is used twice. Payloads before the last message of a
 * pattern are less protected than the session (section 7.7); of XK, the first can be replayed and the first two are not
 * from an authenticated initiator.
 *
 * <p>All secrets are in one guarded cell: the ephemeral secret is wiped with the last message, everything else by
 * {@link #split} or {@link #close}. Belongs to one thread at a time.
 *
 * <p>Source: Noise revision 34 section 5.3.
 *
 * <p>In one file because the steps of a handshake share secrets that one object owns and wipes.
 */
public final class HandshakeState implements AutoCloseable {
    private static final int DH_LENGTH = X25519Keys.LENGTH;

    private static final int CHECKPOINT_OFFSET = SymmetricState.MEMORY_LENGTH;
    private static final int E_OFFSET = CHECKPOINT_OFFSET + SymmetricState.STATE_LENGTH;
    private static final int E_PUBLIC_OFFSET = E_OFFSET + DH_LENGTH;
    private static final int RE_OFFSET = E_PUBLIC_OFFSET + DH_LENGTH;
    private static final int RS_OFFSET = RE_OFFSET + DH_LENGTH;
    private static final int AGREEMENT_OFFSET = RS_OFFSET + DH_LENGTH;
    private static final int PSK_OFFSET = AGREEMENT_OFFSET + KeyAgreement.MEMORY_LENGTH;
    private static final int MEMORY_LENGTH = PSK_OFFSET + HandshakeBuilder.PSK_LENGTH;

    private enum Phase {
        /** This side's turn to write. */
        WRITE,
        /** This side's turn to read. */
        READ,
        /** All messages are through; waits for {@link #split}. */
        COMPLETE,
        /** Split, closed or broken. */
        GONE
    }

    private final NoiseProtocol protocol;
    private final Role role;
    private final X25519KeyPair s;
    private final SecretKey psk;

    private final SecretKey memory;
    private final SymmetricState symmetric;
    private final MemorySegment e;
    private final MemorySegment ePublic;
    private final MemorySegment re;
    private final MemorySegment rs;
    private final KeyAgreement agreement;
    private final MemorySegment latePsk;

    private Phase phase;
    private int messageIndex;
    private boolean remoteStaticKnown;
    private boolean pskKnown;

    HandshakeState(HandshakeBuilder from) {
        protocol = from.protocol;
        role = from.role;
        s = from.localStatic;
        psk = from.psk;
        memory = SecretKey.inCell(MEMORY_LENGTH);
        boolean complete = false;
        try {
            final MemorySegment all = memory.segment();
            symmetric = new SymmetricState(protocol, all.asSlice(0, SymmetricState.MEMORY_LENGTH));
            e = all.asSlice(E_OFFSET, DH_LENGTH);
            ePublic = all.asSlice(E_PUBLIC_OFFSET, DH_LENGTH);
            re = all.asSlice(RE_OFFSET, DH_LENGTH);
            rs = all.asSlice(RS_OFFSET, DH_LENGTH);
            agreement = new KeyAgreement(
                    from, e, ePublic, re, rs, all.asSlice(AGREEMENT_OFFSET, KeyAgreement.MEMORY_LENGTH));
            latePsk = all.asSlice(PSK_OFFSET, HandshakeBuilder.PSK_LENGTH);
            pskKnown = psk != null;
            phase = role == Role.INITIATOR ? Phase.WRITE : Phase.READ;
            symmetric.mixHash(from.prologue);
            if (protocol.pattern().responderKnown()) {
                if (role == Role.INITIATOR) {
                    rs.copyFrom(from.remoteStatic);
                    remoteStaticKnown = true;
                }
                symmetric.mixHash(role == Role.INITIATOR ? rs : s.publicKey());
            }
            complete = true;
        } finally {
            if (!complete) {
                memory.close();
            }
        }
    }

    /**
     * Begins to describe a handshake.
     *
     * @param protocol pattern and hash.
     * @param role of this side.
     */
    public static HandshakeBuilder of(NoiseProtocol protocol, Role role) {
        return new HandshakeBuilder(protocol, role);
    }

    /** Whether the next call is {@link #writeMessage}. */
    public boolean isTurnToWrite() {
        return phase == Phase.WRITE;
    }

    /** Whether all messages are through, so that the next call is {@link #split}. */
    public boolean isComplete() {
        return phase == Phase.COMPLETE;
    }

    /** Length in bytes of the next message without its payload: its keys and tags. */
    public int overhead() {
        requireTurn(phase == Phase.WRITE || phase == Phase.READ, "another message");
        boolean keyed = symmetric.cipher().hasKey();
        int length = 0;
        for (Token token : protocol.pattern().message(messageIndex)) {
            switch (token) {
                case E -> {
                    length += DH_LENGTH;
                    keyed |= protocol.pattern().hasPsk();
                }
                case S -> length += DH_LENGTH + (keyed ? CipherState.TAG_LENGTH : 0);
                default -> keyed = true;
            }
        }
        return length + (keyed ? CipherState.TAG_LENGTH : 0);
    }

    /** The remote static key, 32 bytes copied to the heap; null as long as it is not known. Not secret. */
    public byte[] remoteStatic() {
        requireTurn(phase != Phase.GONE, "remoteStatic");
        return remoteStaticKnown ? rs.toArray(ValueLayout.JAVA_BYTE) : null;
    }

    /**
     * Brings the pre-shared key of a handshake that was begun without, once.
     *
     * @param secret 32 bytes, native; copied, wiping it is left to its owner.
     * @throws IllegalStateException if the key is known, or the pattern has none.
     */
    public void givePsk(MemorySegment secret) {
        requireTurn(phase != Phase.GONE && protocol.pattern().hasPsk() && !pskKnown, "givePsk");
        if (secret.byteSize() != HandshakeBuilder.PSK_LENGTH) {
            throw new IllegalArgumentException("psk must be 32 bytes: pskLength=" + secret.byteSize());
        }
        latePsk.copyFrom(secret);
        pskKnown = true;
    }

    /**
     * Lets {@code writer} write the pre-shared key of a handshake that was begun without, once, into the guarded memory of
     * this handshake: no other copy is made. It is wiped there with the last message.
     *
     * @param writer fills the segment, 32 bytes, native, and keeps no reference to it; false if it has no key, and then the
     *     handshake has none either. An exception ends the handshake.
     * @return the result of {@code writer}.
     * @throws IllegalStateException if the key is known, or the pattern has none.
     */
    public boolean writePsk(Predicate<MemorySegment> writer) {
        requireTurn(phase != Phase.GONE && protocol.pattern().hasPsk() && !pskKnown, "writePsk");
        boolean complete = false;
        try {
            pskKnown = writer.test(latePsk);
            if (!pskKnown) {
                Wiping.wipe(latePsk);
            }
            complete = true;
            return pskKnown;
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    /**
     * Writes the next message.
     *
     * @param payload the first {@code payloadLength} bytes are sent, 0 or more.
     * @param payloadLength in bytes, 0 or more.
     * @param out native; receives {@link #overhead()} + {@code payloadLength} bytes, at most 65,535.
     * @return length of the message in bytes; or {@link NoiseStatus#MESSAGE_TOO_LONG}, and then nothing has changed; or
     *     {@link NoiseStatus#LOW_ORDER_KEY}, if a key of the peer known before is of that kind, and then the handshake is
     *     over.
     * @throws IllegalStateException if it is not the turn of this side, or the pre-shared key of this message is missing.
     */
    public int writeMessage(MemorySegment payload, int payloadLength, MemorySegment out) {
        requireTurn(phase == Phase.WRITE, "writeMessage");
        requirePsk();
        HandshakeBuilder.requireOpen("payload", payload);
        HandshakeBuilder.requireOpen("out", out);
        final int overhead = overhead();
        if (payloadLength > CipherState.MAX_MESSAGE_LENGTH - overhead) {
            return NoiseStatus.MESSAGE_TOO_LONG;
        }
        if (payloadLength < 0 || out.byteSize() < overhead + payloadLength) {
            throw new IndexOutOfBoundsException("no room for the message: payloadLength=" + payloadLength
                    + ", overhead=" + overhead + ", outLength=" + out.byteSize());
        }
        boolean complete = false;
        try {
            final int length = writeTokens(payload, payloadLength, out);
            complete = length >= 0;
            return length;
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    private int writeTokens(MemorySegment payload, int payloadLength, MemorySegment out) {
        final List<Token> tokens = protocol.pattern().message(messageIndex);
        int length = 0;
        for (int i = 0; i < tokens.size(); i++) {
            final Token token = tokens.get(i);
            switch (token) {
                case E -> {
                    agreement.draw(protocol.pattern().following(messageIndex, i, false));
                    length += put(ePublic, out, length);
                    mixEphemeral(ePublic);
                }
                case S -> {
                    put(s.publicKey(), out, length);
                    length += symmetric.encryptAndHash(out, length, DH_LENGTH);
                }
                default -> {
                    if (!mix(token, protocol.pattern().following(messageIndex, i, false))) {
                        return NoiseStatus.LOW_ORDER_KEY;
                    }
                }
            }
        }
        MemorySegment.copy(payload, 0, out, length, payloadLength);
        length += symmetric.encryptAndHash(out, length, payloadLength);
        next(Phase.READ);
        return length;
    }

    /**
     * Reads the next message.
     *
     * @param message native; the first {@code length} bytes are the message.
     * @param length of the message in bytes.
     * @param payload receives {@code length} - {@link #overhead()} bytes; apart from {@code message}.
     * @return length of the payload in bytes; or {@link NoiseStatus#MESSAGE_TOO_LONG}, {@link
     *     NoiseStatus#MESSAGE_TOO_SHORT}, {@link NoiseStatus#BAD_TAG} or {@link NoiseStatus#LOW_ORDER_KEY}, and then the
     *     handshake is as it was before and waits for the true message.
     */
    public int readMessage(MemorySegment message, int length, MemorySegment payload) {
        requireTurn(phase == Phase.READ, "readMessage");
        requirePsk();
        HandshakeBuilder.requireOpen("message", message);
        HandshakeBuilder.requireOpen("payload", payload);
        if (length > CipherState.MAX_MESSAGE_LENGTH) {
            return NoiseStatus.MESSAGE_TOO_LONG;
        }
        final int overhead = overhead();
        if (length < overhead) {
            return NoiseStatus.MESSAGE_TOO_SHORT;
        }
        if (message.byteSize() < length || payload.byteSize() < length - overhead) {
            throw new IndexOutOfBoundsException("message or payload is shorter than the message: length=" + length
                    + ", overhead=" + overhead + ", payloadLength=" + payload.byteSize());
        }
        final MemorySegment all = memory.segment();
        MemorySegment.copy(all, 0, all, CHECKPOINT_OFFSET, SymmetricState.STATE_LENGTH);
        final boolean keyed = symmetric.cipher().hasKey();
        final long nonce = symmetric.cipher().nonce();
        final boolean rsKnown = remoteStaticKnown;
        boolean complete = false;
        try {
            final int status = readTokens(message, length, payload);
            if (status >= 0) {
                next(Phase.WRITE);
            } else {
                MemorySegment.copy(all, CHECKPOINT_OFFSET, all, 0, SymmetricState.STATE_LENGTH);
                symmetric.cipher().restore(keyed, nonce);
                agreement.forget();
                remoteStaticKnown = rsKnown;
            }
            Wiping.wipe(all.asSlice(CHECKPOINT_OFFSET, SymmetricState.STATE_LENGTH));
            complete = true;
            return status;
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    private int readTokens(MemorySegment message, int length, MemorySegment payload) {
        final List<Token> tokens = protocol.pattern().message(messageIndex);
        int at = 0;
        for (int i = 0; i < tokens.size(); i++) {
            final Token token = tokens.get(i);
            switch (token) {
                case E -> {
                    MemorySegment.copy(message, at, re, 0, DH_LENGTH);
                    at += DH_LENGTH;
                    mixEphemeral(re);
                }
                case S -> {
                    final int received = DH_LENGTH + (symmetric.cipher().hasKey() ? CipherState.TAG_LENGTH : 0);
                    final int status = symmetric.decryptAndHash(message, at, received, rs);
                    if (status < 0) {
                        return status;
                    }
                    at += received;
                    remoteStaticKnown = true;
                }
                default -> {
                    if (!mix(token, protocol.pattern().following(messageIndex, i, true))) {
                        return NoiseStatus.LOW_ORDER_KEY;
                    }
                }
            }
        }
        return symmetric.decryptAndHash(message, at, length - at, payload);
    }

    /** Ends the handshake, also by an exception, and gives its result. Once only. */
    public NoiseTransport split() {
        requireTurn(phase == Phase.COMPLETE, "split");
        try (this) {
            return symmetric.split(role, remoteStatic());
        }
    }

    /** Gives the handshake up, if it is not over, and wipes its memory. */
    @Override
    public void close() {
        phase = Phase.GONE;
        memory.close();
    }

    /** For the test that looks at it. */
    MemorySegment memory() {
        return memory.segment();
    }

    /** For the same: shared secrets, now or before their turn. */
    MemorySegment agreementMemory() {
        return memory().asSlice(AGREEMENT_OFFSET, KeyAgreement.MEMORY_LENGTH);
    }

    /** With a pre-shared key in the pattern, an ephemeral key is mixed twice. Source: section 9.2. */
    private void mixEphemeral(MemorySegment publicKey) {
        symmetric.mixHash(publicKey);
        if (protocol.pattern().hasPsk()) {
            symmetric.mixKey(publicKey);
        }
    }

    /** Mixes the secret of a token that stands for no bytes of the message; false if a key is of low order. */
    private boolean mix(Token token, Token following) {
        if (token == Token.PSK) {
            symmetric.mixKeyAndHash(psk == null ? latePsk : psk.segment());
            return true;
        }
        return agreement.agree(token, following, symmetric::mixKey);
    }

    private void next(Phase turn) {
        messageIndex++;
        if (messageIndex == protocol.pattern().messageCount()) {
            phase = Phase.COMPLETE;
            agreement.forget();
            Wiping.wipe(e);
            Wiping.wipe(latePsk);
        } else {
            phase = turn;
        }
    }

    private void requirePsk() {
        requireTurn(pskKnown || !protocol.pattern().message(messageIndex).contains(Token.PSK), "the pre-shared key");
    }

    private void requireTurn(boolean allowed, String call) {
        if (!allowed) {
            throw new IllegalStateException("not the turn of " + call + ": " + role + " of " + protocol.name()
                    + ", phase=" + phase + ", message=" + messageIndex);
        }
    }

    private static int put(MemorySegment key, MemorySegment out, int at) {
        MemorySegment.copy(key, 0, out, at, DH_LENGTH);
        return DH_LENGTH;
    }
}

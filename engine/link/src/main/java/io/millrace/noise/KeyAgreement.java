package io.millrace.noise;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.Wiping;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.crypto.X25519Keys;
import io.millrace.crypto.provider.X25519Together;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * The ephemeral key and the Diffie-Hellman operations of one handshake, in memory that the handshake owns and wipes. Where
 * several cost no more than one, those that follow and whose keys are known are computed with it, and kept until it is their
 * turn: the responder draws its ephemeral key while it reads the first message.
 *
 * <p>A result that is kept has no effect before its turn: when a message is refused it is {@linkplain #forget forgotten}.
 */
final class KeyAgreement {
    /** Room in bytes: a shared secret, and the one that was computed with it. */
    static final int MEMORY_LENGTH = 2 * X25519Keys.LENGTH;

    private final boolean initiator;
    private final boolean together;
    private final Randomness randomness;
    private final X25519KeyPair s;
    private final MemorySegment e;
    private final MemorySegment ePublic;
    private final MemorySegment re;
    private final MemorySegment rs;
    private final MemorySegment dh;
    private final MemorySegment aheadDh;

    /** What {@link #aheadDh} is the secret of; null if of nothing. */
    private Token ahead;

    private boolean aheadOk;

    /** Whether the ephemeral key was drawn before its turn. */
    private boolean drawn;

    /**
     * Takes the keys of a handshake, which may be filled later.
     *
     * @param from role, static keys and source of the ephemeral key.
     * @param e receives this side's ephemeral secret.
     * @param ePublic receives its public key.
     * @param re the other side's ephemeral public key.
     * @param rs the other side's static public key.
     * @param memory {@link #MEMORY_LENGTH} bytes.
     */
    KeyAgreement(
            HandshakeBuilder from,
            MemorySegment e,
            MemorySegment ePublic,
            MemorySegment re,
            MemorySegment rs,
            MemorySegment memory) {
        this.initiator = from.role == Role.INITIATOR;
        this.together = from.together;
        this.randomness = from.randomness;
        this.s = from.localStatic;
        this.e = e;
        this.ePublic = ePublic;
        this.re = re;
        this.rs = rs;
        this.dh = memory.asSlice(0, X25519Keys.LENGTH);
        this.aheadDh = memory.asSlice(X25519Keys.LENGTH, X25519Keys.LENGTH);
    }

    /**
     * Draws the ephemeral key, unless that was done before its turn.
     *
     * @param following the agreement that comes next and whose keys are known; null if there is none.
     */
    void draw(Token following) {
        if (drawn) {
            drawn = false;
            return;
        }
        forget();
        randomness.fill(e);
        if (following == null || !together) {
            X25519Keys.publicKey(ePublic, e);
            return;
        }
        final int ok = X25519Together.sharedSecrets(
                of(ePublic, aheadDh), of(e, secret(following)), of(X25519Together.basePoint(), point(following)));
        keep(following, ok >> 1);
    }

    /**
     * Computes the secret of an agreement, hands it to {@code taker} and wipes it.
     *
     * @param following as for {@link #draw}; or {@link Token#E} if this side's ephemeral key comes next.
     * @return false if a key is of low order; {@code taker} gets nothing then.
     */
    boolean agree(Token token, Token following, Consumer<MemorySegment> taker) {
        try {
            final boolean ok = compute(token, following);
            if (ok) {
                taker.accept(dh);
            }
            return ok;
        } finally {
            Wiping.wipe(dh);
        }
    }

    private boolean compute(Token token, Token following) {
        if (ahead == token) {
            dh.copyFrom(aheadDh);
            final boolean ok = aheadOk;
            forget();
            return ok;
        }
        forget();
        if (following == null || !together) {
            return X25519Together.sharedSecret(dh, secret(token), point(token));
        }
        final int ok;
        if (following == Token.E) {
            drawn = true;
            randomness.fill(e);
            ok = X25519Together.sharedSecrets(
                    of(dh, aheadDh, ePublic),
                    of(secret(token), e, e),
                    of(point(token), re, X25519Together.basePoint()));
            keep(Token.EE, ok >> 1);
        } else {
            ok = X25519Together.sharedSecrets(
                    of(dh, aheadDh), of(secret(token), secret(following)), of(point(token), point(following)));
            keep(following, ok >> 1);
        }
        return (ok & 1) != 0;
    }

    private void keep(Token token, int ok) {
        ahead = token;
        aheadOk = (ok & 1) != 0;
    }

    /** Wipes keys that were drawn or computed before their turn, if anything was. */
    void forget() {
        if (ahead != null) {
            ahead = null;
            Wiping.wipe(aheadDh);
        }
        if (drawn) {
            drawn = false;
            Wiping.wipe(e);
        }
    }

    private static MemorySegment[] of(MemorySegment... segments) {
        return segments;
    }

    private MemorySegment secret(Token token) {
        return switch (token) {
            case EE -> e;
            case SS -> s.secretKey();
            case ES -> initiator ? e : s.secretKey();
            case SE -> initiator ? s.secretKey() : e;
            default -> throw new AssertionError("not a key agreement: " + token);
        };
    }

    private MemorySegment point(Token token) {
        return switch (token) {
            case EE -> re;
            case SS -> rs;
            case ES -> initiator ? rs : re;
            case SE -> initiator ? re : rs;
            default -> throw new AssertionError("not a key agreement: " + token);
        };
    }
}

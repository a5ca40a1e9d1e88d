package io.millrace.receipt;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Ed25519;
import io.millrace.crypto.Ed25519KeyPair;
import io.millrace.crypto.Hkdf;
import io.millrace.crypto.SecretKey;
import io.millrace.tlog.Checkpoint;
import io.millrace.tlog.SignedNote;
import io.millrace.tlog.VerifierKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * The key of a log: signs checkpoints, and receipts one by one. May be used by several threads; closed by its owner.
 *
 * <p>It is derived from an identity's seed for this one use, so that no signature or VRF proof of that identity can be
 * taken for one of the log, or the other way round. Its signatures cannot be confused with each other either: a receipt is
 * signed behind {@link ReceiptSignature}'s prefix, which no note can begin with.
 */
public final class LogKey implements AutoCloseable {
    private static final String DERIVATION = "millrace/receipt-log/v1";

    private final Ed25519KeyPair pair;
    private final VerifierKey verifierKey;

    private LogKey(String origin, Ed25519KeyPair pair) {
        this.pair = pair;
        this.verifierKey =
                VerifierKey.of(origin, VerifierKey.Type.NOTE, pair.publicKey().toArray(JAVA_BYTE));
    }

    /**
     * Derives the log key of an identity.
     *
     * @param origin the log's name, see {@link VerifierKey#of}.
     * @param identitySeed native, 32 bytes; not kept.
     */
    public static LogKey derive(String origin, MemorySegment identitySeed) {
        try (SecretKey seed = SecretKey.copyOf(identitySeed);
                Arena arena = Arena.ofConfined()) {
            Hkdf.derive(
                    seed.segment(),
                    MemorySegment.NULL,
                    identitySeed,
                    arena.allocateFrom(JAVA_BYTE, DERIVATION.getBytes(StandardCharsets.US_ASCII)));
            return ofSeed(origin, seed.segment());
        }
    }

    /**
     * The log key with that very seed.
     *
     * @param origin name of the log.
     * @param seed native, 32 bytes; not kept.
     */
    public static LogKey ofSeed(String origin, MemorySegment seed) {
        final Ed25519KeyPair pair = Ed25519KeyPair.fromSeed(seed);
        boolean made = false;
        try {
            final LogKey key = new LogKey(origin, pair);
            made = true;
            return key;
        } finally {
            if (!made) {
                pair.close();
            }
        }
    }

    /** The log's name. */
    public String origin() {
        return verifierKey.name();
    }

    /** What others check with. */
    public VerifierKey verifierKey() {
        return verifierKey;
    }

    /**
     * Signs a checkpoint; its origin is this log's.
     *
     * @param checkpoint of this log.
     */
    public SignedNote sign(Checkpoint checkpoint) {
        if (!checkpoint.origin().equals(origin())) {
            throw new IllegalArgumentException("the checkpoint is of another log: origin=" + checkpoint.origin());
        }
        final String text = checkpoint.text();
        return note(checkpoint, sign(text.getBytes(StandardCharsets.UTF_8)), verifierKey);
    }

    /** The note of a checkpoint and the signature that {@code key} made. */
    static SignedNote note(Checkpoint checkpoint, byte[] signature, VerifierKey key) {
        return new SignedNote(
                checkpoint.text(), java.util.List.of(new SignedNote.Signature(key.name(), key.keyId(), signature)));
    }

    /** Writes the 64 bytes of a signature over {@code message}, both native. */
    void sign(MemorySegment signature, MemorySegment message) {
        pair.sign(signature, message);
    }

    private byte[] sign(byte[] message) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment signature = arena.allocate(Ed25519.SIGNATURE_LENGTH);
            pair.sign(signature, arena.allocateFrom(JAVA_BYTE, message));
            return signature.toArray(JAVA_BYTE);
        }
    }

    /** Wipes the secret. */
    @Override
    public void close() {
        pair.close();
    }
}

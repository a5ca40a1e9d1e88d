package io.millrace.vrf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.EdwardsPoints;
import io.millrace.crypto.EdwardsScalars;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.Sha512;
import io.millrace.crypto.Wiping;
import io.millrace.memory.TrackedArena;
import java.lang.foreign.MemorySegment;

/**
 * A secret key of ECVRF over edwards25519 with its public key.
 *
 * <pre>
 *  offset  length  field
 *       0      32  x           secret scalar, clamped as in Ed25519
 *      32      32  prefix      the other half of SHA-512(seed): makes the nonces
 *      64      32  8x mod q    for outputs without a proof
 *      96      32  public key  Y = x * B
 * </pre>
 *
 * <p>Derived from a 32-byte seed as Ed25519 derives its key. Use a separate seed: this key is no signing key.
 *
 * <p>May be used by several threads at once; the owner closes it after the last use.
 *
 * <p>Source: RFC 9381 section 5.5 ({@code SK}, {@code x}, {@code Y}), RFC 8032 section 5.1.5.
 */
public final class EcvrfSecretKey implements AutoCloseable {
    private static final int LENGTH = 128;

    private final SecretKey key;
    private final MemorySegment x;
    private final MemorySegment prefix;
    private final MemorySegment eightX;
    private final MemorySegment publicKey;

    private EcvrfSecretKey(SecretKey key) {
        this.key = key;
        this.x = key.segment().asSlice(0, 32).asReadOnly();
        this.prefix = key.segment().asSlice(32, 32).asReadOnly();
        this.eightX = key.segment().asSlice(64, 32).asReadOnly();
        this.publicKey = key.segment().asSlice(96, 32).asReadOnly();
    }

    /**
     * Derives the key of a seed.
     *
     * @param seed native, 32 bytes; not kept.
     */
    public static EcvrfSecretKey fromSeed(MemorySegment seed) {
        if (seed.byteSize() != EcvrfSuite.SEED_LENGTH) {
            throw new IllegalArgumentException("seed must be 32 bytes: seedLength=" + seed.byteSize());
        }
        try (TrackedArena arena = TrackedArena.shared()) {
            final MemorySegment derived = arena.allocate(LENGTH, 64);
            try {
                derive(derived, seed);
                return new EcvrfSecretKey(SecretKey.copyOf(derived));
            } finally {
                Wiping.wipe(derived);
            }
        }
    }

    /**
     * Derives the key of a seed drawn from {@code randomness}.
     *
     * @param randomness source of the seed.
     */
    public static EcvrfSecretKey generate(Randomness randomness) {
        try (SecretKey seed = SecretKey.generate(randomness)) {
            return fromSeed(seed.segment());
        }
    }

    /** The public key: 32 bytes, native, read only, inaccessible after {@link #close()}. */
    public MemorySegment publicKey() {
        return publicKey;
    }

    /** Wipes the secret. A second call does nothing. */
    @Override
    public void close() {
        key.close();
    }

    /** Tells nothing of the key. */
    @Override
    public String toString() {
        return "EcvrfSecretKey";
    }

    MemorySegment x() {
        return x;
    }

    MemorySegment prefix() {
        return prefix;
    }

    MemorySegment eightX() {
        return eightX;
    }

    private static void derive(MemorySegment derived, MemorySegment seed) {
        Sha512.hash(derived.asSlice(0, Sha512.LENGTH), seed);
        final MemorySegment x = derived.asSlice(0, 32);
        x.set(JAVA_BYTE, 0, (byte) (x.get(JAVA_BYTE, 0) & 0xf8));
        x.set(JAVA_BYTE, 31, (byte) ((x.get(JAVA_BYTE, 31) & 0x7f) | 0x40));
        final MemorySegment eightX = derived.asSlice(64, 32);
        eightX.set(JAVA_BYTE, 0, (byte) 8);
        EdwardsScalars.multiply(eightX, eightX, x);
        if (!EdwardsPoints.multiplyBase(derived.asSlice(96, 32), x)) {
            throw new AssertionError("a clamped scalar is never a multiple of the group order");
        }
    }
}

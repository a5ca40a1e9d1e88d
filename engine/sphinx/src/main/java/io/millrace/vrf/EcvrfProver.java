package io.millrace.vrf;

import io.millrace.crypto.EdwardsPoints;
import io.millrace.crypto.EdwardsScalars;
import io.millrace.crypto.Sha512;
import io.millrace.crypto.Wiping;
import io.millrace.memory.TrackedArena;
import java.lang.foreign.MemorySegment;

/**
 * Makes the outputs and proofs of one secret key: ECVRF_prove.
 *
 * <p>Constant time in the secret key. {@link #gamma} and {@link #output} allocate nothing once an input of the same length
 * has been seen. All scratch that depends on the secret is wiped before a method returns.
 *
 * <p>Threading: one thread at a time. The key stays its owner's and must outlive this object.
 *
 * <p>Source: RFC 9381 sections 5.1 and 5.2; nonces from section 5.4.2.2.
 */
public final class EcvrfProver implements AutoCloseable {
    private final EcvrfSecretKey key;
    private final EncodeToCurve encodeToCurve;
    private final EcvrfHashes hashes;
    private final TrackedArena arena = TrackedArena.shared();
    private final MemorySegment scratch = arena.allocate(384, 64);
    private final MemorySegment h = scratch.asSlice(0, 32);
    private final MemorySegment vrfGamma = scratch.asSlice(32, 32);
    private final MemorySegment u = scratch.asSlice(64, 32);
    private final MemorySegment v = scratch.asSlice(96, 32);
    private final MemorySegment k = scratch.asSlice(128, 32);
    private final MemorySegment c = scratch.asSlice(160, 32);
    private final MemorySegment s = scratch.asSlice(192, 32);
    private final MemorySegment nonceInput = scratch.asSlice(256, 64);
    private final MemorySegment kString = scratch.asSlice(320, 64);

    /**
     * Makes a prover.
     *
     * @param suite of proofs and outputs.
     * @param key stays the caller's and must outlive this.
     */
    public EcvrfProver(EcvrfSuite suite, EcvrfSecretKey key) {
        this.key = key;
        this.encodeToCurve = new EncodeToCurve(suite);
        this.hashes = new EcvrfHashes(suite, arena);
    }

    /**
     * Writes the proof for {@code vrfInput}.
     *
     * @param pi receives {@link EcvrfSuite#PI_LENGTH} bytes.
     * @param vrfInput any length, also none; on the heap or not.
     */
    public void prove(MemorySegment pi, MemorySegment vrfInput) {
        EcvrfHashes.requireLength("pi", pi, EcvrfSuite.PI_LENGTH);
        try {
            proveKeepingScratch(pi, vrfInput);
        } finally {
            wipe();
        }
    }

    /**
     * Writes the output for {@code vrfInput} without making a proof: one scalar multiplication instead of three.
     *
     * @param vrfOutput receives {@link EcvrfSuite#OUTPUT_LENGTH} bytes; native.
     * @param vrfInput any length, also none; on the heap or not.
     */
    public void output(MemorySegment vrfOutput, MemorySegment vrfInput) {
        try {
            encodeToCurve.encode(h, key.publicKey(), vrfInput);
            // cofactor * vrfGamma = 8 * (x * H) = (8x mod q) * H, as H is of order q.
            multiply(vrfGamma, key.eightX());
            hashes.output(vrfOutput, vrfGamma);
        } finally {
            wipe();
        }
    }

    /**
     * Writes {@code vrfGamma = x * H} for {@code vrfInput}.
     *
     * @param vrfGamma receives {@link EcvrfSuite#GAMMA_LENGTH} bytes; native.
     * @param vrfInput any length, also none; on the heap or not.
     */
    public void gamma(MemorySegment vrfGamma, MemorySegment vrfInput) {
        encodeToCurve.encode(h, key.publicKey(), vrfInput);
        multiply(vrfGamma, key.x());
    }

    /** Wipes and frees the scratch memory; the key stays open. */
    @Override
    public void close() {
        wipe();
        hashes.wipe();
        encodeToCurve.close();
        arena.close();
    }

    /** As {@link #prove}, but what {@link #h} and the others show stays until the next call. */
    void proveKeepingScratch(MemorySegment pi, MemorySegment vrfInput) {
        gamma(vrfGamma, vrfInput);

        MemorySegment.copy(key.prefix(), 0, nonceInput, 0, 32);
        MemorySegment.copy(h, 0, nonceInput, 32, 32);
        Sha512.hash(kString, nonceInput);
        EdwardsScalars.reduce(k, kString);

        if (!EdwardsPoints.multiplyBase(u, k)) {
            throw new AssertionError("nonce is zero: probability 2^-252");
        }
        multiply(v, k);
        hashes.challenge(c, key.publicKey(), h, vrfGamma, u, v);
        EdwardsScalars.multiply(s, c, key.x());
        EdwardsScalars.add(s, s, k);

        MemorySegment.copy(vrfGamma, 0, pi, 0, EcvrfSuite.GAMMA_LENGTH);
        MemorySegment.copy(c, 0, pi, EcvrfSuite.GAMMA_LENGTH, EcvrfSuite.C_LENGTH);
        MemorySegment.copy(s, 0, pi, EcvrfSuite.GAMMA_LENGTH + EcvrfSuite.C_LENGTH, EcvrfSuite.S_LENGTH);
    }

    EcvrfSecretKey key() {
        return key;
    }

    MemorySegment h() {
        return h;
    }

    MemorySegment kString() {
        return kString;
    }

    MemorySegment k() {
        return k;
    }

    MemorySegment u() {
        return u;
    }

    MemorySegment v() {
        return v;
    }

    EncodeToCurve encodeToCurve() {
        return encodeToCurve;
    }

    private void multiply(MemorySegment out, MemorySegment scalar) {
        if (!EdwardsPoints.multiply(out, scalar, h)) {
            throw new AssertionError("H is the identity: probability 2^-252");
        }
    }

    private void wipe() {
        Wiping.wipe(scratch);
        hashes.wipe();
    }
}

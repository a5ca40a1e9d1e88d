package io.millrace.vrf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.EdwardsPoints;
import io.millrace.crypto.EdwardsScalars;
import io.millrace.memory.TrackedArena;
import java.lang.foreign.MemorySegment;

/**
 * Checks proofs: ECVRF_verify with key validation, and ECVRF_proof_to_hash.
 *
 * <p>Accepts exactly the proofs of the RFC, so that two verifiers never disagree: points outside the prime-order subgroup,
 * which libsodium's multiplication refuses, are multiplied part by part. Nothing here is secret and nothing is constant
 * time. Rubbish of any length is refused, not thrown at.
 *
 * <p>Threading: one thread at a time.
 *
 * <p>Source: RFC 9381 sections 5.2, 5.3, 5.4.4 and 5.4.5.
 */
public final class EcvrfVerifier implements AutoCloseable {
    private final EncodeToCurve encodeToCurve;
    private final EcvrfHashes hashes;
    private final CurvePoint point = new CurvePoint();
    private final TrackedArena arena = TrackedArena.shared();
    private final MemorySegment y = arena.allocate(32, 64);
    private final MemorySegment h = arena.allocate(32, 64);
    private final MemorySegment u = arena.allocate(32, 64);
    private final MemorySegment v = arena.allocate(32, 64);
    private final MemorySegment product = arena.allocate(32, 64);
    private final MemorySegment primePart = arena.allocate(32, 64);
    private final MemorySegment torsion = arena.allocate(32, 64);
    private final MemorySegment eightInverse = arena.allocate(32, 64);
    private final MemorySegment expected = arena.allocate(32, 64);
    private final MemorySegment output = arena.allocate(EcvrfSuite.OUTPUT_LENGTH, 64);

    // The decoded proof; the upper half of c stays zero.
    private final MemorySegment vrfGamma = arena.allocate(32, 64);
    private final MemorySegment c = arena.allocate(32, 64);
    private final MemorySegment s = arena.allocate(32, 64);

    /**
     * Makes a verifier.
     *
     * @param suite of the proofs.
     */
    public EcvrfVerifier(EcvrfSuite suite) {
        this.encodeToCurve = new EncodeToCurve(suite);
        this.hashes = new EcvrfHashes(suite, arena);
        eightInverse.set(JAVA_BYTE, 0, (byte) 8);
        EdwardsScalars.invert(eightInverse, eightInverse);
    }

    /**
     * Verifies that {@code pi} proves an output for {@code vrfInput} under {@code publicKey}, and writes that output.
     *
     * @param vrfOutput receives {@link EcvrfSuite#OUTPUT_LENGTH} bytes if the proof is valid, else is left alone.
     * @param publicKey of anybody, any length.
     * @param vrfInput any length, also none.
     * @param pi of anybody, any length.
     * @return whether the RFC's answer is VALID.
     */
    public boolean verify(MemorySegment vrfOutput, MemorySegment publicKey, MemorySegment vrfInput, MemorySegment pi) {
        EcvrfHashes.requireLength("vrfOutput", vrfOutput, EcvrfSuite.OUTPUT_LENGTH);
        if (!isValidKey(publicKey) || !decode(pi)) {
            return false;
        }
        encodeToCurve.encode(h, y, vrfInput);
        // U = s*B - c*Y
        if (!EdwardsPoints.multiplyBase(u, s)) {
            identity(u);
        }
        multiply(product, c, y);
        subtract(u, u, product);
        // V = s*H - c*vrfGamma
        multiply(v, s, h);
        multiply(product, c, vrfGamma);
        subtract(v, v, product);
        hashes.challenge(expected, y, h, vrfGamma, u, v);
        if (expected.mismatch(c) != -1) {
            return false;
        }
        outputOfGamma(vrfOutput);
        return true;
    }

    /**
     * Writes the output of a proof that is known to be valid: the caller's own, or one that {@link #verify} accepted.
     *
     * @param vrfOutput receives {@link EcvrfSuite#OUTPUT_LENGTH} bytes if the proof can be decoded, else is left alone.
     * @param pi a valid proof, 80 bytes.
     * @return whether {@code pi} can be decoded; this is not a verification.
     */
    public boolean proofToHash(MemorySegment vrfOutput, MemorySegment pi) {
        EcvrfHashes.requireLength("vrfOutput", vrfOutput, EcvrfSuite.OUTPUT_LENGTH);
        if (!decode(pi)) {
            return false;
        }
        outputOfGamma(vrfOutput);
        return true;
    }

    /**
     * ECVRF_validate_key: whether {@code publicKey} encodes a point, strictly, that is not of small order. Such a key
     * would have the same output for every input.
     *
     * @param publicKey 32 bytes.
     */
    public boolean isValidKey(MemorySegment publicKey) {
        if (publicKey.byteSize() != EcvrfSuite.PUBLIC_KEY_LENGTH) {
            return false;
        }
        y.copyFrom(publicKey);
        if (!point.decode(y, 0)) {
            return false;
        }
        point.clearCofactor();
        return !point.isIdentity();
    }

    /** Frees the scratch memory. */
    @Override
    public void close() {
        encodeToCurve.close();
        arena.close();
    }

    MemorySegment u() {
        return u;
    }

    MemorySegment v() {
        return v;
    }

    /** ECVRF_decode_proof. */
    private boolean decode(MemorySegment pi) {
        if (pi.byteSize() != EcvrfSuite.PI_LENGTH) {
            return false;
        }
        MemorySegment.copy(pi, 0, vrfGamma, 0, EcvrfSuite.GAMMA_LENGTH);
        MemorySegment.copy(pi, EcvrfSuite.GAMMA_LENGTH, c, 0, EcvrfSuite.C_LENGTH);
        MemorySegment.copy(pi, EcvrfSuite.GAMMA_LENGTH + EcvrfSuite.C_LENGTH, s, 0, EcvrfSuite.S_LENGTH);
        return point.decode(vrfGamma, 0) && EdwardsScalars.isCanonical(s);
    }

    private void outputOfGamma(MemorySegment vrfOutput) {
        point.decode(vrfGamma, 0);
        point.clearCofactor();
        point.encode(product, 0);
        hashes.output(output, product);
        vrfOutput.copyFrom(output);
    }

    /** {@code out = scalar * p} for a public scalar below q and a point of any order; {@code out} is not {@code p}. */
    private void multiply(MemorySegment out, MemorySegment scalar, MemorySegment p) {
        if (EdwardsPoints.multiply(out, scalar, p)) {
            return;
        }
        // p = primePart + torsion, with primePart = (1/8 mod q) * 8p and torsion of an order that divides 8.
        point.decode(p, 0);
        point.clearCofactor();
        point.encode(primePart, 0);
        if (!EdwardsPoints.multiply(primePart, eightInverse, primePart)) {
            identity(primePart);
        }
        subtract(torsion, p, primePart);
        if (!EdwardsPoints.multiply(out, scalar, primePart)) {
            identity(out);
        }
        for (int times = scalar.get(JAVA_BYTE, 0) & 7; times > 0; times--) {
            if (!EdwardsPoints.add(out, out, torsion)) {
                throw new AssertionError("both are on the curve");
            }
        }
    }

    private static void subtract(MemorySegment out, MemorySegment p, MemorySegment q) {
        if (!EdwardsPoints.subtract(out, p, q)) {
            throw new AssertionError("both are on the curve");
        }
    }

    private static void identity(MemorySegment out) {
        out.fill((byte) 0);
        out.set(JAVA_BYTE, 0, (byte) 1);
    }
}

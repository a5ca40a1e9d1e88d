package io.millrace.vrf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Sha512;
import io.millrace.memory.TrackedArena;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * ECVRF_encode_to_curve: hashes a public key and an input to a point of the prime-order subgroup.
 *
 * <p>The hash input lies in one buffer, so that inputs of one length allocate nothing after the first:
 *
 * <pre>
 *  TAI   suite 1 | 0x01 | public key 32 | vrfInput | counter 1 | 0x00
 *  ELL2  128 zeros | public key 32 | vrfInput | 0x0030 | 0x00 | DST' 41
 * </pre>
 *
 * <p>One per thread.
 *
 * <p>Source: RFC 9381 sections 5.4.1.1 and 5.4.1.2; RFC 9380 section 5.3.1.
 */
final class EncodeToCurve implements AutoCloseable {
    /** Length of the zeros that ELL2 hashes first: a block of SHA-512. */
    static final int ELL2_PREFIX_LENGTH = 128;

    private static final int UNIFORM_LENGTH = 48;

    private final EcvrfSuite suite;
    private final byte[] prefix;
    private final byte[] suffix;
    private final CurvePoint point = new CurvePoint();
    private final TrackedArena arena = TrackedArena.shared();
    private final MemorySegment hash = arena.allocate(Sha512.LENGTH, 64);

    /** ELL2's second hash: b_0 64 | 0x01 | DST'. */
    private final MemorySegment second;

    private Arena inputArena = TrackedArena.shared();
    private MemorySegment input;
    private int tryCounter;

    EncodeToCurve(EcvrfSuite suite) {
        this.suite = suite;
        final byte[] dstPrime = dstPrime(suite);
        if (suite == EcvrfSuite.TAI) {
            prefix = new byte[] {suite.suiteString(), 0x01};
            suffix = new byte[] {0, 0x00};
        } else {
            prefix = new byte[ELL2_PREFIX_LENGTH];
            suffix = ell2Suffix();
        }
        second = arena.allocate(Sha512.LENGTH + 1 + dstPrime.length, 64);
        second.set(JAVA_BYTE, Sha512.LENGTH, (byte) 1);
        MemorySegment.copy(dstPrime, 0, second, JAVA_BYTE, Sha512.LENGTH + 1, dstPrime.length);
        input = layout(0);
    }

    /**
     * Writes the encoding of H to {@code h}.
     *
     * @param h receives 32 bytes.
     * @param publicKey the salt: 32 bytes.
     * @param vrfInput any length, on the heap or not.
     */
    void encode(MemorySegment h, MemorySegment publicKey, MemorySegment vrfInput) {
        final long fixedLength = (long) prefix.length + EcvrfSuite.PUBLIC_KEY_LENGTH + suffix.length;
        if (input.byteSize() != fixedLength + vrfInput.byteSize()) {
            input = layout(vrfInput.byteSize());
        }
        MemorySegment.copy(publicKey, 0, input, prefix.length, EcvrfSuite.PUBLIC_KEY_LENGTH);
        MemorySegment.copy(vrfInput, 0, input, prefix.length + EcvrfSuite.PUBLIC_KEY_LENGTH, vrfInput.byteSize());
        if (suite == EcvrfSuite.TAI) {
            tryAndIncrement();
        } else {
            elligator2();
        }
        point.encode(h, 0);
    }

    /** How many tries failed before the last TAI encoding: the RFC's ctr, 0 to 255. */
    int tryCounter() {
        return tryCounter;
    }

    /** Expanded input of the last ELL2 encoding: the RFC's uniform_bytes, 48 bytes. */
    MemorySegment uniformBytes() {
        return hash.asSlice(0, UNIFORM_LENGTH);
    }

    CurvePoint point() {
        return point;
    }

    @Override
    public void close() {
        inputArena.close();
        arena.close();
    }

    private void tryAndIncrement() {
        for (int counter = 0; counter < 256; counter++) {
            input.set(JAVA_BYTE, input.byteSize() - 2, (byte) counter);
            Sha512.hash(hash, input);
            if (point.decode(hash, 0)) {
                point.clearCofactor();
                if (!point.isIdentity()) {
                    tryCounter = counter;
                    return;
                }
            }
        }
        throw new AssertionError("no counter gives a point: probability 2^-256");
    }

    private void elligator2() {
        Sha512.hash(hash, input);
        MemorySegment.copy(hash, 0, second, 0, Sha512.LENGTH);
        Sha512.hash(hash, second);
        point.mapToCurve(hash, 0);
        point.clearCofactor();
    }

    /** A buffer for inputs of that length, with everything in place that does not change. */
    private MemorySegment layout(long vrfInputLength) {
        inputArena.close();
        inputArena = TrackedArena.shared();
        final long suffixOffset = (long) prefix.length + EcvrfSuite.PUBLIC_KEY_LENGTH + vrfInputLength;
        final MemorySegment buffer = inputArena.allocate(suffixOffset + suffix.length, 64);
        MemorySegment.copy(prefix, 0, buffer, JAVA_BYTE, 0, prefix.length);
        MemorySegment.copy(suffix, 0, buffer, JAVA_BYTE, suffixOffset, suffix.length);
        return buffer;
    }

    /** What ELL2 hashes after the input: the length asked for, a zero, and DST'. */
    static byte[] ell2Suffix() {
        final byte[] dstPrime = dstPrime(EcvrfSuite.ELL2);
        final byte[] suffix = new byte[3 + dstPrime.length];
        suffix[1] = UNIFORM_LENGTH;
        System.arraycopy(dstPrime, 0, suffix, 3, dstPrime.length);
        return suffix;
    }

    /** "ECVRF_" | h2c suite name | suite_string, then its length. */
    static byte[] dstPrime(EcvrfSuite suite) {
        final byte[] dst = ("ECVRF_edwards25519_XMD:SHA-512_ELL2_NU_" + (char) suite.suiteString())
                .getBytes(StandardCharsets.ISO_8859_1);
        final byte[] dstPrime = new byte[dst.length + 1];
        System.arraycopy(dst, 0, dstPrime, 0, dst.length);
        dstPrime[dst.length] = (byte) dst.length;
        return dstPrime;
    }
}

package io.millrace.vrf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Sha512;
import io.millrace.crypto.Wiping;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The two hashes of ECVRF that prover and verifier share.
 *
 * <pre>
 *  challenge  suite 1 | 0x02 | Y 32 | H 32 | vrfGamma 32 | U 32 | V 32 | 0x00
 *  output     suite 1 | 0x03 | 8 * vrfGamma 32 | 0x00
 * </pre>
 *
 * <p>One per thread.
 *
 * <p>Source: RFC 9381 sections 5.2 and 5.4.3.
 */
final class EcvrfHashes {
    private final MemorySegment challengeInput;
    private final MemorySegment challengePoints;
    private final MemorySegment outputInput;
    private final MemorySegment outputPoint;
    private final MemorySegment hash;

    EcvrfHashes(EcvrfSuite suite, Arena arena) {
        challengeInput = arena.allocate(2 + 5 * 32 + 1, 64);
        challengeInput.set(JAVA_BYTE, 0, suite.suiteString());
        challengeInput.set(JAVA_BYTE, 1, (byte) 0x02);
        challengePoints = challengeInput.asSlice(2, 5 * 32);
        outputInput = arena.allocate(2 + 32 + 1, 64);
        outputInput.set(JAVA_BYTE, 0, suite.suiteString());
        outputInput.set(JAVA_BYTE, 1, (byte) 0x03);
        outputPoint = outputInput.asSlice(2, 32);
        hash = arena.allocate(Sha512.LENGTH, 64);
    }

    /** Writes the 16 bytes of the challenge to {@code c}, 32 bytes, as a scalar: the upper half is zero. */
    void challenge(
            MemorySegment c,
            MemorySegment publicKey,
            MemorySegment h,
            MemorySegment vrfGamma,
            MemorySegment u,
            MemorySegment v) {
        MemorySegment.copy(publicKey, 0, challengePoints, 0, 32);
        MemorySegment.copy(h, 0, challengePoints, 32, 32);
        MemorySegment.copy(vrfGamma, 0, challengePoints, 64, 32);
        MemorySegment.copy(u, 0, challengePoints, 96, 32);
        MemorySegment.copy(v, 0, challengePoints, 128, 32);
        Sha512.hash(hash, challengeInput);
        c.fill((byte) 0);
        MemorySegment.copy(hash, 0, c, 0, EcvrfSuite.C_LENGTH);
    }

    /** Writes the output that belongs to the encoded point {@code 8 * vrfGamma}. */
    void output(MemorySegment vrfOutput, MemorySegment eightGamma) {
        MemorySegment.copy(eightGamma, 0, outputPoint, 0, 32);
        Sha512.hash(vrfOutput, outputInput);
    }

    /** Wipes everything but the constants. */
    void wipe() {
        Wiping.wipe(challengePoints);
        Wiping.wipe(outputPoint);
        Wiping.wipe(hash);
    }

    static void requireLength(String name, MemorySegment segment, int length) {
        if (segment.byteSize() != length) {
            throw new IllegalArgumentException(
                    name + " must be " + length + " bytes: " + name + "Length=" + segment.byteSize());
        }
    }
}

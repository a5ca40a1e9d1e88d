package io.millrace.crypto;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;

/** Numbers of edwards25519 as big integers: the plain arithmetic that the tests compare with. */
final class LittleEndian {
    /** L = 2^252 + 27742317777372353535851937790883648493. */
    static final BigInteger GROUP_ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    private LittleEndian() {}

    static BigInteger integer(MemorySegment segment) {
        BigInteger value = BigInteger.ZERO;
        for (long i = segment.byteSize() - 1; i >= 0; i--) {
            value = value.shiftLeft(8).or(BigInteger.valueOf(Byte.toUnsignedInt(segment.get(JAVA_BYTE, i))));
        }
        return value;
    }

    static void write(MemorySegment segment, BigInteger value) {
        for (long i = 0; i < segment.byteSize(); i++) {
            segment.set(JAVA_BYTE, i, value.shiftRight((int) (8 * i)).byteValue());
        }
    }
}

package io.millrace.crypto.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.Bytes;
import io.millrace.crypto.Ed25519;
import io.millrace.crypto.EdwardsPoints;
import io.millrace.crypto.EdwardsScalars;
import io.millrace.crypto.Sha512;
import io.millrace.crypto.SignatureBatch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * Why {@link SignatureBatch} does not combine signatures: the usual equation of a batch, with the rule's own cofactorless
 * form and random factors, accepts for every second choice of factors a signature that the rule refuses.
 */
class BatchEquationTest {
    /** A point of order 8. */
    private static final String TORSION = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05";

    @AutoClose
    private final Arena arena = Arena.ofConfined();

    private final MemorySegment message = arena.allocate(10).fill((byte) 1);
    private final MemorySegment a = scalar(11);
    private final MemorySegment publicKey = point();
    private final MemorySegment r = scalar(12);
    private final MemorySegment bigR = point();
    private final MemorySegment h = arena.allocate(32);
    private final MemorySegment s = arena.allocate(32);

    @Test
    void anEvenFactorHidesAPartOfOrderTwo() {
        EdwardsPoints.multiplyBase(publicKey, a);
        EdwardsPoints.multiplyBase(bigR, r);
        EdwardsPoints.add(bigR, bigR, pointOfOrderTwo());
        sign();
        final MemorySegment signature = arena.allocate(64);
        signature.asSlice(0, 32).copyFrom(bigR);
        signature.asSlice(32, 32).copyFrom(s);

        assertThat(Ed25519.verify(signature, message, publicKey)).isFalse();
        assertThat(combined(1)).isFalse();
        assertThat(combined(2)).isTrue();
        assertThat(combined(3)).isFalse();
        assertThat(combined(4)).isTrue();
    }

    @Test
    void theSameWithoutThatPartIsAnOrdinarySignature() {
        EdwardsPoints.multiplyBase(publicKey, a);
        EdwardsPoints.multiplyBase(bigR, r);
        sign();
        final MemorySegment signature = arena.allocate(64);
        signature.asSlice(0, 32).copyFrom(bigR);
        signature.asSlice(32, 32).copyFrom(s);

        assertThat(Ed25519.verify(signature, message, publicKey)).isTrue();
        assertThat(combined(1)).isTrue();
        assertThat(combined(3)).isTrue();
    }

    /** S = r + h a. */
    private void sign() {
        final MemorySegment wide = arena.allocate(64);
        Sha512.hash(wide, bigR, publicKey, message);
        EdwardsScalars.reduce(h, wide);
        EdwardsScalars.multiply(s, h, a);
        EdwardsScalars.add(s, s, r);
    }

    /** Whether {@code z (S B - h A - R)} is the identity: one term of a batch's sum. */
    private boolean combined(int z) {
        final MemorySegment left = point();
        final MemorySegment right = point();
        EdwardsPoints.multiplyBase(left, s);
        EdwardsPoints.multiply(right, h, publicKey);
        EdwardsPoints.subtract(left, left, right);
        EdwardsPoints.subtract(left, left, bigR);
        final MemorySegment sum = point();
        EdwardsPoints.subtract(sum, left, left);
        for (int i = 0; i < z; i++) {
            EdwardsPoints.add(sum, sum, left);
        }
        return EdwardsPoints.isIdentity(sum);
    }

    private MemorySegment pointOfOrderTwo() {
        final MemorySegment torsion = Bytes.of(arena, TORSION);
        EdwardsPoints.add(torsion, torsion, torsion);
        EdwardsPoints.add(torsion, torsion, torsion);
        return torsion;
    }

    private MemorySegment point() {
        return arena.allocate(EdwardsPoints.LENGTH);
    }

    private MemorySegment scalar(int value) {
        final MemorySegment scalar = arena.allocate(EdwardsScalars.LENGTH);
        scalar.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 0, (byte) value);
        return scalar;
    }
}

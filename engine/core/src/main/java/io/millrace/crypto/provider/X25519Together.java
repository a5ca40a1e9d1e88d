package io.millrace.crypto.provider;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Operands;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.X25519Keys;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * X25519 for a few inputs at a time, for handshakes: in one vector where that is faster than libsodium, so that every
 * further multiplication is free. Results and rules are those of {@link X25519Keys}.
 *
 * <p>May be used by several threads at once. The first call of a process tries the kernels, which takes some milliseconds.
 *
 * <p>Source: RFC 7748 sections 5 and 6.1.
 */
public final class X25519Together {
    /** Most inputs of one call. */
    public static final int MOST = LanesCrossover.WIDTH;

    private static final MemorySegment BASE_POINT = basePointOf(Arena.global());

    private X25519Together() {}

    /** Implementation that this process uses, tested when it is first asked for. */
    private static final class OfThisProcess {
        private static final BatchCrypto LANES = LanesKernels.provider().orElse(null);
        private static final boolean ONE = inOneVector(1);
        private static final boolean TWO = inOneVector(2);

        private static boolean inOneVector(int count) {
            return LANES instanceof LanesBatchCrypto lanes && lanes.x25519Together(count) == count;
        }
    }

    /** Whether several multiplications in one call of {@link #sharedSecrets} are faster than as many calls. */
    public static boolean pays() {
        return OfThisProcess.TWO;
    }

    /** The base point, 32 bytes: a secret's multiple of it is its public key. */
    public static MemorySegment basePoint() {
        return BASE_POINT;
    }

    /**
     * As {@link X25519Keys#sharedSecret}.
     *
     * @param sharedSecret native, receives 32 bytes.
     * @param secretKey native, 32 bytes.
     * @param publicKey native, 32 bytes of the other end.
     */
    public static boolean sharedSecret(MemorySegment sharedSecret, MemorySegment secretKey, MemorySegment publicKey) {
        if (!OfThisProcess.ONE) {
            return X25519Keys.sharedSecret(sharedSecret, secretKey, publicKey);
        }
        return batch(of(sharedSecret), of(secretKey), of(publicKey)) == 1;
    }

    /**
     * Computes several shared secrets, as {@link X25519Keys#sharedSecret} each.
     *
     * @param sharedSecrets receive 32 bytes each; 1 to {@link #MOST}, which overlap no other operand.
     * @param secretKeys as many.
     * @param publicKeys as many; {@link #basePoint()} gives the public key of a secret.
     * @return bit {@code i} is set if the result {@code i} is not all zero.
     */
    public static int sharedSecrets(
            MemorySegment[] sharedSecrets, MemorySegment[] secretKeys, MemorySegment[] publicKeys) {
        final int count = sharedSecrets.length;
        if (count < 1 || count > MOST || secretKeys.length != count || publicKeys.length != count) {
            throw new IllegalArgumentException("as many secrets as keys, 1 to " + MOST + ": sharedSecrets=" + count
                    + ", secretKeys=" + secretKeys.length + ", publicKeys=" + publicKeys.length);
        }
        if (OfThisProcess.TWO && count > 1) {
            return batch(sharedSecrets, secretKeys, publicKeys);
        }
        int ok = 0;
        for (int i = 0; i < count; i++) {
            ok |= sharedSecret(sharedSecrets[i], secretKeys[i], publicKeys[i]) ? 1 << i : 0;
        }
        return ok;
    }

    private static int batch(MemorySegment[] sharedSecrets, MemorySegment[] secretKeys, MemorySegment[] publicKeys) {
        final int count = sharedSecrets.length;
        final long part = (long) count * X25519Keys.LENGTH;
        // Copies in a cell, which is never freed: the keys may lie in several arenas, and a batch holds one open.
        try (SecretKey cell = SecretKey.inCell((int) (3 * part));
                Arena arena = Arena.ofConfined()) {
            final MemorySegment memory = cell.segment();
            for (int i = 0; i < count; i++) {
                Operands.out("sharedSecret", sharedSecrets[i], X25519Keys.LENGTH);
                copy(Operands.in("secretKey", secretKeys[i], X25519Keys.LENGTH), memory, part, i);
                copy(Operands.in("publicKey", publicKeys[i], X25519Keys.LENGTH), memory, 2 * part, i);
            }
            final StatusArray ok = new StatusArray(arena, count);
            OfThisProcess.LANES.x25519(
                    count,
                    operand(arena, count, memory, 0),
                    operand(arena, count, memory, part),
                    operand(arena, count, memory, 2 * part),
                    ok);
            int bits = 0;
            for (int i = 0; i < count; i++) {
                MemorySegment.copy(memory, (long) i * X25519Keys.LENGTH, sharedSecrets[i], 0, X25519Keys.LENGTH);
                bits |= ok.ok(i) ? 1 << i : 0;
            }
            return bits;
        }
    }

    private static void copy(MemorySegment key, MemorySegment memory, long offset, int index) {
        MemorySegment.copy(key, 0, memory, offset + (long) index * X25519Keys.LENGTH, X25519Keys.LENGTH);
    }

    private static AddressArray operand(Arena arena, int count, MemorySegment memory, long offset) {
        return new AddressArray(arena, count).fill(count, memory, offset, X25519Keys.LENGTH);
    }

    private static MemorySegment[] of(MemorySegment segment) {
        return new MemorySegment[] {segment};
    }

    private static MemorySegment basePointOf(Arena arena) {
        final MemorySegment point = arena.allocate(X25519Keys.LENGTH);
        point.set(JAVA_BYTE, 0, (byte) 9);
        return point.asReadOnly();
    }
}

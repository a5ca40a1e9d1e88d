package io.millrace.sphinx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class ReplaySetHashTest {
    private static final long K0 = 0x0706050403020100L;
    private static final long K1 = 0x0f0e0d0c0b0a0908L;

    /** The reference below is itself checked: SipHash paper, appendix A, and the authors' vectors.h, entry 16. */
    @Test
    void referenceMatchesThePublishedVectorsOfSipHash24() {
        final byte[] message = new byte[16];
        for (int i = 0; i < message.length; i++) {
            message[i] = (byte) i;
        }
        final byte[] fifteen = java.util.Arrays.copyOf(message, 15);

        assertThat(reference(2, 4, K0, K1, fifteen)).isEqualTo(0xa129ca6149be45e5L);
        assertThat(reference(2, 4, K0, K1, message)).isEqualTo(0x3f2acc7f57c29bdbL);
    }

    @Test
    void isSipHash13OfTheSixteenBytesOfATag() {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        for (int run = 0; run < 10_000; run++) {
            final long k0 = random.nextLong();
            final long k1 = random.nextLong();
            final long low = random.nextLong();
            final long high = random.nextLong();
            final byte[] tag = ByteBuffer.allocate(16)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(low)
                    .putLong(high)
                    .array();

            assertThat(new ReplaySetHash(k0, k1).hash(low, high))
                    .as("seed=%d", seed)
                    .isEqualTo(reference(1, 3, k0, k1, tag));
        }
    }

    /** Families of tags that differ in few bits, as a sender could grind them, fill all places alike. */
    @Test
    void spreadsTagsThatDifferInFewBits() {
        final ReplaySetHash hash = new ReplaySetHash(K0, K1);
        assertSpread(i -> hash.hash(i, 0));
        assertSpread(i -> hash.hash(0, i));
        assertSpread(i -> hash.hash(i << 44, 0));
        assertSpread(i -> hash.hash(0, i << 44));
        assertSpread(i -> hash.hash(i, i));
        assertSpread(i -> hash.hash(i, -i));
        assertSpread(i -> hash.hash(i * 0x9E3779B97F4A7C15L, 1));
    }

    @Test
    void tagsThatCollideUnderOneKeyAreSpreadUnderAnother() {
        final ReplaySetHash known = new ReplaySetHash(1, 2);
        final ReplaySetHash secret = new ReplaySetHash(3, 4);
        final int places = 256;
        final int[] counts = new int[places];
        int ground = 0;
        for (long tag = 0; ground < places * 16; tag++) {
            if (known.hash(tag, 0) >>> 56 == 0) {
                counts[(int) (secret.hash(tag, 0) >>> 56)]++;
                ground++;
            }
        }

        assertThat(chiSquare(counts, 16)).isLessThan(400);
    }

    /** 1,024 places with 64 tags each: chi-square has mean 1023 and deviation 45. */
    private static void assertSpread(LongUnaryOperator hashes) {
        final int[] counts = new int[1_024];
        for (long i = 1; i <= 65_536; i++) {
            counts[(int) Math.unsignedMultiplyHigh(hashes.applyAsLong(i), 1_024)]++;
        }
        assertThat(chiSquare(counts, 64)).isBetween(1_023 - 270.0, 1_023 + 270.0);
    }

    private static double chiSquare(int[] counts, double expected) {
        double sum = 0;
        for (int count : counts) {
            sum += (count - expected) * (count - expected) / expected;
        }
        return sum;
    }

    /** SipHash-c-d as the paper writes it, over any message. */
    private static long reference(int c, int d, long k0, long k1, byte[] message) {
        final long[] v = {
            k0 ^ 0x736f6d6570736575L, k1 ^ 0x646f72616e646f6dL, k0 ^ 0x6c7967656e657261L, k1 ^ 0x7465646279746573L
        };
        final int blocks = message.length / 8 + 1;
        final ByteBuffer padded = ByteBuffer.allocate(blocks * 8).order(ByteOrder.LITTLE_ENDIAN);
        padded.put(message).put(blocks * 8 - 1, (byte) message.length);
        for (int block = 0; block < blocks; block++) {
            final long m = padded.getLong(block * 8);
            v[3] ^= m;
            for (int i = 0; i < c; i++) {
                sipRound(v);
            }
            v[0] ^= m;
        }
        v[2] ^= 0xff;
        for (int i = 0; i < d; i++) {
            sipRound(v);
        }
        return v[0] ^ v[1] ^ v[2] ^ v[3];
    }

    private static void sipRound(long[] v) {
        v[0] += v[1];
        v[1] = Long.rotateLeft(v[1], 13) ^ v[0];
        v[0] = Long.rotateLeft(v[0], 32);
        v[2] += v[3];
        v[3] = Long.rotateLeft(v[3], 16) ^ v[2];
        v[0] += v[3];
        v[3] = Long.rotateLeft(v[3], 21) ^ v[0];
        v[2] += v[1];
        v[1] = Long.rotateLeft(v[1], 17) ^ v[2];
        v[2] = Long.rotateLeft(v[2], 32);
    }
}

package io.millrace.sphinx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * BLAKE2b as the RFC's text has it: plain, slow, on the heap. Shares nothing with the engine.
 *
 * <p>Source: RFC 7693 sections 2.5 to 3.3; salt and personalisation go into parameter words 4 to 7 (BLAKE2 paper, section
 * 2.8).
 */
final class PlainBlake2b {
    private static final long[] IV = {
        0x6a09e667f3bcc908L, 0xbb67ae8584caa73bL, 0x3c6ef372fe94f82bL, 0xa54ff53a5f1d36f1L,
        0x510e527fade682d1L, 0x9b05688c2b3e6c1fL, 0x1f83d9abfb41bd6bL, 0x5be0cd19137e2179L
    };

    private static final int[][] SIGMA = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
        {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
        {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
        {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
        {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
        {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
        {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
        {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
        {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
        {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}
    };

    private PlainBlake2b() {}

    /** The hash of {@code in}; {@code key} may be empty; {@code personal} is 0 or 16 characters. */
    static byte[] hash(int outLength, byte[] key, int salt, String personal, byte[] in) {
        final ByteBuffer parameters = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        parameters.put((byte) outLength).put((byte) key.length).put((byte) 1).put((byte) 1);
        parameters.putInt(32, salt);
        parameters.put(48, personal.getBytes(StandardCharsets.US_ASCII));
        final long[] h = IV.clone();
        for (int i = 0; i < 8; i++) {
            h[i] ^= parameters.getLong(8 * i);
        }

        final int keyBlock = key.length > 0 ? 128 : 0;
        final int total = keyBlock + in.length;
        final int blocks = Math.max(1, (total + 127) / 128);
        final ByteBuffer message = ByteBuffer.allocate(blocks * 128).order(ByteOrder.LITTLE_ENDIAN);
        message.put(0, key).put(keyBlock, in);
        for (int block = 0; block < blocks; block++) {
            final boolean last = block == blocks - 1;
            compress(h, message, block * 128, last ? total : (block + 1) * 128, last);
        }

        final ByteBuffer out = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        for (long word : h) {
            out.putLong(word);
        }
        final byte[] hash = new byte[outLength];
        out.get(0, hash);
        return hash;
    }

    private static void compress(long[] h, ByteBuffer message, int at, long bytesSoFar, boolean last) {
        final long[] v = new long[16];
        for (int i = 0; i < 8; i++) {
            v[i] = h[i];
            v[i + 8] = IV[i];
        }
        v[12] ^= bytesSoFar;
        if (last) {
            v[14] = ~v[14];
        }
        final long[] m = new long[16];
        for (int i = 0; i < 16; i++) {
            m[i] = message.getLong(at + 8 * i);
        }
        for (int round = 0; round < 12; round++) {
            final int[] s = SIGMA[round % 10];
            mix(v, 0, 4, 8, 12, m[s[0]], m[s[1]]);
            mix(v, 1, 5, 9, 13, m[s[2]], m[s[3]]);
            mix(v, 2, 6, 10, 14, m[s[4]], m[s[5]]);
            mix(v, 3, 7, 11, 15, m[s[6]], m[s[7]]);
            mix(v, 0, 5, 10, 15, m[s[8]], m[s[9]]);
            mix(v, 1, 6, 11, 12, m[s[10]], m[s[11]]);
            mix(v, 2, 7, 8, 13, m[s[12]], m[s[13]]);
            mix(v, 3, 4, 9, 14, m[s[14]], m[s[15]]);
        }
        for (int i = 0; i < 8; i++) {
            h[i] ^= v[i] ^ v[i + 8];
        }
    }

    private static void mix(long[] v, int a, int b, int c, int d, long x, long y) {
        v[a] = v[a] + v[b] + x;
        v[d] = Long.rotateRight(v[d] ^ v[a], 32);
        v[c] = v[c] + v[d];
        v[b] = Long.rotateRight(v[b] ^ v[c], 24);
        v[a] = v[a] + v[b] + y;
        v[d] = Long.rotateRight(v[d] ^ v[a], 16);
        v[c] = v[c] + v[d];
        v[b] = Long.rotateRight(v[b] ^ v[c], 63);
    }
}

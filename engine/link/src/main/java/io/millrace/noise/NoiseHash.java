package io.millrace.noise;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Blake2b;
import io.millrace.crypto.Blake2s;
import io.millrace.crypto.Hkdf;
import io.millrace.crypto.HmacSha256;
import io.millrace.crypto.Sha256;
import io.millrace.crypto.Sha512;
import io.millrace.crypto.Wiping;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The hash functions of the framework. BLAKE2s is in Java, the others are libsodium's.
 *
 * <p>Source: Noise revision 34 sections 4.3 and 12.5 to 12.8.
 */
public enum NoiseHash {
    /** SHA-256. */
    SHA256("SHA256", 32, 64) {
        @Override
        void hash(MemorySegment out, MemorySegment... parts) {
            Sha256.hash(out, parts);
        }

        @Override
        void hmac(MemorySegment out, MemorySegment key, MemorySegment... parts) {
            HmacSha256.tag(out, key, parts);
        }

        @Override
        void hkdf(MemorySegment outputs, MemorySegment chainingKey, MemorySegment keyMaterial) {
            Hkdf.derive(outputs, chainingKey, keyMaterial, MemorySegment.NULL); // the same function
        }
    },

    /** SHA-512. */
    SHA512("SHA512", 64, 128) {
        @Override
        void hash(MemorySegment out, MemorySegment... parts) {
            Sha512.hash(out, parts);
        }
    },

    /** BLAKE2s with 32 bytes of output. */
    BLAKE2S("BLAKE2s", 32, 64) {
        @Override
        void hash(MemorySegment out, MemorySegment... parts) {
            Blake2s.hash(out, parts);
        }
    },

    /** BLAKE2b with 64 bytes of output. */
    BLAKE2B("BLAKE2b", 64, 128) {
        @Override
        void hash(MemorySegment out, MemorySegment... parts) {
            long length = 0;
            for (MemorySegment part : parts) {
                length += part.byteSize();
            }
            try (Arena arena = Arena.ofConfined()) {
                final MemorySegment whole = arena.allocate(length);
                try {
                    long at = 0;
                    for (MemorySegment part : parts) {
                        MemorySegment.copy(part, 0, whole, at, part.byteSize());
                        at += part.byteSize();
                    }
                    Blake2b.hash(out, whole);
                } finally {
                    Wiping.wipe(whole);
                }
            }
        }
    };

    /** Longest hash in bytes. */
    static final int MAX_LENGTH = 64;

    private static final byte INNER_PAD = 0x36;
    private static final byte OUTER_PAD = 0x5c;

    private final String label;
    private final int length;
    private final int blockLength;

    NoiseHash(String label, int length, int blockLength) {
        this.label = label;
        this.length = length;
        this.blockLength = blockLength;
    }

    /** Name in a protocol name. */
    public String label() {
        return label;
    }

    /** Length of a hash in bytes, 32 or 64. */
    public int length() {
        return length;
    }

    /** Writes the hash of the concatenation of {@code parts} to {@code out}, which may be one of them. */
    abstract void hash(MemorySegment out, MemorySegment... parts);

    /** RFC 2104 with a key that is not longer than a block; {@code out} may be the key or a part. */
    void hmac(MemorySegment out, MemorySegment key, MemorySegment... parts) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment memory = arena.allocate(blockLength + MAX_LENGTH);
            final MemorySegment block = memory.asSlice(0, blockLength);
            final MemorySegment inner = memory.asSlice(blockLength, length);
            try {
                final MemorySegment[] blockAndParts = new MemorySegment[parts.length + 1];
                blockAndParts[0] = block;
                System.arraycopy(parts, 0, blockAndParts, 1, parts.length);
                pad(block, key, INNER_PAD);
                hash(inner, blockAndParts);
                pad(block, key, OUTER_PAD);
                hash(out, block, inner);
            } finally {
                Wiping.wipe(memory);
            }
        }
    }

    /**
     * Noise's HKDF.
     *
     * @param outputs 2 or 3 outputs, one behind the other, each of {@link #length()} bytes.
     * @param chainingKey as long as a hash.
     * @param keyMaterial 0, 32 or more bytes.
     */
    void hkdf(MemorySegment outputs, MemorySegment chainingKey, MemorySegment keyMaterial) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment tempKey = arena.allocate(length);
            final MemorySegment index = arena.allocate(1);
            try {
                hmac(tempKey, chainingKey, keyMaterial);
                MemorySegment previous = MemorySegment.NULL;
                for (int i = 0; (long) i * length < outputs.byteSize(); i++) {
                    index.set(JAVA_BYTE, 0, (byte) (i + 1));
                    final MemorySegment output = outputs.asSlice((long) i * length, length);
                    hmac(output, tempKey, previous, index);
                    previous = output;
                }
            } finally {
                Wiping.wipe(tempKey);
            }
        }
    }

    private void pad(MemorySegment block, MemorySegment key, byte pad) {
        block.fill(pad);
        for (long i = 0; i < key.byteSize(); i++) {
            block.set(JAVA_BYTE, i, (byte) (key.get(JAVA_BYTE, i) ^ pad));
        }
    }
}

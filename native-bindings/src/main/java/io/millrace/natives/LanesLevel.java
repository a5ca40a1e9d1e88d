package io.millrace.natives;

import java.util.Arrays;
import java.util.Optional;

/** Which instructions the batch kernels use, in ascending order: a processor that runs one level runs those below. */
public enum LanesLevel {
    /** AVX2: X25519 only. */
    AVX2(1, 4),
    /** AVX-512 without IFMA: X25519, ChaCha20 and BLAKE2b. */
    AVX512(2, 8),
    /** AVX-512 IFMA: all kernels. */
    IFMA(3, 8);

    private final int code;
    private final int x25519Width;

    LanesLevel(int code, int x25519Width) {
        this.code = code;
        this.x25519Width = x25519Width;
    }

    /** How many inputs a vector of the X25519 kernel takes. */
    public int x25519Width() {
        return x25519Width;
    }

    /** {@code LANES_LEVEL_*} of {@code lanes.h}. */
    int code() {
        return code;
    }

    /** The level of {@code lanes_level}; empty if no kernel runs. */
    static Optional<LanesLevel> ofCode(int code) {
        return Arrays.stream(values()).filter(level -> level.code == code).findFirst();
    }
}

package io.millrace.natives;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Which instructions the batch kernels use, in ascending order: a processor that runs one level runs those below. */
public enum LanesLevel {
    /** AVX2 and FMA: X25519, ChaCha20, BLAKE2b and ChaCha20-Poly1305, four inputs a vector. */
    AVX2(1, 4),
    /** AVX-512 without IFMA: the same, eight inputs a vector. */
    AVX512(2, 8),
    /** AVX-512 IFMA: all kernels. */
    IFMA(3, 8);

    private final int code;
    private final int width;

    LanesLevel(int code, int width) {
        this.code = code;
        this.width = width;
    }

    /** Inputs of X25519, BLAKE2b and Poly1305 that a vector takes: 4 or 8. */
    public int width() {
        return width;
    }

    /** Lower case, as in the names of providers: {@code avx2}, {@code avx512} or {@code ifma}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
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

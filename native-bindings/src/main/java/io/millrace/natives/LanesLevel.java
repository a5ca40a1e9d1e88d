package io.millrace.natives;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Which instructions the batch kernels use. Those of x86-64 are in ascending order: a processor that runs one level runs
 * those below. arm64 has one level.
 */
public enum LanesLevel {
    /** AVX2 and FMA: X25519, ChaCha20, BLAKE2b and ChaCha20-Poly1305, four inputs a vector. */
    AVX2(1, 4),
    /** AVX-512 without IFMA: the same, eight inputs a vector. */
    AVX512(2, 8),
    /** AVX-512 IFMA: all kernels. */
    IFMA(3, 8),
    /** NEON, on arm64: X25519, ChaCha20, BLAKE2b and ChaCha20-Poly1305, two inputs a vector. */
    NEON(4, 2);

    private final int code;
    private final int width;

    LanesLevel(int code, int width) {
        this.code = code;
        this.width = width;
    }

    /** Inputs of X25519, BLAKE2b and Poly1305 that a vector takes: 2, 4 or 8. */
    public int width() {
        return width;
    }

    /** Lower case, as in the names of providers: {@code avx2}, {@code avx512}, {@code ifma} or {@code neon}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Whether a processor runs the kernels of this level.
     *
     * @param highest that the processor runs: {@link LanesLibrary#level}.
     */
    public boolean runsWhere(LanesLevel highest) {
        return this == highest || (highest != NEON && compareTo(highest) < 0);
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

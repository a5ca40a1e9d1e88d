package io.millrace.cli.vectors;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

/** Demands of a case; each method throws {@link VectorMismatch} if it is not so. Vectors hold no secrets. */
final class Expectation {
    private static final int SHOWN_BYTES = 32;

    private Expectation() {}

    /** All bytes the same. */
    static void equal(String what, MemorySegment expected, MemorySegment actual) {
        if (expected.mismatch(actual) != -1) {
            throw new VectorMismatch(what + ": expected=" + hex(expected) + ", actual=" + hex(actual));
        }
    }

    /** The input was accepted or refused as it should be. */
    static void verdict(String who, boolean expectAccepted, boolean accepted) {
        if (expectAccepted != accepted) {
            throw new VectorMismatch(
                    who + (accepted ? " accepted an input that it must refuse" : " refused a valid input"));
        }
    }

    private static String hex(MemorySegment segment) {
        final long shown = Math.min(SHOWN_BYTES, segment.byteSize());
        return HexFormat.of().formatHex(segment.asSlice(0, shown).toArray(JAVA_BYTE))
                + (shown < segment.byteSize() ? "..." : "");
    }
}

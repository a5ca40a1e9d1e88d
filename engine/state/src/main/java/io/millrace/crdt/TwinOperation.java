package io.millrace.crdt;

import java.util.List;

/**
 * One change of a {@link Twin}: itself a small state, which is joined into the document. Says nothing of who and when; that
 * is in the header of the {@link SignedOperation} that carries it.
 *
 * <p>Names, keys and elements are text of 1 to {@link #MAX_NAME_LENGTH} bytes of UTF-8. The codes are those of the
 * encoding.
 */
public sealed interface TwinOperation {
    /** Longest name, key or element in bytes of UTF-8. */
    int MAX_NAME_LENGTH = 512;

    /** Most dots that one operation names. */
    int MAX_DOTS = 1024;

    /** Code 1: writes a property. */
    record Set(String key, Value value) implements TwinOperation {}

    /** Code 2: deletes a property. */
    record Delete(String key) implements TwinOperation {}

    /** Code 3: adds an element to a set. */
    record Add(String set, String element) implements TwinOperation {}

    /** Code 4: removes the additions of an element that its author saw, ordered. */
    record Remove(String set, String element, List<Dot> seen) implements TwinOperation {
        /** Copies the list. */
        public Remove {
            seen = List.copyOf(seen);
        }
    }

    /** Code 5: raises the author's sums of a counter, each 0 or more. */
    record Count(String counter, long increments, long decrements) implements TwinOperation {}

    /** Code 6: assigns a register over the assignments that its author saw, ordered. */
    record Assign(String register, Value value, List<Dot> overwritten) implements TwinOperation {
        /** Copies the list. */
        public Assign {
            overwritten = List.copyOf(overwritten);
        }
    }
}

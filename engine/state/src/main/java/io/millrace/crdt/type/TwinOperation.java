package io.millrace.crdt.type;

import io.millrace.crdt.op.SignedOperation;
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

    /**
     * Code 1: writes a property.
     *
     * @param key of the property.
     * @param value of the property.
     */
    record Set(String key, Value value) implements TwinOperation {}

    /**
     * Code 2: deletes a property.
     *
     * @param key of the property.
     */
    record Delete(String key) implements TwinOperation {}

    /**
     * Code 3: adds an element to a set.
     *
     * @param set name of the set.
     * @param element name of the element.
     */
    record Add(String set, String element) implements TwinOperation {}

    /**
     * Code 4: removes the additions of an element that its author saw, ordered.
     *
     * @param set name of the set.
     * @param element name of the element.
     * @param seen dots of the additions to remove, ascending.
     */
    record Remove(String set, String element, List<Dot> seen) implements TwinOperation {
        /** Copies the list. */
        public Remove {
            seen = List.copyOf(seen);
        }
    }

    /**
     * Code 5: raises the author's sums of a counter, each 0 or more.
     *
     * @param counter name of the counter.
     * @param increments sum, 0 or more.
     * @param decrements sum, 0 or more.
     */
    record Count(String counter, long increments, long decrements) implements TwinOperation {}

    /**
     * Code 6: assigns a register over the assignments that its author saw, ordered.
     *
     * @param register name of the register.
     * @param value assigned.
     * @param overwritten dots of earlier assignments, ascending.
     */
    record Assign(String register, Value value, List<Dot> overwritten) implements TwinOperation {
        /** Copies the list. */
        public Assign {
            overwritten = List.copyOf(overwritten);
        }
    }
}

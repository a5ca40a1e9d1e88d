package io.millrace.crdt;

import java.util.Arrays;

/** Where the records of a log begin, by their number. */
final class Positions {
    private long[] positions = new long[1024];
    private int size;

    int size() {
        return size;
    }

    void add(long position) {
        if (size == positions.length) {
            positions = Arrays.copyOf(positions, 2 * size);
        }
        positions[size++] = position;
    }

    long get(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("no such record: index=" + index + ", size=" + size);
        }
        return positions[index];
    }
}

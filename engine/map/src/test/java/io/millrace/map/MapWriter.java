package io.millrace.map;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.store.CommitPolicy;
import io.millrace.store.Store;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A process that puts numbered values into a map, over and over into the same keys, and says on stdout how many of them
 * are durable: a line each time that it becomes more. Each value can be checked by itself.
 */
final class MapWriter {
    static final MapLayout LAYOUT = new MapLayout("written", Long.BYTES, 20_000, 40_000, 200);
    static final int KEYS = 50;

    private MapWriter() {}

    /** Arguments: directory of the store, number of the first value, number after the last. */
    public static void main(String[] arguments) throws IOException {
        final PrintStream out = System.out;
        final long first = Long.parseLong(arguments[1]);
        final long end = Long.parseLong(arguments[2]);
        try (Store store = Store.open(Path.of(arguments[0]), new CommitPolicy(20, Duration.ofMillis(1)));
                Arena arena = Arena.ofConfined()) {
            final StoreMap map = StoreMaps.open(store, LAYOUT);
            final MemorySegment key = arena.allocate(JAVA_LONG);
            final MemorySegment value = arena.allocate(LAYOUT.maxValueLength(), 8);
            long told = 0;
            for (long number = first; number < end; number++) {
                key.set(JAVA_LONG, 0, number % KEYS);
                if (map.put(key, 0, value, 0, fill(value, number)) != number - first + 1) {
                    throw new IllegalStateException("not written: number=" + number);
                }
                final long durable = map.durablePosition();
                if (durable > told) {
                    told = durable;
                    out.println(first + durable);
                    out.flush();
                }
            }
        }
    }

    /** Writes the value of this number; gives its length. Half of the values are as long as the ones they replace. */
    static int fill(MemorySegment value, long number) {
        final int length = number % 2 == 0 ? LAYOUT.maxValueLength() : Long.BYTES * (1 + (int) (number * 31 % 5_000));
        for (int i = 0; i < length; i += Long.BYTES) {
            value.set(JAVA_LONG, i, number + i * 0x9e37_79b9_7f4a_7c15L);
        }
        return length;
    }
}

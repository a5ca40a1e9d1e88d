package io.millrace.map;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.millrace.store.CommitPolicy;
import io.millrace.store.Store;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A map against a plain one, its bounds, and its allocation. */
class StoreMapTest {
    private static final int KEY_LENGTH = 16;
    private static final MapLayout LAYOUT = new MapLayout("things", KEY_LENGTH, 100, 400, 2_000);

    private final Arena arena = Arena.ofShared();
    private final MemorySegment key = arena.allocate(KEY_LENGTH);
    private final MemorySegment value = arena.allocate(400);
    private final MemorySegment target = arena.allocate(400);

    @TempDir
    private Path folder;

    @AfterEach
    void closeArena() {
        arena.close();
    }

    @Test
    void agreesWithAPlainMapAndKeepsItOverARestart() throws IOException {
        final long seed = System.nanoTime();
        System.out.println("StoreMapTest seed " + seed);
        final Random random = new Random(seed);
        final Map<Long, byte[]> model = new HashMap<>();
        for (int opening = 0; opening < 3; opening++) {
            try (Store store = open()) {
                final StoreMap map = StoreMaps.open(store, LAYOUT);
                assertThat(store.wasMended()).isEqualTo(opening == 0);
                for (int i = 0; i < 3_000; i++) {
                    step(map, model, random);
                }
                assertThat(map.size()).isEqualTo(model.size());
                final Map<Long, byte[]> seen = new HashMap<>();
                map.forEach((k, v) -> seen.put(k.get(JAVA_LONG, 0), v.toArray(JAVA_BYTE)));
                assertThat(seen.keySet()).isEqualTo(model.keySet());
                seen.forEach((k, v) -> assertThat(v).isEqualTo(model.get(k)));
            }
        }
    }

    @Test
    void saysFullBeforeTheLibraryDoes() throws IOException {
        try (Store store = open()) {
            final StoreMap byCount = StoreMaps.open(store, new MapLayout("by-count", KEY_LENGTH, 100, 400, 500));
            for (long i = 0; i < 500; i++) {
                assertThat(put(byCount, i, 1)).isPositive();
            }
            assertThat(put(byCount, 500, 1)).isEqualTo(StoreMap.FULL);
            assertThat(put(byCount, 3, 400)).as("replacing still works").isPositive();
            assertThat(byCount.size()).isEqualTo(500);
            assertThat(byCount.remove(key(7), 0)).isPositive();
            assertThat(put(byCount, 500, 1)).isPositive();

            final StoreMap byBytes = StoreMaps.open(store, new MapLayout("by-bytes", KEY_LENGTH, 100, 400, 500));
            long taken = 0;
            while (put(byBytes, taken, 400) != StoreMap.FULL) {
                taken++;
            }
            assertThat(taken).isEqualTo(125);
            assertThat(put(byBytes, 0, 1)).as("shrinking makes room").isPositive();
            assertThat(put(byBytes, 1_000, 399)).isPositive();
            assertThat(put(byBytes, 0, 400)).as("growing does not fit").isEqualTo(StoreMap.FULL);
            assertThat(byBytes.get(key(0), 0, target, 0)).isEqualTo(1);
        }
    }

    @Test
    void saysWhyItGivesNothing() throws IOException {
        try (Store store = open()) {
            final StoreMap map = StoreMaps.open(store, LAYOUT);
            assertThat(map.get(key(1), 0, target, 0)).isEqualTo(StoreMap.ABSENT);
            assertThat(map.remove(key(1), 0)).isEqualTo(StoreMap.ABSENT);
            assertThat(put(map, 1, 0)).isPositive();
            assertThat(map.get(key(1), 0, target, 0)).isZero();
            put(map, 1, 50);
            target.fill((byte) 7);
            assertThat(map.get(key(1), 0, target, 400 - 49)).isEqualTo(StoreMap.TOO_SMALL);
            assertThat(target.toArray(JAVA_BYTE)).containsOnly(7);
            assertThat(map.putIfAbsent(key(1), 0, value, 0, 3)).isEqualTo(StoreMap.PRESENT);
            assertThat(map.get(key(1), 0, target, 0)).isEqualTo(50);
            assertThat(map.putIfAbsent(key(2), 0, value, 0, 3)).isPositive();
            assertThat(map.contains(key(2), 0)).isTrue();
            assertThat(map.contains(key(3), 0)).isFalse();
        }
    }

    @Test
    void refusesWhatIsNoKeyAndNoValue() throws IOException {
        try (Store store = open()) {
            final StoreMap map = StoreMaps.open(store, LAYOUT);
            assertThatThrownBy(() -> map.put(key, 0, value, 0, 401)).hasMessageContaining("maxValueLength=400");
            assertThatThrownBy(() -> map.put(key, 1, value, 0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> map.put(key, 0, value, 400, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> map.get(MemorySegment.ofArray(new byte[KEY_LENGTH]), 0, target, 0))
                    .hasMessageContaining("native memory");
        }
    }

    @Test
    void tellsWhenAnOperationIsDurable() throws Exception {
        try (Store store = open()) {
            final StoreMap map = StoreMaps.open(store, LAYOUT);
            final long position = put(map, 1, 10);
            map.whenDurable(position).get(1, TimeUnit.MINUTES);
            assertThat(map.durablePosition()).isGreaterThanOrEqualTo(position);
            assertThat(map.whenDurable(position)).isCompleted();

            final long next = put(map, 2, 10);
            map.commit();
            assertThat(map.durablePosition()).isEqualTo(next);
        }
    }

    @Test
    void allocatesNothingPerOperation() throws IOException {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Store store = open()) {
            final StoreMap map = StoreMaps.open(store, new MapLayout("many", KEY_LENGTH, 100, 100, 40_000));
            final int operations = 20_000;
            double least = Double.MAX_VALUE;
            for (int round = 0; round < 12; round++) {
                final long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < operations; i++) {
                    key.set(JAVA_LONG, 0, i);
                    map.put(key, 0, value, 0, 100);
                    map.get(key, 0, target, 0);
                }
                final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
                least = Math.min(least, (double) allocated / (2 * operations));
            }
            assertThat(least).as("bytes per operation").isLessThan(2);
        }
    }

    private Store open() throws IOException {
        return Store.open(folder.resolve("store"), CommitPolicy.DEFAULT);
    }

    private void step(StoreMap map, Map<Long, byte[]> model, Random random) {
        final long number = random.nextInt(400);
        key(number);
        switch (random.nextInt(4)) {
            case 0 -> {
                final boolean there = model.remove(number) != null;
                assertThat(map.remove(key, 0) > 0).isEqualTo(there);
            }
            case 1 -> {
                final int length = map.get(key, 0, target, 0);
                final byte[] expected = model.get(number);
                if (expected == null) {
                    assertThat(length).isEqualTo(StoreMap.ABSENT);
                } else {
                    assertThat(target.asSlice(0, length).toArray(JAVA_BYTE)).isEqualTo(expected);
                }
            }
            default -> {
                final byte[] bytes = new byte[random.nextInt(401)];
                random.nextBytes(bytes);
                MemorySegment.copy(MemorySegment.ofArray(bytes), 0, value, 0, bytes.length);
                assertThat(map.put(key, 0, value, 0, bytes.length)).isPositive();
                model.put(number, bytes);
            }
        }
    }

    private MemorySegment key(long number) {
        key.set(JAVA_LONG, 0, number);
        return key;
    }

    private long put(StoreMap map, long number, int length) {
        final byte[] bytes = new byte[length];
        Arrays.fill(bytes, Long.toString(number).getBytes(StandardCharsets.US_ASCII)[0]);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, value, 0, length);
        return map.put(key(number), 0, value, 0, length);
    }
}

package io.millrace.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.CoverageHash;
import io.millrace.crdt.type.Dot;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.StoredTwinState.Coverage;
import io.millrace.crdt.type.Twin;
import io.millrace.crdt.type.TwinId;
import io.millrace.crdt.type.TwinOperation;
import io.millrace.crdt.type.TwinState;
import io.millrace.crdt.type.Value;
import io.millrace.memory.TrackedArena;
import io.millrace.store.StoreException;
import io.millrace.test.HeldFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A document's state in maps, against the one on the heap, and over restarts. */
class MapTwinStateTest {
    private static final TwinId TWIN = new TwinId(5, 6);
    private static final long SMALL = 64;
    private static final Coverage COVERAGE =
            new Coverage(7, CoverageHash.read(MemorySegment.ofArray(new byte[CoverageHash.LENGTH]), 0));

    @TempDir
    private Path folder;

    private MapTwinState open() throws IOException {
        return MapTwinState.open(folder.resolve("state"), TWIN, MapTwinStateTest::secret, SMALL);
    }

    private static void secret(MemorySegment target) {
        target.fill((byte) 9);
    }

    @Test
    void agreesWithTheStateOnTheHeapAfterEveryOperation() throws IOException {
        final long seed = System.nanoTime();
        System.out.println("MapTwinStateTest seed " + seed);
        final TwinChanges changes = new TwinChanges(new Random(seed));
        final Twin model = new Twin(TWIN);
        try (MapTwinState state = open()) {
            for (int i = 0; i < 3_000; i++) {
                assertThat(changes.apply(state, model)).isTrue();
                changes.assertSameAnswers(state, model);
            }
            assertThat(state.toTwin()).isEqualTo(model);
            assertThat(state.generations()).isGreaterThan(2);
            state.cover(COVERAGE);
            assertThat(state.verify()).isTrue();
        }
        try (MapTwinState state = open()) {
            assertThat(state.rebuilt()).isEmpty();
            assertThat(state.coverage()).contains(COVERAGE);
            assertThat(state.toTwin()).isEqualTo(model);
            changes.assertSameAnswers(state, model);
        }
    }

    @Test
    void aLongValueIsReplacedByAShortOneAndBack() throws IOException {
        final Twin model = new Twin(TWIN);
        try (MapTwinState state = open()) {
            final int[] lengths = {0, 10, 383, 384, 385, 20_000, Value.MAX_LENGTH, 1, 5_000, 0};
            for (int i = 0; i < lengths.length; i++) {
                final byte[] bytes = new byte[lengths[i]];
                new Random(i).nextBytes(bytes);
                for (TwinState each : List.of(state, model)) {
                    each.apply(
                            id(i),
                            actor(1),
                            i,
                            List.of(
                                    new TwinOperation.Set("k", Value.of(bytes)),
                                    new TwinOperation.Assign("r", Value.of(bytes), each.currentDots("r"))));
                }
                assertThat(state.property("k")).contains(Value.of(bytes));
                assertThat(state.values("r")).containsExactly(Value.of(bytes));
                state.cover(COVERAGE);
                assertThat(state.verify()).as("value of %d bytes", lengths[i]).isTrue();
            }
            assertThat(state.toTwin()).isEqualTo(model);
        }
    }

    @Test
    void aShorterValueGivesItsRoomBack() throws IOException {
        try (MapTwinState state = open()) {
            state.apply(id(1), actor(1), 1, List.of(new TwinOperation.Set("k", Value.of(new byte[5_000]))));
            assertThat(state.size()).isGreaterThan(10);
            state.apply(id(2), actor(1), 2, List.of(new TwinOperation.Set("k", Value.of("short"))));
            assertThat(state.size()).isEqualTo(1);
        }
    }

    @Test
    void dotsAreRemovedFromAnyPlaceOfAList() throws IOException {
        final long seed = System.nanoTime();
        System.out.println("MapTwinStateTest seed of lists " + seed);
        final Random random = new Random(seed);
        final Twin model = new Twin(TWIN);
        try (MapTwinState state = open()) {
            for (int i = 0; i < 400; i++) {
                final List<Dot> live = model.dotsOf("s", "e");
                final TwinOperation next = live.size() > 4 && random.nextBoolean()
                        ? new TwinOperation.Remove("s", "e", List.of(live.get(random.nextInt(live.size()))))
                        : new TwinOperation.Add("s", "e");
                state.apply(id(i), actor(1), i, List.of(next));
                model.apply(id(i), actor(1), i, List.of(next));
                assertThat(state.dotsOf("s", "e")).isEqualTo(model.dotsOf("s", "e"));
            }
        }
    }

    @Test
    void anUncleanStateIsBelievedIfItsHashIsThatOfTheCheckpoint() throws IOException {
        final Twin model = filled(true);
        Files.delete(folder.resolve("state/clean"));
        try (MapTwinState state = open()) {
            assertThat(state.rebuilt()).isEmpty();
            assertThat(state.coverage()).contains(COVERAGE);
            assertThat(state.toTwin()).isEqualTo(model);
        }
    }

    @Test
    void anUncleanStateWithAChangeAfterTheCheckpointIsForgotten() throws IOException {
        filled(true);
        try (MapTwinState state = open()) {
            state.apply(id(900), actor(1), 900, List.of(new TwinOperation.Set("key 3", Value.of("changed"))));
        }
        Files.delete(folder.resolve("state/clean"));
        try (MapTwinState state = open()) {
            assertThat(state.rebuilt()).contains("hash of the checkpoint");
            assertThat(state.coverage()).isEmpty();
            assertThat(state.size()).isZero();
            assertThat(state.property("key 3")).isEmpty();
        }
    }

    @Test
    void aStateThatLacksAnEntryIsForgottenThoughItWasClosed() throws IOException {
        filled(true);
        try (MapTwinState state = open()) {
            state.apply(id(900), actor(1), 900, List.of(new TwinOperation.Set("one more", Value.of("v"))));
        }
        try (MapTwinState state = open()) {
            assertThat(state.rebuilt()).contains("entries");
            assertThat(state.coverage()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not a map at all, but long enough to be taken for one"})
    void aMapThatCannotBeReadIsForgotten(String content) throws IOException {
        try (MapTwinState state = open()) {
            state.apply(id(1), actor(1), 1, List.of(new TwinOperation.Set("key", Value.of("value"))));
            state.cover(COVERAGE);
        }
        Files.writeString(folder.resolve("state/twin-0.map"), content.repeat(1_000));
        for (int opening = 0; opening < 2; opening++) {
            try (MapTwinState state = open()) {
                assertThat(state.rebuilt().isEmpty()).as(state.rebuilt()).isEqualTo(opening > 0);
                assertThat(state.property("key").isPresent()).isEqualTo(opening > 0);
                state.apply(id(1), actor(1), 1, List.of(new TwinOperation.Set("key", Value.of("value"))));
                state.cover(COVERAGE);
                assertThat(state.verify()).isTrue();
            }
        }
    }

    @Test
    void onlyTheOwnerMayReadItsFiles() throws IOException {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
        filled(true);
        try (MapTwinState state = open();
                Stream<Path> files = Files.list(folder.resolve("state"))) {
            assertThat(state.size()).isPositive();
            for (Path file : files.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo("rw-------");
            }
        }
        try (Stream<Path> files = Files.list(folder.resolve("state"))) {
            assertThat(files).allMatch(file -> {
                try {
                    return Files.getPosixFilePermissions(file).size() == 2;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    /** Such as where the disk is full: then the advice to restore or remove the file would be wrong. */
    @Test
    void aMapThatCannotBeMadeIsNotCalledDamaged() throws IOException {
        Files.createDirectories(folder.resolve("state/twin-0.map.new/in the way"));
        try (MapTwinState state = open()) {
            assertThatThrownBy(() ->
                            state.apply(id(1), actor(1), 1, List.of(new TwinOperation.Set("key", Value.of("value")))))
                    .hasMessageContaining("cannot make the map")
                    .hasMessageContaining("twin-0.map")
                    .hasMessageNotContaining("lose its entries");
        }
    }

    /** An opening that fails closes the store cleanly; that must not vouch for entries that nothing has checked. */
    @Test
    void anUncleanStateIsNotBelievedAfterAnOpeningThatFailed() throws IOException {
        filled(true);
        try (MapTwinState state = open()) {
            state.apply(id(900), actor(1), 900, List.of(new TwinOperation.Set("key 3", Value.of("value of key x"))));
        }
        Files.delete(folder.resolve("state/clean"));
        final Path redo = folder.resolve("state/twin-0.redo");
        final byte[] kept = Files.readAllBytes(redo);
        Files.delete(redo);
        Files.createDirectory(redo);
        final long before = TrackedArena.liveBytes();
        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("twin-0.redo");
        assertThat(TrackedArena.liveBytes()).as("memory after a failed opening").isEqualTo(before);
        Files.delete(redo);
        Files.write(redo, kept);
        try (MapTwinState state = open()) {
            assertThat(state.rebuilt()).isNotEmpty();
            assertThat(state.property("key 3")).isEmpty();
        }
    }

    @Test
    void aDamagedCheckpointIsNone() throws IOException {
        filled(true);
        try (FileChannel head = FileChannel.open(folder.resolve("state/head"), StandardOpenOption.WRITE)) {
            for (int slot = 0; slot < 2; slot++) {
                head.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 64 + 96L * slot + 40);
            }
        }
        try (MapTwinState state = open()) {
            assertThat(state.rebuilt()).contains("no checkpoint");
            assertThat(state.size()).isZero();
        }
    }

    @Test
    void aChangedByteIsFoundByVerify() throws IOException {
        filled(true);
        final Path file = folder.resolve("state/twin-0.map");
        final byte[] bytes = Files.readAllBytes(file);
        final byte[] wanted = "value of key 1".getBytes(StandardCharsets.US_ASCII);
        int at = 0;
        while (!startsWith(bytes, at, wanted)) {
            at++;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {'V'}), at);
        }
        try (MapTwinState state = open()) {
            assertThat(state.verify()).isFalse();
        }
    }

    @Test
    void anotherDocumentsStateIsForgotten() throws IOException {
        filled(true);
        try (MapTwinState state =
                MapTwinState.open(folder.resolve("state"), new TwinId(1, 1), MapTwinStateTest::secret, SMALL)) {
            assertThat(state.rebuilt()).contains("document");
            assertThat(state.size()).isZero();
        }
    }

    @Test
    void readingAPropertyAllocatesNothing() throws IOException {
        assumeTrue(ManagementFactory.getThreadMXBean() instanceof ThreadMXBean, "needs the JDK's counter");
        filled(true);
        try (MapTwinState state = open();
                Arena arena = Arena.ofConfined()) {
            final byte[] key = "key 3".getBytes(StandardCharsets.US_ASCII);
            final MemorySegment name = arena.allocate(key.length);
            MemorySegment.copy(MemorySegment.ofArray(key), 0, name, 0, key.length);
            final MemorySegment target = arena.allocate(64);
            read(state, name, target, 50_000);
            final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            final long before = threads.getCurrentThreadAllocatedBytes();
            read(state, name, target, 50_000);
            final long after = threads.getCurrentThreadAllocatedBytes();
            assertThat((after - before) / 50_000.0).as("bytes per read").isLessThan(1);
        }
    }

    private static void read(MapTwinState state, MemorySegment name, MemorySegment target, int times) {
        for (int i = 0; i < times; i++) {
            if (state.property(name, (int) name.byteSize(), target) != "value of key 3".length()) {
                throw new AssertionError("another length");
            }
        }
    }

    @Test
    void takesNoSecondProcessAndLeavesNothingOpen() throws IOException {
        assumeTrue(HeldFiles.isKnown(), "needs Linux");
        final long before = TrackedArena.liveBytes();
        try (MapTwinState state = open()) {
            assertThat(state.property("k")).isEmpty();
            assertThatThrownBy(this::open).isInstanceOf(StoreException.class);
        }
        Files.delete(folder.resolve("state/head"));
        Files.createDirectory(folder.resolve("state/head"));
        assertThatThrownBy(this::open).as("opening that fails").isInstanceOf(IOException.class);
        assertThat(HeldFiles.below(folder)).isEmpty();
        assertThat(TrackedArena.liveBytes()).isEqualTo(before);
    }

    /** Writes ten properties, and a checkpoint. */
    private Twin filled(boolean covered) throws IOException {
        final Twin model = new Twin(TWIN);
        try (MapTwinState state = open()) {
            final List<TwinOperation> operations = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                operations.add(new TwinOperation.Set("key " + i, Value.of("value of key " + i)));
            }
            state.apply(id(1), actor(1), 1, operations);
            model.apply(id(1), actor(1), 1, operations);
            if (covered) {
                state.cover(COVERAGE);
            }
        }
        return model;
    }

    private static boolean startsWith(byte[] bytes, int at, byte[] wanted) {
        for (int i = 0; i < wanted.length; i++) {
            if (bytes[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    static OperationId id(long number) {
        return new OperationId(number * 0x9e37_79b9_7f4a_7c15L, number, ~number, 1);
    }

    static ActorId actor(int number) {
        final byte[] bytes = new byte[ActorId.LENGTH];
        bytes[0] = (byte) number;
        return ActorId.read(MemorySegment.ofArray(bytes), 0);
    }

    static Dot dot(long operation, int index) {
        return new Dot(id(operation), index);
    }
}

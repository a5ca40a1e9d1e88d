package io.millrace.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crdt.Replica;
import io.millrace.crdt.TwinStore;
import io.millrace.crdt.op.OperationLog;
import io.millrace.crdt.op.Revocation;
import io.millrace.crdt.type.Value;
import io.millrace.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica whose state outlives its process replays only the rest of the log, and agrees with the log. */
class StoredReplicaTest {
    @TempDir
    private Path folder;

    @Test
    void theStateIsThatOfTheReplayedLog() throws IOException {
        edit(0, 50);
        try (StoredReplica stored = StoredReplica.open(folder);
                Replica replayed = stored.replayed()) {
            assertThat(stored.state.rebuilt()).isEmpty();
            assertThat(stored.replica.twin()).isEqualTo(replayed.twin());
            assertThat(stored.replica.heads()).isEqualTo(replayed.heads());
            assertThat(stored.replica.mark(stored.actor())).isEqualTo(replayed.mark(stored.actor()));
        }
    }

    @Test
    void aStateThatContainsTheLogIsReadWithoutAReplay() throws IOException {
        edit(0, 20);
        final CountingLog log = new CountingLog(TwinStore.open(folder.resolve("log")));
        try (log;
                MapTwinState state = MapTwinState.open(
                        folder.resolve("state"), StoredReplica.TWIN, segment -> segment.fill((byte) 3), 1_000);
                Replica replica = StoredReplica.over(log, Optional.of(state))) {
            assertThat(replica.state().property("key 19")).contains(Value.of("value 19"));
            assertThat(log.reads).as("records read").isEqualTo(1);
            assertThat(replica.size()).isEqualTo(20);
            assertThat(log.reads).isGreaterThan(20);
        }
    }

    @Test
    void aDamagedLogIsFoundBeforeAnythingIsSignedThoughTheStateCanBeRead() throws IOException {
        edit(0, 20);
        final Path file = folder.resolve("log/operations.log");
        final byte[] damaged = Files.readAllBytes(file);
        damaged[4096 + 500] ^= 4;
        Files.write(file, damaged);

        final StoredReplica stored = StoredReplica.open(folder);
        assertThat(stored.replica.state().property("key 19")).contains(Value.of("value 19"));
        assertThatThrownBy(() -> stored.edit(draft -> draft.set("key 20", Value.of("v"))))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("damaged in its durable part");
        assertThatThrownBy(stored.replica::heads).hasMessageContaining("damaged in its durable part");
        assertThatThrownBy(stored::close).hasMessageContaining("damaged in its durable part");

        assertThat(file).hasBinaryContent(damaged);
        assertThatThrownBy(() -> TwinStore.open(folder.resolve("log")))
                .as("opened again")
                .hasMessageContaining("damaged in its durable part");
    }

    @Test
    void operationsAfterTheCheckpointAreReplayedOntoTheState() throws IOException {
        edit(0, 30);
        appendWithoutState(30, 45);
        try (StoredReplica stored = StoredReplica.open(folder);
                Replica replayed = stored.replayed()) {
            assertThat(stored.state.rebuilt()).isEmpty();
            assertThat(stored.replica.state().property("key 44")).contains(Value.of("value 44"));
            assertThat(stored.state.coverage().orElseThrow().records()).isEqualTo(45);
            assertThat(stored.replica.twin()).isEqualTo(replayed.twin());
        }
    }

    @Test
    void theStateOfAnotherLogIsBuiltAnew() throws IOException {
        edit(0, 30);
        Files.move(folder.resolve("log"), folder.resolve("kept"));
        appendWithoutState(100, 140);
        try (StoredReplica stored = StoredReplica.open(folder);
                Replica replayed = stored.replayed()) {
            assertThat(stored.replica.state().property("key 3")).isEmpty();
            assertThat(stored.replica.twin()).isEqualTo(replayed.twin());
        }
    }

    @Test
    void aLogThatLostItsEndIsNotOverruledByTheState() throws IOException {
        edit(0, 10);
        Files.createDirectories(folder.resolve("short"));
        try (OperationLog log = TwinStore.open(folder.resolve("log"));
                OperationLog target = TwinStore.open(folder.resolve("short"))) {
            for (int i = 0; i < 6; i++) {
                target.append(log.read(i));
            }
        }
        Files.move(folder.resolve("log"), folder.resolve("kept"));
        Files.move(folder.resolve("short"), folder.resolve("log"));
        try (StoredReplica stored = StoredReplica.open(folder)) {
            assertThat(stored.replica.state().property("key 9")).isEmpty();
            assertThat(stored.replica.state().property("key 5")).contains(Value.of("value 5"));
            assertThat(stored.state.coverage().orElseThrow().records()).isEqualTo(6);
        }
    }

    @Test
    void aRevocationBuildsTheStateAnew() throws IOException {
        edit(0, 10);
        final Revocation all = new Revocation(Set.of());
        try (StoredReplica first = StoredReplica.open(folder)) {
            assertThat(first.replica.state().property("key 1")).isPresent();
        }
        try (StoredReplica stored = StoredReplica.open(folder, Map.of(StoredReplica.author(), all))) {
            assertThat(stored.replica.state().property("key 1")).isEmpty();
            assertThat(stored.replica.revokedCount()).isEqualTo(10);
        }
    }

    private void edit(int from, int to) throws IOException {
        try (StoredReplica stored = StoredReplica.open(folder)) {
            change(stored, from, to);
        }
    }

    /** As by a program without maps. */
    private void appendWithoutState(int from, int to) throws IOException {
        final Path aside = folder.resolve("aside");
        final boolean there = Files.exists(folder.resolve("state"));
        if (there) {
            Files.move(folder.resolve("state"), aside);
        }
        edit(from, to);
        try (var files = Files.walk(folder.resolve("state"))) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
        if (there) {
            Files.move(aside, folder.resolve("state"));
        }
    }

    private static void change(StoredReplica stored, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            final int number = i;
            stored.edit(draft -> draft.set("key " + number, Value.of("value " + number))
                    .add("set", "element " + number % 7)
                    .increment("counter " + number % 3, number)
                    .assign("register", Value.of("assigned " + number))
                    .remove("set", "element " + (number - 3) % 7));
        }
    }

    /** Counts how often a record is read. */
    private static final class CountingLog implements OperationLog {
        private final OperationLog log;
        private int reads;

        CountingLog(OperationLog log) {
            this.log = log;
        }

        @Override
        public int size() {
            return log.size();
        }

        @Override
        public byte[] read(int index) throws IOException {
            reads++;
            return log.read(index);
        }

        @Override
        public void append(byte[] record) throws IOException {
            log.append(record);
        }

        @Override
        public void force() throws IOException {
            log.force();
        }

        @Override
        public void close() throws IOException {
            log.close();
        }
    }
}

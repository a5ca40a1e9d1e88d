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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
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
    void aStateThatContainsTheLogIsReadAndSignedAfterWithoutAReplay() throws IOException {
        edit(0, 20);
        final CountingLog[] log = new CountingLog[1];
        try (StoredReplica stored = StoredReplica.open(folder, opened -> log[0] = new CountingLog(opened))) {
            assertThat(stored.replica.state().property("key 19")).contains(Value.of("value 19"));
            change(stored, 20, 25);
            assertThat(stored.replica.size()).isEqualTo(25);
            assertThat(stored.replica.mark(stored.actor()).orElseThrow().sequence())
                    .isEqualTo(24);
            assertThat(log[0].reads).as("records read").isEqualTo(1);

            assertThat(stored.replica.graph().length(stored.actor())).isEqualTo(25);
            assertThat(log[0].reads).isGreaterThan(25);
            try (Replica replayed = stored.replayed()) {
                assertThat(stored.replica.twin()).isEqualTo(replayed.twin());
                assertThat(stored.replica.heads()).isEqualTo(replayed.heads());
            }
        }
    }

    @Test
    void aDamagedRecordIsNeverGivenOutThoughTheStateIsReadAndSignedAfter() throws IOException {
        edit(0, 20);
        final Path file = folder.resolve("log/operations.log");
        final byte[] damaged = Files.readAllBytes(file);
        damaged[4096 + 500] ^= 4;
        Files.write(file, damaged);

        final StoredReplica stored = StoredReplica.open(folder);
        assertThat(stored.replica.state().property("key 19")).contains(Value.of("value 19"));
        stored.edit(draft -> draft.set("key 20", Value.of("v")));
        assertThatThrownBy(stored.replica::proofs)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("damaged in its durable part");
        assertThatThrownBy(() -> stored.edit(draft -> draft.set("key 21", Value.of("v"))))
                .as("signed after the damage was found")
                .hasMessageContaining("damaged in its durable part");
        assertThatThrownBy(stored.replica::heads).hasMessageContaining("damaged in its durable part");
        assertThatThrownBy(stored::close).hasMessageContaining("damaged in its durable part");

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

    @Test
    void anEndOfTheGraphThatIsMissingOrDamagedIsMadeAnewFromTheLog() throws IOException {
        edit(0, 10);
        final byte[] good = Files.readAllBytes(frontier());
        assertSignsAfterReading(() -> Files.delete(frontier()), "missing");
        assertSignsAfterReading(() -> Files.write(frontier(), good), "stale");
        for (final int length : new int[] {0, 40, good.length - 1, good.length + 1, 10_000}) {
            assertSignsAfterReading(() -> Files.write(frontier(), Arrays.copyOf(good, length)), "length " + length);
        }
        for (int at = 0; at < good.length; at += 31) {
            final byte[] flipped = Files.readAllBytes(frontier());
            flipped[at] ^= 1;
            assertSignsAfterReading(() -> Files.write(frontier(), flipped), "flipped byte " + at);
        }
    }

    @Test
    void theEndOfAnotherStatesGraphIsNotBelieved() throws IOException {
        edit(0, 10);
        final byte[] good = Files.readAllBytes(frontier());
        try (FileChannel head = FileChannel.open(folder.resolve("state/head"), StandardOpenOption.WRITE)) {
            head.write(ByteBuffer.wrap(new byte[] {77}), 24); // another secret
        }
        Files.delete(folder.resolve("state/clean")); // so that the entries are hashed again, and do not fit
        assertSignsAfterReading(() -> assertThat(frontier()).hasBinaryContent(good), "another secret");
    }

    @Test
    void anEndOfTheGraphThatCannotBeWrittenIsMissedAndNothingElse() throws IOException {
        edit(0, 10);
        Files.createDirectories(folder.resolve("state/frontier.new/in the way"));
        edit(10, 12);
        assertSignsAfterReading(() -> {}, "not written");
        Files.delete(folder.resolve("state/frontier.new/in the way"));
        Files.delete(folder.resolve("state/frontier.new"));
        assertThat(readsToSign()).isGreaterThan(10);
        assertThat(readsToSign()).isEqualTo(1);
    }

    @Test
    void afterAnUncleanStopTheEndOfTheGraphIsBelievedWithTheStateItBelongsTo() throws IOException {
        edit(0, 10);
        Files.delete(folder.resolve("state/clean"));
        assertThat(readsToSign()).isEqualTo(1);
    }

    private Path frontier() {
        return folder.resolve("state/frontier");
    }

    /** Changes the folder, signs after reading the log, and signs again without. */
    private void assertSignsAfterReading(Damage damage, String what) throws IOException {
        damage.make();
        assertThat(readsToSign()).as(what).isGreaterThanOrEqualTo(10);
        try (StoredReplica stored = StoredReplica.open(folder);
                Replica replayed = stored.replayed()) {
            assertThat(stored.replica.twin()).as(what).isEqualTo(replayed.twin());
            assertThat(stored.replica.heads()).as(what).isEqualTo(replayed.heads());
            assertThat(stored.replica.proofs()).as(what).isEmpty();
        }
    }

    /** How many records are read until an operation is signed. */
    private int readsToSign() throws IOException {
        final CountingLog[] log = new CountingLog[1];
        try (StoredReplica stored = StoredReplica.open(folder, opened -> log[0] = new CountingLog(opened))) {
            final int number = stored.replica.size();
            change(stored, number, number + 1);
            assertThat(stored.replica.mark(stored.actor()).orElseThrow().sequence())
                    .isEqualTo(number);
            return log[0].reads;
        }
    }

    /** Changes files. */
    @FunctionalInterface
    private interface Damage {
        void make() throws IOException;
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

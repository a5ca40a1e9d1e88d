package io.millrace.node.counters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writer and reader of the counters file. */
class CountersFileTest {
    private static final long START_MS = 1_700_000_000_000L;
    private static final List<CounterKey> KEYS = List.of(
            new CounterKey(CounterFamily.PACKETS, 0, CounterFamily.TOTAL, "received"),
            new CounterKey(CounterFamily.PACKETS, 0, CounterFamily.PER_SECOND, "received"),
            new CounterKey(CounterFamily.PACKETS, 1, CounterFamily.TOTAL, "forwarded"),
            new CounterKey(CounterFamily.PACKETS, 2, CounterFamily.TOTAL, "bad-mac"),
            new CounterKey(CounterFamily.QUEUE, 0, CounterFamily.USED, "ä peer"),
            new CounterKey(CounterFamily.QUEUE, 0, CounterFamily.CAPACITY, "ä peer"));

    @TempDir
    private Path folder;

    @Test
    void aReaderSeesWhatWasPublishedLast() throws IOException {
        try (CountersFile file = create("r1", KEYS)) {
            assertThat(read().state()).isEqualTo(RelayState.STARTING);
            assertThat(read().flow("received").total()).isZero();
            for (int i = 0; i < KEYS.size(); i++) {
                file.set(i, 10 + i);
            }
            assertThat(read().flow("received").total()).as("not published yet").isZero();
            file.publish(START_MS + 5, RelayState.RUNNING);
            file.set(3, 77);
            file.publish(START_MS + 6, RelayState.DRAINING);

            final CountersSnapshot read = read();

            assertThat(read.relay()).isEqualTo("r1");
            assertThat(read.program()).isEqualTo("1.2.3");
            assertThat(read.pid()).isEqualTo(ProcessHandle.current().pid());
            assertThat(read.startMs()).isEqualTo(START_MS);
            assertThat(read.heartbeatMs()).isEqualTo(START_MS + 6);
            assertThat(read.state()).isEqualTo(RelayState.DRAINING);
            assertThat(read.sequence()).isEqualTo(2);
            assertThat(read.flow("received")).isEqualTo(new CountersSnapshot.Flow(10, 11));
            assertThat(read.flow("forwarded").total()).isEqualTo(12);
            assertThat(read.drops()).containsOnlyKeys("bad-mac");
            assertThat(read.dropped().total()).isEqualTo(77);
            assertThat(read.queues()).containsOnly(java.util.Map.entry("ä peer", new CountersSnapshot.Level(14, 15)));
        }
        assertThat(read().dropped().total()).as("after the writer").isEqualTo(77);
    }

    @Test
    void onlyTheOwnerReadsItAndNothingElseIsLeft() throws IOException {
        Files.writeString(folder.resolve("counters.new"), "of a run that was killed");
        create("r1", KEYS).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("counters.dat"))))
                .isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder("counters.dat", "counters.lock");
        }
        CountersFile.create(folder.resolve("a/b"), "r2", "1", START_MS, KEYS).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("a/b"))))
                .isEqualTo("rwx------");
    }

    @Test
    void aFolderBelongsToOneRelay() throws IOException {
        try (CountersFile first = create("r1", KEYS)) {
            assertThatThrownBy(() -> create("r2", KEYS))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another relay writes its counters there");
            first.publish(START_MS, RelayState.RUNNING);
            assertThat(read().relay()).isEqualTo("r1");
        }
        create("r2", KEYS).close();
        assertThat(read().relay()).isEqualTo("r2");
    }

    /** File of a process that was killed while it filled the other bank. */
    @Test
    void aBankThatIsHalfWrittenIsNotRead() throws IOException {
        try (CountersFile file = create("r1", KEYS)) {
            for (int pass = 1; pass <= 2; pass++) {
                for (int i = 0; i < KEYS.size(); i++) {
                    file.set(i, pass);
                }
                file.publish(START_MS + pass, RelayState.RUNNING);
                final int other = (pass + 1) & 1;
                try (FileChannel channel = FileChannel.open(folder.resolve("counters.dat"), StandardOpenOption.WRITE)) {
                    final ByteBuffer garbage = ByteBuffer.allocate(CountersLayout.valuesLength(KEYS.size()) / 2);
                    while (garbage.hasRemaining()) {
                        garbage.put((byte) 0x5a);
                    }
                    channel.write(garbage.flip(), CountersLayout.bankOffset(other, KEYS.size()));
                }

                assertThat(read().flow("received")).isEqualTo(new CountersSnapshot.Flow(pass, pass));
                assertThat(read().dropped().total()).isEqualTo(pass);
            }
        }
    }

    @Test
    void everyReadingIsOfOneInstant() throws Exception {
        final List<CounterKey> many = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            many.add(new CounterKey(CounterFamily.OCCUPANCY, i, CounterFamily.USED, "n" + i));
        }
        final AtomicBoolean stop = new AtomicBoolean();
        try (CountersFile file = create("r1", many)) {
            final CompletableFuture<Long> writer = CompletableFuture.supplyAsync(() -> {
                long pass = 0;
                while (!stop.get()) {
                    pass++;
                    for (int i = 0; i < many.size(); i++) {
                        file.set(i, pass);
                    }
                    file.publish(pass, RelayState.RUNNING);
                }
                return pass;
            });
            long last = 0;
            for (int i = 0; i < 300; i++) {
                final CountersSnapshot read;
                try {
                    read = read();
                } catch (IOException e) {
                    assertThat(e).hasMessageContaining("faster than they can be read");
                    continue;
                }
                final long first = read.occupancy().get("n0").used();
                assertThat(read.occupancy().values()).allMatch(level -> level.used() == first);
                assertThat(first).isEqualTo(read.sequence()).isGreaterThanOrEqualTo(last);
                last = first;
            }
            stop.set(true);
            assertThat(writer.get()).isGreaterThanOrEqualTo(last);
        }
    }

    @Test
    void longNamesAreCutAtACharacter() throws IOException {
        final String name = "ä".repeat(400);
        try (CountersFile file =
                create(name, List.of(new CounterKey(CounterFamily.QUEUE, 0, CounterFamily.USED, "x" + name)))) {
            file.set(0, 3);
            file.publish(START_MS, RelayState.RUNNING);

            assertThat(read().relay()).isEqualTo("ä".repeat(CountersLayout.NAME_ROOM / 2));
            assertThat(read().queues()).containsOnlyKeys("x" + "ä".repeat((CounterKey.NAME_ROOM - 1) / 2));
        }
    }

    private CountersFile create(String relay, List<CounterKey> keys) throws IOException {
        return CountersFile.create(folder, relay, "1.2.3", START_MS, keys);
    }

    private CountersSnapshot read() throws IOException {
        return CountersFolder.find(folder).read();
    }
}

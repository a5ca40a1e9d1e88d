package io.millrace.node.counters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reader of the counters file before files of any content. */
class CountersFolderTest {
    private static final int ROUNDS = 3_000;

    @TempDir
    private Path folder;

    private Path file;
    private byte[] whole;

    @BeforeEach
    void writeAFile() throws IOException {
        final List<CounterKey> keys = new ArrayList<>();
        for (CounterFamily family : CounterFamily.values()) {
            for (int index = 0; index < 3; index++) {
                for (int item = 0; item < family.itemCount(); item++) {
                    keys.add(new CounterKey(family, index, item, "name" + index));
                }
            }
        }
        try (CountersFile counters = CountersFile.create(folder.resolve("r1"), "r1", "1", 1_000, keys)) {
            for (int i = 0; i < keys.size(); i++) {
                counters.set(i, i);
            }
            counters.publish(2_000, RelayState.RUNNING);
        }
        file = folder.resolve("r1/counters.dat");
        whole = Files.readAllBytes(file);
    }

    @Test
    void findsTheFileByItselfByItsFolderAndByTheFolderAbove() throws IOException {
        assertThat(CountersFolder.find(file).read().relay()).isEqualTo("r1");
        assertThat(CountersFolder.find(folder.resolve("r1")).read().relay()).isEqualTo("r1");
        assertThat(CountersFolder.find(folder).read().relay()).isEqualTo("r1");
    }

    @Test
    void namesTheRelaysOfAFolderOfSeveral() throws IOException {
        for (int i = 2; i <= 12; i++) {
            Files.createDirectory(folder.resolve("s" + i));
            Files.write(folder.resolve("s" + i + "/counters.dat"), whole);
        }

        assertThatThrownBy(() -> CountersFolder.find(folder))
                .isInstanceOf(FileSystemException.class)
                .hasMessage(folder + ": several relays have counters here, name the folder of one:"
                        + " r1, s10, s11, s12, s2, s3, s4, s5, ...");
    }

    @Test
    void saysWhyThereIsNoFile() throws IOException {
        assertThatThrownBy(() -> CountersFolder.find(folder.resolve("nothing")))
                .isInstanceOf(FileSystemException.class)
                .hasMessage(folder.resolve("nothing") + ": no such folder");
        final Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> CountersFolder.find(empty)).hasMessageContaining("no counters in this folder");
        Files.createDirectory(empty.resolve("counters.dat"));
        assertThatThrownBy(() -> CountersFolder.find(empty)).hasMessageContaining("not a regular file");
        assertThatThrownBy(() -> CountersFolder.find(Path.of("/dev/null")))
                .hasMessageContaining("neither a folder nor a file");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 511, 512, 513, 5_000, -1})
    void refusesAFileThatIsCut(int length) throws IOException {
        final int left = length < 0 ? whole.length + length : length;
        Files.write(file, java.util.Arrays.copyOf(whole, left));

        refused(left < CountersLayout.HEADER_LENGTH ? "not a counters file: it has " + left + " bytes" : "it is cut: ");
    }

    @Test
    void refusesAnotherMagicAnotherVersionAndWrongLengths() throws IOException {
        put(CountersLayout.MAGIC_OFFSET, 1);
        refused("not a counters file");
        put(CountersLayout.VERSION_OFFSET, 2);
        refused("counters of version 2; this program reads version 1");
        for (int length : new int[] {0, -512, 511, 513, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            put(CountersLayout.METADATA_LENGTH_OFFSET, length);
            refused("lengths that do not fit");
        }
        put(
                CountersLayout.METADATA_LENGTH_OFFSET,
                ByteBuffer.wrap(whole).order(ByteOrder.nativeOrder()).getInt((int)
                                CountersLayout.METADATA_LENGTH_OFFSET)
                        + 1);
        refused("lengths that do not fit");
        put(CountersLayout.VALUES_LENGTH_OFFSET, 1);
        refused("lengths that do not fit");
        put(CountersLayout.HEADER_LENGTH_OFFSET, 0);
        refused("lengths that do not fit");
        put(CountersLayout.STATE_OFFSET, 9);
        refused("unknown state: state=9");
        put(CountersLayout.NAME_LENGTH_OFFSET, CountersLayout.NAME_ROOM + 1);
        refused("a text in its header is too long");
        put(CountersLayout.PROGRAM_LENGTH_OFFSET, -1);
        refused("a text in its header is too long");
        put(CountersLayout.HEADER_LENGTH + 16 + 4, 99);
        refused("key is out of range");
    }

    @Test
    void leavesOutFamiliesOfALaterProgram() throws IOException {
        put(CountersLayout.HEADER_LENGTH + 4, 1_234);

        final CountersSnapshot read = CountersFolder.find(file).read();

        assertThat(read.packets().get("name0").total()).isZero();
        assertThat(read.packets().get("name0").perSecond()).isEqualTo(1);
    }

    /** Whatever is in the file, it is read or refused in one line; in bounded time and memory. */
    @Test
    void readsOrRefusesFilesWithChangedBytes() throws IOException {
        final long seed = Long.getLong("millrace.seed", new Random().nextLong());
        final Random random = new Random(seed);
        int read = 0;
        for (int round = 0; round < ROUNDS; round++) {
            final byte[] changed = random.nextInt(10) == 0
                    ? java.util.Arrays.copyOf(whole, random.nextInt(whole.length + 1))
                    : whole.clone();
            final int bound = random.nextBoolean() ? CountersLayout.HEADER_LENGTH : Math.max(1, changed.length);
            for (int i = random.nextInt(8); i > 0 && changed.length > 0; i--) {
                final int at = random.nextInt(Math.min(bound, changed.length));
                changed[at] =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : changed[at] ^ (1 << random.nextInt(8)));
            }
            Files.write(file, changed);
            try {
                final CountersSnapshot snapshot = CountersFolder.find(file).read();
                assertThat(snapshot.packets().size())
                        .as("seed=%d round=%d", seed, round)
                        .isLessThanOrEqualTo(9);
                snapshot.conserved();
                read++;
            } catch (FileSystemException e) {
                assertThat(e.getReason())
                        .as("seed=%d round=%d", seed, round)
                        .isNotBlank()
                        .doesNotContain("\n");
            } catch (RuntimeException e) {
                throw new AssertionError("seed=" + seed + " round=" + round, e);
            }
        }
        assertThat(read).as("seed=%d", seed).isBetween(ROUNDS / 20, ROUNDS);
    }

    private void refused(String what) throws IOException {
        assertThatThrownBy(() -> CountersFolder.find(file).read())
                .isInstanceOf(FileSystemException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(what);
        Files.write(file, whole);
    }

    private void put(long offset, int value) throws IOException {
        final byte[] changed = whole.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.nativeOrder()).putInt((int) offset, value);
        Files.write(file, changed);
    }
}

package io.millrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Content of a journal, its time to the disk, and the knowledge that its file gives to a finder. */
class ReplayJournalTest {
    /** Nothing becomes durable by the group commit while the test runs. */
    private static final CommitPolicy NEVER = new CommitPolicy(1 << 30, Duration.ofHours(1));

    private static final int HEADER_LENGTH = 4096;
    private static final long DURABLE_OFFSET = 16;

    @TempDir
    private Path folder;

    private final SecretKey key = SecretKey.generate(new SecureRandomness());
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final long[] lows = {1, 2};
    private final long[] highs = {3, 4};

    @AfterEach
    void closeKey() {
        System.out.println("ReplayJournalTest seed " + seed);
        key.close();
    }

    @Test
    void withSyncByBatchATagIsDurableWhenItsPacketGoesOn() throws IOException {
        try (Store store = Store.open(folder, NEVER)) {
            final ReplayJournal journal = open(store, true);
            for (int batch = 1; batch <= 3; batch++) {
                assertThat(journal.append(2, lows, highs)).isTrue();
                assertThat(durable()).isEqualTo(2L * batch);
            }
        }
    }

    @Test
    void withSyncByGroupATagIsDurableAfterTheCommit() throws IOException {
        try (Store store = Store.open(folder, NEVER)) {
            assertThat(open(store, false).append(2, lows, highs)).isTrue();
            assertThat(durable()).isZero();
        }
        assertThat(durable()).as("after closing").isEqualTo(2);
    }

    /** Over several areas and openings, in batches of any size. */
    @Test
    void keepsEveryTagOnce() throws IOException {
        final Set<List<Long>> appended = new HashSet<>();
        for (int opening = 0; opening < 3; opening++) {
            try (Store store = Store.open(folder, CommitPolicy.DEFAULT)) {
                final ReplayJournal journal = open(store, false);
                assertThat(new HashSet<>(tags(journal))).isEqualTo(appended);
                appended.addAll(append(journal, 3 * TagArea.SLOTS));
                assertThat(tags(journal)).hasSameSizeAs(appended);
            }
        }
    }

    @Test
    void theFileHoldsNoTagInClear() throws IOException {
        final List<List<Long>> appended;
        try (Store store = Store.open(folder, CommitPolicy.DEFAULT)) {
            appended = append(open(store, false), 2 * TagArea.SLOTS);
        }
        final ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(file())).order(ByteOrder.LITTLE_ENDIAN);
        final Set<Long> words = new HashSet<>();
        for (int at = 0; at + 8 <= file.capacity(); at++) {
            words.add(file.getLong(at));
        }
        assertThat(appended).noneMatch(tag -> words.contains(tag.get(0)) || words.contains(tag.get(1)));
    }

    /** Even the key gives no order within an area: the ranks of arrival and of place do not depend on each other. */
    @Test
    void theFileTellsNoOrderToThoseWhoHaveTheKey() throws IOException {
        try (Store store = Store.open(folder, CommitPolicy.DEFAULT)) {
            final ReplayJournal journal = open(store, false);
            for (int i = 0; i < TagArea.SLOTS; i++) { // one by one, as at a low rate
                lows[0] = i;
                highs[0] = random.nextLong();
                assertThat(journal.append(1, lows, highs)).isTrue();
            }
        }
        try (Store store = Store.open(folder, CommitPolicy.DEFAULT)) {
            final double[] ranks = tags(open(store, false)).stream()
                    .mapToDouble(tag -> tag.get(0))
                    .toArray();
            assertThat(ranks).hasSize(TagArea.SLOTS);
            // Six standard deviations: a false alarm in 5 * 10^8 runs.
            assertThat(Math.abs(correlationWithPlace(ranks))).isLessThan(6 / Math.sqrt(TagArea.SLOTS));
        }
    }

    @Test
    void anAreaThatAnEarlierProcessBeganIsNotWrittenAgain() throws IOException {
        try (Store store = Store.open(folder, CommitPolicy.DEFAULT)) {
            append(open(store, false), 10);
        }
        final byte[] before = area(0);
        try (Store store = Store.open(folder, CommitPolicy.DEFAULT)) {
            append(open(store, false), 10);
        }
        assertThat(area(0)).isEqualTo(before);
        assertThat(Arrays.copyOf(area(1), 32)).as("salts").isNotEqualTo(Arrays.copyOf(before, 32));
    }

    @Test
    void refusesAnotherKeyAndLostTags() throws IOException {
        try (Store store = Store.open(folder, CommitPolicy.DEFAULT)) {
            append(open(store, false), 100);
        }
        try (Store store = Store.open(folder, CommitPolicy.DEFAULT);
                SecretKey other = SecretKey.generate(new SecureRandomness())) {
            assertThatThrownBy(() -> ReplayJournal.open(store, "key", 0, other, new SecureRandomness(), false))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("another key");
        }
        flipAUsedSlot();
        try (Store store = Store.open(folder, CommitPolicy.DEFAULT)) {
            assertThatThrownBy(() -> open(store, false)).hasMessageContaining("tags=99, durable=100");
        }
    }

    @Test
    void refusesAJournalThatKeptTheOrder() throws IOException {
        try (Store store = Store.open(folder, CommitPolicy.DEFAULT)) {
            store.log(new LogLayout("replay-key-0", 4096, 1 << 20));
        }
        try (Store store = Store.open(folder, CommitPolicy.DEFAULT)) {
            assertThatThrownBy(() -> open(store, false)).hasMessageContaining("earlier version");
            ReplayJournal.eraseLeft(store, "key", 0);
            open(store, false);
        }
    }

    /** A second name of the file shows what became of its bytes. */
    @Test
    void erasingOverwritesTheFileBeforeItsNameGoes() throws IOException {
        final Path second = folder.resolve("second");
        try (Store store = Store.open(folder.resolve("store"), CommitPolicy.DEFAULT)) {
            final ReplayJournal journal = ReplayJournal.open(store, "key", 7, key, new SecureRandomness(), false);
            append(journal, 100);
            final Path name = folder.resolve("store/replay-key-7.tags");
            Files.createLink(second, name);

            assertThat(journal.erase().epoch()).isEqualTo(7);

            assertThat(name).doesNotExist();
            assertThat(Files.readAllBytes(second)).containsOnly(0);
            assertThat(journal.append(2, lows, highs)).isFalse();
            assertThat(journal.problem()).as("of an epoch that is over").isEmpty();
            journal.erase(); // again, as after a failure
        }
    }

    @Test
    void anEpochThatEndedMeanwhileIsErasedWithoutItsKey() throws IOException {
        try (Store store = Store.open(folder, CommitPolicy.DEFAULT)) {
            append(open(store, false), 10);
        }
        try (Store store = Store.open(folder, CommitPolicy.DEFAULT)) {
            assertThat(ReplayJournal.eraseLeft(store, "key", 0).epoch()).isZero();
            assertThat(file()).doesNotExist();
            assertThat(ReplayJournal.eraseLeft(store, "key", 0).epoch()).isZero();
            final ReplayJournal fresh = open(store, false);
            assertThat(tags(fresh)).isEmpty();
            assertThatThrownBy(() -> ReplayJournal.eraseLeft(store, "key", 0)).hasMessageContaining("open");
        }
    }

    @Test
    void onlyTheOwnerMayReadFolderAndFiles() throws IOException {
        final Path shared = folder.resolve("store");
        Files.createDirectory(shared);
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
        final Path known = shared.resolve("replay-key-0.tags");
        Files.createFile(known, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));

        try (Store store = Store.open(shared, CommitPolicy.DEFAULT)) {
            open(store, false);
            store.log(new LogLayout("log", 16, 4096));
        }

        assertThat(mode(shared)).isEqualTo("rwx------");
        try (var files = Files.list(shared)) {
            assertThat(files).hasSizeGreaterThan(3).allMatch(file -> mode(file).equals("rw-------"));
        }
    }

    private ReplayJournal open(Store store, boolean durableFirst) throws IOException {
        return ReplayJournal.open(store, "key", 0, key, new SecureRandomness(), durableFirst);
    }

    private List<List<Long>> append(ReplayJournal journal, int count) {
        final List<List<Long>> appended = new ArrayList<>();
        final long[] low = new long[ReplayJournal.MAX_BATCH];
        final long[] high = new long[ReplayJournal.MAX_BATCH];
        while (appended.size() < count) {
            final int batch = Math.min(1 + random.nextInt(ReplayJournal.MAX_BATCH), count - appended.size());
            for (int i = 0; i < batch; i++) {
                low[i] = random.nextLong();
                high[i] = random.nextLong();
                appended.add(List.of(low[i], high[i]));
            }
            assertThat(journal.append(batch, low, high)).isTrue();
        }
        return appended;
    }

    private static List<List<Long>> tags(ReplayJournal journal) {
        final List<List<Long>> tags = new ArrayList<>();
        journal.forEach((count, low, high) -> {
            for (int i = 0; i < count; i++) {
                tags.add(List.of(low[i], high[i]));
            }
        });
        return tags;
    }

    private static double correlationWithPlace(double[] ranks) {
        final double middle = (ranks.length - 1) / 2.0;
        double product = 0;
        double square = 0;
        for (int place = 0; place < ranks.length; place++) {
            product += (place - middle) * (ranks[place] - middle);
            square += (place - middle) * (place - middle);
        }
        return product / square;
    }

    private Path file() {
        return folder.resolve("replay-key-0.tags");
    }

    private byte[] area(int index) throws IOException {
        final byte[] file = Files.readAllBytes(file());
        final int from = HEADER_LENGTH + index * TagArea.LENGTH;
        return Arrays.copyOfRange(file, from, from + TagArea.LENGTH);
    }

    private void flipAUsedSlot() throws IOException {
        final byte[] area = area(0);
        int at = 64;
        while (area[at] == 0) {
            at += 24;
        }
        try (RandomAccessFile file = new RandomAccessFile(file().toFile(), "rw")) {
            file.seek(HEADER_LENGTH + at);
            file.write(area[at] ^ 1);
        }
    }

    private long durable() throws IOException {
        final ByteBuffer mark = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file())) {
            channel.read(mark, DURABLE_OFFSET);
        }
        return mark.getLong(0);
    }

    private static String mode(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

package io.millrace.store;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of the version before are read and brought up to date; files of a version to come are refused and left alone. */
class StoredVersionsTest {
    private static final int CHUNK_LENGTH = 4096;
    private static final LogLayout LOG = new LogLayout("old", 1024, CHUNK_LENGTH);
    private static final List<String> RECORDS = List.of("one", "the second", "x".repeat(1024));

    @TempDir
    private Path folder;

    private Path log;

    @BeforeEach
    void nameTheLog() {
        log = folder.resolve("old.log");
    }

    @Test
    void readsALogOfVersion0AndGoesOnWithIt() throws IOException {
        Files.write(log, logOf(0, RECORDS));
        final List<String> records = new ArrayList<>(RECORDS);
        for (int opening = 0; opening < 3; opening++) {
            try (Store store = Store.open(folder, CommitPolicy.DEFAULT)) {
                final AppendLog opened = store.log(LOG);
                assertThat(contents(opened)).isEqualTo(records);
                final byte[] next = ("added " + opening).getBytes(StandardCharsets.US_ASCII);
                assertThat(opened.append(MemorySegment.ofArray(next), 0, next.length))
                        .isPositive();
                records.add("added " + opening);
            }
            final ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(log)).order(ByteOrder.LITTLE_ENDIAN);
            assertThat(header.getInt(8)).as("version").isEqualTo(1);
            assertThat(header.getLong(16)).as("durable mark").isEqualTo(end(records));
        }
    }

    @Test
    void takesNothingOfALogOfVersion0ForDurable() throws IOException {
        final byte[] torn = logOf(0, RECORDS);
        torn[(int) end(RECORDS) - 1] ^= 1;
        Files.write(log, torn);
        try (Store store = Store.open(folder, CommitPolicy.DEFAULT)) {
            assertThat(contents(store.log(LOG))).isEqualTo(RECORDS.subList(0, 2));
        }
    }

    @Test
    void refusesALogOfANewerVersionAndLeavesItAlone() throws IOException {
        final byte[] newer = logOf(2, RECORDS);
        Files.write(log, newer);
        try (Store store = Store.open(folder, CommitPolicy.DEFAULT)) {
            assertThatThrownBy(() -> store.log(LOG))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("written by a newer version of this program")
                    .hasMessageContaining(log.toString())
                    .hasMessageContaining("version=2, known=1");
        }
        assertThat(Files.readAllBytes(log)).isEqualTo(newer);
    }

    @Test
    void refusesAStoreOfANewerVersionAndLeavesItAlone() throws IOException {
        final Path format = folder.resolve("format");
        Files.writeString(format, "millrace-store 2\nmap old 8 8 8 100 and more\n");
        assertThatThrownBy(() -> Store.open(folder, CommitPolicy.DEFAULT))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("written by a newer version of this program")
                .hasMessageContaining(format.toString())
                .hasMessageContaining("version=2, known=1");
        assertThat(format).hasContent("millrace-store 2\nmap old 8 8 8 100 and more\n");
    }

    @Test
    void refusesADamagedFormatByItsName() throws IOException {
        final Path format = folder.resolve("format");
        Files.write(format, "millrace-store \u00e9\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> Store.open(folder, CommitPolicy.DEFAULT))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(format.toString());
    }

    /** Writes a log from its layout alone ({@link LogFormat}), without the code that it is a test of. */
    private static byte[] logOf(int version, List<String> records) {
        final ByteBuffer file = ByteBuffer.allocate(4096 + CHUNK_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        file.put("MRLOG\0\0\0".getBytes(StandardCharsets.US_ASCII))
                .putInt(version)
                .putInt(CHUNK_LENGTH);
        file.position(4096);
        for (String record : records) {
            final byte[] payload = record.getBytes(StandardCharsets.US_ASCII);
            final CRC32C crc = new CRC32C();
            crc.update(payload);
            final long mix = (file.position() + payload.length) * 0x9e37_79b9_7f4a_7c15L;
            file.putInt(payload.length).putInt((int) crc.getValue() ^ (int) (mix >>> 32));
            file.put(payload).position((file.position() + 7) / 8 * 8);
        }
        return file.array();
    }

    private static long end(List<String> records) {
        return 4096
                + records.stream()
                        .mapToLong(record -> 8 + (record.length() + 7) / 8 * 8)
                        .sum();
    }

    private static List<String> contents(AppendLog log) throws IOException {
        final List<String> seen = new ArrayList<>();
        log.forEach((memory, offset, length) ->
                seen.add(new String(memory.asSlice(offset, length).toArray(JAVA_BYTE), StandardCharsets.US_ASCII)));
        return seen;
    }
}

package io.millrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crdt.TwinStore;
import io.millrace.crdt.op.OperationCodec;
import io.millrace.crdt.op.OperationLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TwinStoreTest {
    private static final int RECORDS = 20;

    @TempDir
    private Path folder;

    private Path store;
    private Path log;

    @BeforeEach
    void fill() throws IOException {
        store = folder.resolve("twin");
        log = store.resolve("operations.log");
        try (OperationLog filled = TwinStore.open(store)) {
            for (int i = 0; i < RECORDS; i++) {
                filled.append(record(i));
            }
        }
    }

    @Test
    void whatWasAppendedIsThereAfterReopening() throws IOException {
        try (OperationLog reopened = TwinStore.open(store)) {
            assertHolds(reopened, RECORDS);
            reopened.append(record(RECORDS));
            assertHolds(reopened, RECORDS + 1);
        }
        try (OperationLog read = TwinStore.read(store)) {
            assertHolds(read, RECORDS + 1);
            assertThatThrownBy(() -> read.append(record(0))).hasMessageContaining("opened for reading");
            assertThatThrownBy(() -> read.read(RECORDS + 1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    /** A killed process leaves an incomplete record: any part of it may be missing. */
    @Test
    void aStopInTheMiddleOfARecordLosesNoRecordBefore() throws IOException {
        final int begin = end();
        try (OperationLog writer = TwinStore.open(store)) {
            writer.append(record(RECORDS));
        }
        final byte[] whole = Files.readAllBytes(log);
        final int length = LogFormat.RECORD_HEADER_LENGTH + record(RECORDS).length;
        for (int written = 0; written < length; written++) {
            final byte[] torn = whole.clone();
            Arrays.fill(torn, begin + written, torn.length, (byte) 0);
            durable(torn, begin);
            Files.write(log, torn);
            try (OperationLog reader = TwinStore.read(store)) {
                assertHolds(reader, RECORDS);
            }
            try (OperationLog writer = TwinStore.open(store)) {
                assertHolds(writer, RECORDS);
                writer.append(record(RECORDS));
                assertHolds(writer, RECORDS + 1);
            }
            try (OperationLog reader = TwinStore.read(store)) {
                assertHolds(reader, RECORDS + 1);
            }
        }
    }

    @Test
    void damageOfWhatWasDurableIsRefusedAndNothingIsCutOff() throws IOException {
        final byte[] damaged = Files.readAllBytes(log);
        damaged[(LogFormat.HEADER_LENGTH + end()) / 2] ^= 1;
        Files.write(log, damaged);

        assertThatThrownBy(() -> TwinStore.read(store)).hasMessageContaining("damaged in its durable part");
        assertThatThrownBy(this::readAll).hasMessageContaining("damaged in its durable part");
        assertThatThrownBy(() -> TwinStore.open(store))
                .as("after an unclean stop")
                .hasMessageContaining("damaged in its durable part");
        assertThat(log).hasBinaryContent(damaged);
    }

    /** Damage that says that the rest of a chunk is unused would hide the records in it. */
    @Test
    void recordsThatWereHiddenAreMissed() throws IOException {
        final byte[] damaged = Files.readAllBytes(log);
        ByteBuffer.wrap(damaged)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(LogFormat.HEADER_LENGTH + LogFormat.spaceOf(record(0).length), LogFormat.UNUSED);
        Files.write(log, damaged);

        try (OperationLog opened = TwinStore.open(store)) {
            assertThat(opened.read(RECORDS - 1)).isEqualTo(record(RECORDS - 1));
            assertThatThrownBy(() -> opened.read(2))
                    .hasMessageContaining("the log has lost records")
                    .hasMessageContaining("found=1, written=20");
        }
    }

    @Test
    void aRecordThatChangesUnderAReaderIsNotHandedOut() throws IOException {
        try (OperationLog reader = TwinStore.read(store)) {
            final byte[] damaged = Files.readAllBytes(log);
            damaged[end() - 8] ^= 1;
            Files.write(log, damaged);
            assertThatThrownBy(() -> reader.read(RECORDS - 1)).hasMessageContaining("a record is damaged");
        }
    }

    @Test
    void growsByManyChunks() throws IOException {
        final byte[] large = new byte[OperationCodec.MAX_LENGTH];
        try (OperationLog writer = TwinStore.open(store)) {
            for (int i = 0; i < 40; i++) {
                large[0] = (byte) i;
                writer.append(large.clone());
            }
        }
        try (OperationLog reader = TwinStore.read(store);
                OperationLog writer = TwinStore.open(store)) {
            assertThat(reader.size()).isEqualTo(RECORDS + 40).isEqualTo(writer.size());
            for (int i = 0; i < 40; i++) {
                large[0] = (byte) i;
                assertThat(reader.read(RECORDS + i)).isEqualTo(large);
                assertThat(writer.read(RECORDS + i)).isEqualTo(large);
            }
        }
    }

    @Test
    void oneAtATimeWritesAndOthersReadMeanwhile() throws IOException {
        try (OperationLog writer = TwinStore.open(store)) {
            assertThatThrownBy(() -> TwinStore.open(store)).hasMessageContaining("the store is in use by process");
            try (OperationLog reader = TwinStore.read(store)) {
                writer.append(record(RECORDS));
                assertHolds(reader, RECORDS);
            }
            assertHolds(writer, RECORDS + 1);
        }
    }

    @Test
    void whatIsNoLogIsRefused() throws IOException {
        Files.writeString(log, "something else that is long enough".repeat(1_000));
        assertThatThrownBy(() -> TwinStore.open(store)).hasMessageContaining("not a log of this program");
        assertThatThrownBy(() -> TwinStore.read(store)).hasMessageContaining("not a log of this program");
        assertThatThrownBy(() -> TwinStore.read(folder.resolve("nothing"))).isInstanceOf(NoSuchFileException.class);
        assertThat(log).hasContent("something else that is long enough".repeat(1_000));
    }

    private void readAll() throws IOException {
        try (OperationLog opened = TwinStore.open(store)) {
            assertHolds(opened, RECORDS);
        }
    }

    /** Where the log ends that {@link #fill} made. */
    private static int end() {
        int end = LogFormat.HEADER_LENGTH;
        for (int i = 0; i < RECORDS; i++) {
            end += LogFormat.spaceOf(record(i).length);
        }
        return end;
    }

    private static void durable(byte[] file, long position) {
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong((int) LogFormat.DURABLE_OFFSET, position);
    }

    private static void assertHolds(OperationLog held, int count) throws IOException {
        assertThat(held.size()).isEqualTo(count);
        for (int i = 0; i < count; i++) {
            assertThat(held.read(i)).isEqualTo(record(i));
        }
    }

    private static byte[] record(int number) {
        final byte[] record = new byte[1 + 7 * number];
        Arrays.fill(record, (byte) number);
        return record;
    }
}

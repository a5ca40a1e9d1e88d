package io.millrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crdt.OperationLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
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

    @Test
    void aStopInTheMiddleOfARecordLosesNoRecordBefore() throws IOException {
        final byte[] whole = Files.readAllBytes(log);
        final int last = whole.length - record(RECORDS - 1).length - 8;
        for (int length = last; length < whole.length; length++) {
            Files.write(log, Arrays.copyOf(whole, length));
            try (OperationLog reader = TwinStore.read(store)) {
                assertHolds(reader, RECORDS - 1);
            }
            try (OperationLog writer = TwinStore.open(store)) {
                assertHolds(writer, RECORDS - 1);
                writer.append(record(RECORDS - 1));
            }
            assertThat(log).hasBinaryContent(whole);
        }
    }

    @Test
    void whatIsTornIsKeptBesideTheLog() throws IOException {
        final byte[] whole = Files.readAllBytes(log);
        final byte[] damaged = whole.clone();
        damaged[whole.length / 2] ^= 1;
        Files.write(log, damaged);

        final int held;
        try (OperationLog writer = TwinStore.open(store)) {
            held = writer.size();
            assertHolds(writer, held);
        }

        assertThat(held).isBetween(1, RECORDS - 1);
        try (Stream<Path> names = Files.list(store)) {
            final Path torn = names.filter(name -> name.toString().contains(".torn-"))
                    .findFirst()
                    .orElseThrow();
            assertThat(Files.size(torn) + Files.size(log)).isEqualTo(whole.length);
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
        Files.writeString(log, "something else that is long enough");
        assertThatThrownBy(() -> TwinStore.open(store)).hasMessageContaining("not a log of operations");
        assertThatThrownBy(() -> TwinStore.read(store)).hasMessageContaining("not a log of operations");
        assertThatThrownBy(() -> TwinStore.read(folder.resolve("nothing"))).isInstanceOf(NoSuchFileException.class);
        assertThat(log).hasContent("something else that is long enough");
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

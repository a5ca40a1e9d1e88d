package io.millrace.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.memory.TrackedArena;
import io.millrace.receipt.MemoryReceiptIndex;
import io.millrace.receipt.ReceiptIndex;
import io.millrace.receipt.ReceiptIndex.Coverage;
import io.millrace.receipt.ReceiptRetention;
import io.millrace.store.StoreException;
import io.millrace.test.HeldFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The index of a log in maps, against the one in memory, and over restarts. */
class MapReceiptIndexTest {
    private static final ReceiptRetention ALL = ReceiptRetention.all(1L << 30);
    private static final long SMALL = 64;

    @TempDir
    private Path folder;

    private Path indexFolder() {
        return folder.resolve("index");
    }

    private MapReceiptIndex openIndex() throws IOException {
        return MapReceiptIndex.open(indexFolder(), SMALL);
    }

    @Test
    void agreesWithTheIndexInMemoryOverSeveralGenerations() throws Exception {
        final long seed = System.nanoTime();
        System.out.println("MapReceiptIndexTest seed " + seed);
        final Random random = new Random(seed);
        final MemoryReceiptIndex model = new MemoryReceiptIndex();
        try (MapReceiptIndex index = openIndex()) {
            for (long i = 0; i < 2_000; i++) {
                final long high = random.nextInt(600);
                final long low = random.nextInt(2);
                assertThat(index.find(high, low)).isEqualTo(model.find(high, low));
                assertThat(index.add(high, low, i)).isEqualTo(model.add(high, low, i));
                assertThat(index.find(high, low)).isEqualTo(model.find(high, low));
            }
            assertThat(index.generationCount()).isGreaterThan(2);
        }
    }

    @Test
    void goesOnWhereItWasClosedWithoutReadingTheLogAgain() throws Exception {
        fill(500);
        try (MapReceiptIndex index = openIndex()) {
            assertThat(index.coverage().size()).isEqualTo(500);
            assertThat(index.size()).isEqualTo(500);
            for (long i = 0; i < 500; i++) {
                assertThat(index.find(IndexedLog.id(i).high(), IndexedLog.id(i).low()))
                        .isEqualTo(i);
            }
        }
    }

    @Test
    void isBuiltAnewIfItWasNotClosed() throws Exception {
        fill(500);
        Files.delete(indexFolder().resolve("clean"));
        try (MapReceiptIndex index = openIndex()) {
            assertThat(index.coverage()).isEqualTo(Coverage.NONE);
            assertThat(index.size()).isZero();
        }
        try (IndexedLog log = IndexedLog.open(folder.resolve("log"), ALL, openIndex())) {
            assertThat(log.index.coverage().size()).isEqualTo(500);
            assertThat(log.find(499)).isEqualTo(499);
        }
    }

    @Test
    void isBuiltAnewIfItsCoverageIsMissingOrDamaged() throws Exception {
        for (String damage : new String[] {"", "millrace-receipt-index 2 1 00\n", "nonsense"}) {
            fill(10);
            Files.writeString(indexFolder().resolve("coverage"), damage);
            try (MapReceiptIndex index = openIndex()) {
                assertThat(index.coverage()).as(damage).isEqualTo(Coverage.NONE);
                assertThat(index.size()).isZero();
            }
        }
    }

    @Test
    void isBuiltAnewIfAMapCannotBeRead() throws Exception {
        for (String name : new String[] {"receipts-0.map", "receipts-1.map"}) {
            fill(500);
            Files.writeString(indexFolder().resolve(name), "not a map ".repeat(1_000));
            try (MapReceiptIndex index = openIndex()) {
                assertThat(index.coverage()).as(name).isEqualTo(Coverage.NONE);
                assertThat(index.size()).isZero();
            }
            try (IndexedLog log = IndexedLog.open(folder.resolve("log"), ALL, openIndex())) {
                assertThat(log.find(499)).as(name).isEqualTo(499);
            }
        }
    }

    @Test
    void isBuiltAnewForALogThatIsNotItsOwn() throws Exception {
        fill(300);
        try (IndexedLog log = IndexedLog.open(folder.resolve("another"), ALL, openIndex())) {
            assertThat(log.index.coverage()).isEqualTo(Coverage.NONE);
            assertThat(log.find(3)).isEqualTo(ReceiptIndex.ABSENT);
            log.append(3);
            assertThat(log.find(2)).isEqualTo(2);
        }
    }

    @Test
    void forgetsWholeGenerationsOfDeletedReceipts() throws Exception {
        try (IndexedLog log = IndexedLog.open(folder.resolve("log"), ALL, openIndex())) {
            for (int i = 0; i < 50; i++) {
                log.append(20);
            }
            final MapReceiptIndex index = (MapReceiptIndex) log.index;
            final int before = index.generationCount();
            index.release(900);
            assertThat(index.generationCount()).isLessThan(before);
            assertThat(log.find(0)).isEqualTo(ReceiptIndex.ABSENT);
            assertThat(log.find(900)).isEqualTo(900);
        }
        try (MapReceiptIndex index = openIndex()) {
            assertThat(index.coverage().size()).isEqualTo(1000);
            assertThat(index.find(IndexedLog.id(900).high(), IndexedLog.id(900).low()))
                    .isEqualTo(900);
        }
    }

    @Test
    void takesNoSecondProcessAndLeavesNothingOpen() throws Exception {
        assumeTrue(HeldFiles.isKnown(), "needs Linux");
        final long before = TrackedArena.liveBytes();
        try (MapReceiptIndex index = openIndex()) {
            assertThat(index.find(1, 1)).isEqualTo(ReceiptIndex.ABSENT);
            assertThatThrownBy(this::openIndex).isInstanceOf(StoreException.class);
        }
        assertThat(HeldFiles.below(folder)).isEmpty();
        assertThat(TrackedArena.liveBytes()).isEqualTo(before);
    }

    private void fill(int count) throws Exception {
        try (IndexedLog log = IndexedLog.open(folder.resolve("log"), ALL, openIndex())) {
            while (log.log.size() < count) {
                log.append((int) Math.min(70, count - log.log.size()));
            }
        }
    }
}

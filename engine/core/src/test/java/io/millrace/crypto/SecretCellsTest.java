package io.millrace.crypto;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Cells are zero, apart from each other, wiped, bounded, and cost few mappings. */
class SecretCellsTest {
    private static final int KEYS = 16_000;
    private static final int KEYS_PER_MAPPING = 64;

    private final SecretCells cells = new SecretCells(2L * SecretCells.REGION_LENGTH);

    @Test
    void aCellIsZeroAndWipedAtItsRelease() {
        final MemorySegment cell = cells.acquire(100);
        assertThat(Bytes.hex(cell)).matches("0+");
        cell.fill((byte) 7);
        cells.release(cell);
        assertThat(Bytes.hex(cell)).matches("0+");
        assertThat(cells.inUse()).isZero();
    }

    @Test
    void aReleasedCellIsTheLastToBeTakenAgain() {
        final MemorySegment first = cells.acquire(2_048);
        cells.release(first);
        for (int i = 1; i < SecretCells.REGION_LENGTH / 2_048; i++) {
            assertThat(cells.acquire(2_048).address()).isNotEqualTo(first.address());
        }
        assertThat(cells.acquire(2_048).address()).isEqualTo(first.address());
    }

    @Test
    void aWriteAfterTheReleaseIsFoundAndTheCellNotUsedAgain() {
        final int count = SecretCells.REGION_LENGTH / 1_024;
        final MemorySegment stale = cells.acquire(1_024);
        cells.release(stale);
        stale.set(JAVA_BYTE, 1_000, (byte) 1);
        for (int i = 1; i < count; i++) {
            cells.acquire(1_024);
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> cells.acquire(1_024))
                .withMessageContaining("written after its release");
        assertThat(cells.inUse()).isEqualTo(count - 1);
        assertThat(cells.acquire(1_024).address()).as("of another region").isNotEqualTo(stale.address());
    }

    @Test
    void beyondTheBoundIsAnErrorThatSaysSoAndAReleaseMendsIt() {
        final List<MemorySegment> all = new ArrayList<>();
        for (int i = 0; i < 2 * SecretCells.REGION_LENGTH / 2_048; i++) {
            all.add(cells.acquire(2_048));
        }
        assertThatExceptionOfType(SecretCellsExhaustedException.class)
                .isThrownBy(() -> cells.acquire(2_048))
                .withMessageContaining("256 are in use")
                .withMessageContaining("at most 524288");
        assertThatExceptionOfType(SecretCellsExhaustedException.class).isThrownBy(() -> cells.acquire(1));
        cells.release(all.removeFirst());
        cells.acquire(2_048);
        cells.limit(SecretCells.LEAST_LIMIT);
        cells.acquire(1);
        assertThat(cells.regions()).isEqualTo(3);
    }

    @Test
    void refusesLengthsAndLimitsOutOfRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> cells.acquire(0));
        assertThatIllegalArgumentException().isThrownBy(() -> cells.acquire(2_049));
        assertThatIllegalArgumentException().isThrownBy(() -> cells.limit(SecretCells.LEAST_LIMIT - 1));
    }

    @Test
    void cellsOfAllLengthsLieApart() {
        final long seed = new SplittableRandom().nextLong();
        final SplittableRandom random = new SplittableRandom(seed);
        final List<MemorySegment> held = new ArrayList<>();
        final SecretCells roomy = new SecretCells(64L * SecretCells.REGION_LENGTH);
        for (int step = 0; step < 20_000; step++) {
            if (held.size() > 500 || (random.nextInt(3) == 0 && !held.isEmpty())) {
                final MemorySegment cell = held.remove(random.nextInt(held.size()));
                final byte[] expected = new byte[(int) cell.byteSize()];
                Arrays.fill(expected, cell.get(JAVA_BYTE, 0));
                assertThat(cell.mismatch(MemorySegment.ofArray(expected)))
                        .as("seed %d, step %d", seed, step)
                        .isNegative();
                roomy.release(cell);
            } else {
                held.add(roomy.acquire(random.nextInt(1, 2_049)).fill((byte) random.nextInt()));
            }
        }
        assertThat(roomy.inUse()).isEqualTo(held.size());
    }

    @Test
    void aKeyInACellIsGoneOnceClosed() {
        final long inUse = SecretCells.shared().inUse();
        final SecretKey key = SecretKey.inCell(33);
        assertThat(key.length()).isEqualTo(33);
        final MemorySegment segment = key.segment().fill((byte) 5);
        key.close();
        key.close();

        assertThatIllegalStateException().isThrownBy(key::segment);
        assertThat(Bytes.hex(segment)).matches("0+");
        assertThat(SecretCells.shared().inUse()).as("released once").isEqualTo(inUse);
    }

    @Test
    void severalThreadsNeverShareACell() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            final List<Future<Boolean>> results = new ArrayList<>();
            for (int thread = 1; thread <= 4; thread++) {
                final byte mark = (byte) thread;
                results.add(threads.submit((Callable<Boolean>) () -> {
                    boolean own = true;
                    for (int i = 0; i < 5_000; i++) {
                        final MemorySegment cell = cells.acquire(128).fill(mark);
                        own &= cell.get(JAVA_BYTE, 0) == mark && cell.get(JAVA_BYTE, 127) == mark;
                        cells.release(cell);
                    }
                    return own;
                }));
            }
            for (Future<Boolean> each : results) {
                assertThat(each.get()).isTrue();
            }
        }
        assertThat(cells.inUse()).isZero();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theSecretsOfEightThousandSessionsTakeOneMappingForSixtyFourKeysAtTheMost() throws IOException {
        final List<SecretKey> keys = new ArrayList<>();
        final long before = mappings();
        for (int i = 0; i < KEYS; i++) {
            keys.add(SecretKey.inCell(92));
        }
        final long after = mappings();
        keys.forEach(SecretKey::close);
        // Mappings of the JVM meanwhile count too; they are few.
        assertThat(after - before).isLessThanOrEqualTo(KEYS / KEYS_PER_MAPPING);
    }

    private static long mappings() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.count();
        }
    }
}

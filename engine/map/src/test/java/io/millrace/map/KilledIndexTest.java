package io.millrace.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A log with an index in maps whose process is killed with SIGKILL still has every receipt, and the index finds each. */
class KilledIndexTest {
    private static final int ROUNDS = Integer.getInteger("millrace.map.kills", 2);
    private static final int MOST_LINES = 200;

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void everyAppendedReceiptIsFoundAfterAKill() throws Exception {
        final long seed = System.nanoTime();
        System.out.println("KilledIndexTest seed " + seed + ", rounds " + ROUNDS);
        final Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            final long told = appendUntilKilled(1 + random.nextInt(MOST_LINES));
            try (IndexedLog log = IndexWriter.open(folder)) {
                final long size = log.log.size();
                assertThat(size).as("round %d", round).isGreaterThanOrEqualTo(told);
                assertThat(log.index.coverage().size()).isEqualTo(size);
                for (long i = 0; i < size; i++) {
                    assertThat(log.find(i)).as("receipt %d of %d", i, size).isEqualTo(i);
                }
                assertThat(log.find(size)).isEqualTo(-1);
                log.append(1);
                assertThat(log.find(size)).isEqualTo(size);
            }
        }
    }

    /** Gives the last size that the process told. */
    private long appendUntilKilled(int lines) throws Exception {
        final Process writer = ChildJvm.of(IndexWriter.class, List.of(), List.of(), folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = writer.inputReader()) {
            long told = 0;
            for (int line = 0; line < lines; line++) {
                final String text = out.readLine();
                assertThat(text).as("the writer still runs").isNotNull();
                told = Long.parseLong(text);
            }
            writer.toHandle().destroyForcibly();
            return told;
        } finally {
            writer.destroyForcibly();
            writer.waitFor();
        }
    }
}

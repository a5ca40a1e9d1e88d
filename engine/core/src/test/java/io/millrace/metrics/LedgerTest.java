package io.millrace.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Sums that hold at each writer's commits hold in every reading. */
class LedgerTest {
    private static final int IN = 0;
    private static final int OUT = 1;
    private static final int INSIDE = 2;

    @Test
    void showsNothingBeforeTheCommit() {
        final Ledger ledger = new Ledger(3);
        final Ledger.Writer writer = ledger.newWriter();

        writer.add(IN, 5);
        assertThat(ledger.read()).containsExactly(0, 0, 0);

        writer.commit();
        assertThat(ledger.read()).containsExactly(5, 0, 0);
    }

    @Test
    void sumsAllWriters() {
        final Ledger ledger = new Ledger(2);
        for (int i = 1; i <= 3; i++) {
            final Ledger.Writer writer = ledger.newWriter();
            writer.add(IN, i);
            writer.commit();
        }

        assertThat(ledger.read()).containsExactly(6, 0);
    }

    @Test
    void neverShowsHalfACommit() throws InterruptedException {
        final Ledger ledger = new Ledger(3);
        final Ledger.Writer writer = ledger.newWriter();
        final AtomicBoolean done = new AtomicBoolean();
        final Thread thread = new Thread(() -> {
            for (int i = 0; i < 300_000; i++) {
                writer.add(IN, 3);
                writer.add(OUT, 2);
                writer.add(INSIDE, 1);
                writer.commit();
            }
            done.set(true);
        });
        thread.start();
        long readings = 0;
        while (!done.get() || readings == 0) {
            final long[] sums = ledger.read();
            assertThat(sums[IN]).isEqualTo(sums[OUT] + sums[INSIDE]);
            readings++;
        }
        thread.join();
        assertThat(ledger.read()).containsExactly(900_000, 600_000, 300_000);
    }
}

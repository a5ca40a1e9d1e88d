package io.millrace.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * Counters that several threads write and anybody reads, so that sums which must hold between counters hold at every
 * instant that they are read.
 *
 * <p>Each thread has a {@link Writer}; its additions become visible in one step with {@link Writer#commit()} (a sequence
 * lock: the writer never waits, a reader retries while a commit is under way). An identity between counters of one
 * writer that holds at its commits therefore holds for the sums over all writers in every {@link #read}.
 */
public final class Ledger {
    private final int counterCount;
    private final List<Writer> writers = new ArrayList<>();

    /**
     * Creates a ledger of {@code counterCount} counters, all zero.
     *
     * @param counterCount 1 or more.
     */
    public Ledger(int counterCount) {
        this.counterCount = counterCount;
    }

    /**
     * Adds the writer of one more thread; before any thread starts. Writers are made in the order in which things reach
     * their threads, and read in the reverse order: an item that has left one writer is then never missing in the one
     * before.
     */
    public Writer newWriter() {
        final Writer writer = new Writer(counterCount);
        synchronized (writers) {
            writers.add(writer);
        }
        return writer;
    }

    /** Sums all writers, each at one of its commits. Any thread. */
    public long[] read() {
        final long[] sums = new long[counterCount];
        final long[] scratch = new long[counterCount];
        synchronized (writers) {
            for (Writer writer : writers.reversed()) {
                writer.readInto(scratch);
                for (int i = 0; i < counterCount; i++) {
                    sums[i] += scratch[i];
                }
            }
        }
        return sums;
    }

    /** One thread's share of the ledger. Only that thread calls its methods. */
    public static final class Writer {
        private static final VarHandle SEQUENCE;
        private static final VarHandle COUNT =
                MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();

        static {
            try {
                SEQUENCE = MethodHandles.lookup()
                        .findVarHandle(Writer.class, "sequence", long.class)
                        .withInvokeExactBehavior();
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private final long[] pending;
        private final long[] counts;
        private boolean dirty;

        @SuppressWarnings("UnusedVariable") // by SEQUENCE; odd while a commit is under way
        private long sequence;

        private Writer(int counterCount) {
            this.pending = new long[counterCount];
            this.counts = new long[counterCount];
        }

        /**
         * Adds {@code amount} to a counter; visible after the next {@link #commit()}.
         *
         * @param counter index, 0 to the number of counters - 1.
         * @param amount 0 or more.
         */
        public void add(int counter, long amount) {
            pending[counter] += amount;
            dirty = true;
        }

        /** Makes everything added so far visible in one step. */
        public void commit() {
            if (!dirty) {
                return;
            }
            dirty = false;
            final long before = (long) SEQUENCE.getOpaque(this);
            SEQUENCE.setOpaque(this, before + 1);
            VarHandle.storeStoreFence();
            for (int i = 0; i < pending.length; i++) {
                if (pending[i] != 0) {
                    COUNT.setOpaque(counts, i, counts[i] + pending[i]);
                    pending[i] = 0;
                }
            }
            SEQUENCE.setRelease(this, before + 2);
        }

        private void readInto(long[] target) {
            while (true) {
                final long before = (long) SEQUENCE.getAcquire(this);
                if ((before & 1) == 0) {
                    for (int i = 0; i < target.length; i++) {
                        target[i] = (long) COUNT.getOpaque(counts, i);
                    }
                    VarHandle.loadLoadFence();
                    if ((long) SEQUENCE.getOpaque(this) == before) {
                        return;
                    }
                }
                Thread.onSpinWait();
            }
        }
    }
}

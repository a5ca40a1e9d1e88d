package io.millrace.store;

import io.millrace.thread.ThreadEnd;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that forces a store's files, as often as its policy says. After some intervals without an operation it looks
 * ten times a second only, until the next operation.
 */
final class GroupCommitter {
    private static final int QUIET_INTERVALS = 10;
    private static final long SLEEP_NS = 100_000_000;

    private final List<DurableFile> files = new CopyOnWriteArrayList<>();
    private final CommitPolicy policy;
    private final long sleepNs;
    private final Thread thread;
    private volatile boolean closing;
    private volatile boolean touched = true; // since the last look
    private volatile boolean asleep;

    GroupCommitter(CommitPolicy policy, String store) {
        this(policy, store, SLEEP_NS);
    }

    /** As above, with another longest wait in nanoseconds while there are no operations. */
    GroupCommitter(CommitPolicy policy, String store, long sleepNs) {
        this.policy = policy;
        this.sleepNs = Math.max(sleepNs, policy.interval().toNanos());
        this.thread = new Thread(this::run, "millrace-commit-" + store);
        thread.setDaemon(true);
        thread.start();
    }

    void add(DurableFile file) {
        files.add(file);
    }

    void remove(DurableFile file) {
        files.remove(file);
    }

    /** Tells the committer that so many operations were done on a file. */
    void done(long operations) {
        boolean needed = operations % policy.operations() == 0;
        if (!touched) {
            touched = true; // before the look: the thread announces its sleep before it looks here
            needed |= asleep;
        }
        if (needed) {
            LockSupport.unpark(thread);
        }
    }

    /** Wakes the committer: a file needs room. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /**
     * Ends the thread, after its current work.
     *
     * @param then work with the files afterwards, out of an interrupt's sight: one would close their channels.
     */
    void close(ThreadEnd.Rest<IOException> then) throws IOException {
        closing = true;
        LockSupport.unpark(thread);
        ThreadEnd.await(thread, then);
    }

    private void run() {
        final long interval = policy.interval().toNanos();
        int quiet = 0;
        while (!closing) {
            if (touched) {
                touched = false;
                quiet = 0;
            } else {
                quiet = Math.min(quiet + 1, QUIET_INTERVALS);
            }
            asleep = quiet == QUIET_INTERVALS;
            LockSupport.parkNanos(asleep && !touched ? sleepNs : interval);
            for (DurableFile file : files) {
                commit(file);
            }
        }
    }

    private static void commit(DurableFile file) {
        if (file.hasFailed()) {
            return;
        }
        try {
            file.commit();
        } catch (IOException e) {
            assert file.hasFailed() : e; // the file keeps it: its writers and waiters are told
        }
    }
}

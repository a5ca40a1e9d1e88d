package io.millrace.store;

import io.millrace.thread.ThreadEnd;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/** The thread that forces a store's files, as often as its policy says. */
final class GroupCommitter {
    private final List<DurableFile> files = new CopyOnWriteArrayList<>();
    private final CommitPolicy policy;
    private final Thread thread;
    private volatile boolean closing;

    GroupCommitter(CommitPolicy policy, String store) {
        this.policy = policy;
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
        if (operations % policy.operations() == 0) {
            LockSupport.unpark(thread);
        }
    }

    /** Wakes the committer: a file needs room. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /**
     * Ends the thread, after what it is about.
     *
     * @param then what is to be done with the files afterwards, out of an interrupt's sight: one would close their channels.
     */
    void close(ThreadEnd.Rest<IOException> then) throws IOException {
        closing = true;
        LockSupport.unpark(thread);
        ThreadEnd.await(thread, then);
    }

    private void run() {
        final long interval = policy.interval().toNanos();
        while (!closing) {
            LockSupport.parkNanos(interval);
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

package io.millrace.rig.knee;

import io.millrace.rig.knee.subject.SubjectProcess;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets the subject roll its key while the generator sends: a thread that says so when the first packet of the next key epoch
 * is due. The subject has accepted that epoch before.
 */
final class KeyRolls {
    private final SubjectProcess process;
    private final Thread thread;
    private IOException failure; // read once the thread has ended, as is rolled
    private int rolled;

    private KeyRolls(SubjectProcess process, List<Long> offsetsNs, long startNs) {
        this.process = process;
        this.thread = Thread.ofPlatform().name("knee-rolls").unstarted(() -> run(offsetsNs, startNs));
    }

    /**
     * Begins.
     *
     * @param process used by no other thread until {@link #await()}.
     * @param offsetsNs when the first packets of the next epochs are due, from the start of the interval.
     * @param startNs when the interval begins, by {@link System#nanoTime()}.
     */
    static KeyRolls start(SubjectProcess process, List<Long> offsetsNs, long startNs) {
        final KeyRolls rolls = new KeyRolls(process, offsetsNs, startNs);
        rolls.thread.start();
        return rolls;
    }

    /** Ends, and returns how many rolls there were. */
    int await() throws IOException {
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw failure;
        }
        return rolled;
    }

    private void run(List<Long> offsetsNs, long startNs) {
        try {
            for (long offsetNs : offsetsNs) {
                final long at = startNs + offsetNs;
                while (System.nanoTime() < at) {
                    if (Thread.interrupted()) {
                        return; // the interval was given up
                    }
                    LockSupport.parkNanos(at - System.nanoTime());
                }
                process.roll();
                rolled++;
            }
        } catch (IOException e) {
            failure = e;
        }
    }
}

package io.millrace.node.counters;

import io.millrace.relay.EngineState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingMillisIdleStrategy;

/**
 * Copies the counters of a relay into its file ten times a second, and percentiles and rates once a second, on a separate
 * thread.
 *
 * <p>A copy and not the engine's own memory: a store into a page of a file that the system writes back can fault and wait for
 * the disk, and packets would wait with it.
 *
 * <p>If the file cannot be written any more, the mirror says so once and ends; the relay goes on.
 */
public final class CountersMirror implements AutoCloseable {
    /** Time between two copies, in milliseconds. */
    public static final int PERIOD_MS = 100;

    private static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(1);

    private final AgentRunner runner;

    private CountersMirror(AgentRunner runner) {
        this.runner = runner;
    }

    /**
     * Makes the file and starts to copy.
     *
     * @param folder for the counters of this relay alone; made if it is missing.
     * @param relay its name.
     * @param program version of the program.
     * @param source of the counters; closed after the mirror.
     * @param notes takes a line for people, from any thread.
     * @throws IOException if the folder or the file cannot be made, another relay has the folder, or the JVM does not let
     *     Agrona use memory.
     */
    public static CountersMirror start(
            Path folder, String relay, String program, MirrorSource source, Consumer<String> notes) throws IOException {
        final Copier copier;
        try {
            final RelayCounters counters = new RelayCounters(source);
            copier = new Copier(
                    source,
                    counters,
                    CountersFile.create(folder, relay, program, System.currentTimeMillis(), counters.keys()));
        } catch (IllegalAccessError | ExceptionInInitializerError | NoClassDefFoundError e) {
            throw optionMissing(e);
        }
        final AgentRunner runner = new AgentRunner(
                new SleepingMillisIdleStrategy(PERIOD_MS), why -> copier.failed(why, notes), null, copier);
        AgentRunner.startOnThread(runner, task -> {
            final Thread thread = new Thread(() -> copier.run(task), copier.roleName());
            thread.setDaemon(true);
            return thread;
        });
        return new CountersMirror(runner);
    }

    /** The JVM does not let Agrona use memory. */
    static IOException optionMissing(LinkageError why) {
        return new IOException(
                "counters need the JVM option --add-exports=java.base/jdk.internal.misc=ALL-UNNAMED, which ./millrace and"
                        + " java -jar give",
                why);
    }

    /** Copies the counters once more, says that the relay has ended, and closes the file, which stays. */
    @Override
    public void close() {
        runner.close();
    }

    /** Runs on the mirror's thread alone. */
    private static final class Copier implements Agent {
        private final MirrorSource source;
        private final RelayCounters counters;
        private final CountersFile file;
        private long windowStartNs = System.nanoTime();
        private boolean failed;

        private Copier(MirrorSource source, RelayCounters counters, CountersFile file) {
            this.source = source;
            this.counters = counters;
            this.file = file;
        }

        @Override
        public String roleName() {
            return "millrace-counters";
        }

        @Override
        public int doWork() {
            if (failed) {
                return 0;
            }
            copy(
                    switch (source.engine().state()) {
                        case NEW -> RelayState.STARTING;
                        case RUNNING -> RelayState.RUNNING;
                        case DRAINING, CLOSED -> RelayState.DRAINING;
                        case FAILED -> RelayState.FAILED;
                    },
                    false);
            return 0; // always idle: the strategy sleeps for the period
        }

        @Override
        public void onClose() {
            if (!failed) {
                copy(source.engine().state() == EngineState.FAILED ? RelayState.FAILED : RelayState.STOPPED, true);
            }
            try {
                file.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        /**
         * Runs the runner, which tells the error handler of an {@link Error}, throws it again and closes nothing: a fault of
         * the mapped file is one.
         */
        private void run(Runnable runner) {
            try {
                runner.run();
            } catch (Error e) {
                if (!failed) {
                    throw e;
                }
                onClose();
            }
        }

        private void copy(RelayState state, boolean last) {
            counters.read(file);
            final long nowNs = System.nanoTime();
            if (last || nowNs - windowStartNs >= WINDOW_NS) {
                counters.readWindow(file, Math.max(1, nowNs - windowStartNs));
                windowStartNs = nowNs;
            }
            file.publish(System.currentTimeMillis(), state);
        }

        /** The runner goes on after an error; this one would be the same a hundred times a second. */
        private void failed(Throwable why, Consumer<String> notes) {
            if (!failed) {
                failed = true;
                notes.accept("the counters are not written any more: "
                        + (why instanceof InternalError
                                ? "their file was cut, or its disk is full: " + why.getMessage()
                                : why));
            }
        }
    }
}

package io.millrace.rig.recording;

import io.millrace.rig.bed.LoopThread;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Recording;

/**
 * A JDK flight recording of a run: the engine's own events, and of the JVM's those that can make a packet late, each
 * however short, but none that costs the packet path time. A further thread watches the machine's stalls.
 *
 * <p>Threading: one thread. Not for recordings that others may read: times lead from arrivals to departures.
 */
public final class FlightRecording implements AutoCloseable {
    private static final long HICCUP_PERIOD_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Duration SHORTEST_PARK = Duration.ofMillis(1);
    /** Most that a recording may take on disk, in bytes; the oldest part goes first. */
    private static final long MAX_BYTES = 1L << 30;

    private static final String[] EVENTS = {
        "millrace.PacketPath",
        "millrace.Batch",
        "jdk.GarbageCollection",
        "jdk.GCPhasePause",
        "jdk.GCHeapSummary",
        "jdk.SafepointBegin",
        "jdk.SafepointEnd",
        "jdk.ExecuteVMOperation",
        "jdk.Compilation",
        "jdk.Deoptimization",
        "jdk.JVMInformation",
        "jdk.CPUInformation",
        "jdk.OSInformation",
        "jdk.ActiveSetting"
    };
    private static final String[] WAITS = {"jdk.ThreadPark", "jdk.ThreadSleep", "jdk.JavaMonitorEnter"};
    private static final String[] EACH_SECOND = {"jdk.CPULoad", "jdk.ThreadCPULoad", "jdk.ThreadContextSwitchRate"};

    private final Path file;
    private final Recording recording = new Recording();
    private final HiccupEvent hiccup = new HiccupEvent();
    private final MeasuringEvent measuring = new MeasuringEvent();
    private final LoopThread hiccups;

    /**
     * Starts to record.
     *
     * @param file written at the end, in place.
     */
    public FlightRecording(Path file) {
        this.file = file;
        recording.setName("millrace");
        recording.setToDisk(true);
        recording.setMaxSize(MAX_BYTES);
        for (String event : EVENTS) {
            recording.enable(event).withoutStackTrace().withoutThreshold();
        }
        for (String event : WAITS) {
            recording.enable(event).withoutStackTrace().withThreshold(SHORTEST_PARK);
        }
        for (String event : EACH_SECOND) {
            recording.enable(event).withPeriod(Duration.ofSeconds(1));
        }
        // Where the processor's time goes; Linux only, elsewhere it is passed over.
        recording.enable("jdk.CPUTimeSample").with("throttle", "100/s").withStackTrace();
        recording.start();
        hiccups = new LoopThread("recording-hiccups", 0, this::sleepOnce);
    }

    /** The measurement begins. */
    public void begin() {
        measuring.begin();
    }

    /** The measurement ends. */
    public void end() {
        measuring.commit();
    }

    /**
     * Ends the recording and writes its file.
     *
     * @throws IOException if the file cannot be written. The JDK only logs that of a recording with a destination.
     */
    @Override
    public void close() throws IOException {
        hiccups.close();
        try (recording) {
            recording.stop();
            recording.dump(file);
        }
    }

    private int sleepOnce() {
        hiccup.begin();
        LockSupport.parkNanos(HICCUP_PERIOD_NS);
        hiccup.end();
        if (hiccup.shouldCommit()) {
            hiccup.periodNs = HICCUP_PERIOD_NS;
            hiccup.commit();
        }
        return 1;
    }
}

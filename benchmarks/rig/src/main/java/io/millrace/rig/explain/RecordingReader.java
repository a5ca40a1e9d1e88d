package io.millrace.rig.explain;

import io.millrace.rig.input.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.HdrHistogram.Histogram;

/**
 * Reads a recording four times, so that of its packets only the slowest need be kept: first the causes of lateness,
 * then how late packets are, then those that were late most and when they were. Used once, by one thread.
 */
final class RecordingReader {
    private static final long MAX_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int MAX_BATCH = 1 << 20;
    private static final long MAX_RECORDING_NS = TimeUnit.HOURS.toNanos(48);

    private final Path file;
    private final Map<Cause, List<Span>> spans = new EnumMap<>(Cause.class);
    private final List<Stall> stalls = new ArrayList<>();
    private final Map<String, List<Span>> waits = new HashMap<>();
    private final Map<Long, Long> safepointBegins = new HashMap<>();
    private final Histogram peel = new Histogram(1, MAX_NS, 3);
    private final Histogram batch = new Histogram(1, MAX_BATCH, 3);
    private final NavigableMap<Long, Double> foreignLoad = new TreeMap<>();
    private final Map<String, Long> drops = new TreeMap<>();
    private final AtomicLong events = new AtomicLong();
    private Span window;
    private Span packets;

    RecordingReader(Path file) {
        this.file = file;
        for (Cause cause : Cause.values()) {
            spans.put(cause, new ArrayList<>());
        }
    }

    /** Everything that can explain a late packet, of the whole recording. */
    RecordingContext background() throws IOException {
        each(this::note);
        final Map<Cause, Spans<Span>> ordered = new EnumMap<>(Cause.class);
        spans.forEach((cause, list) -> ordered.put(cause, Spans.of(list)));
        final Map<String, Spans<Span>> orderedWaits = new LinkedHashMap<>();
        waits.forEach((thread, list) -> orderedWaits.put(thread, Spans.of(list)));
        return new RecordingContext(
                ordered, new Spans<>(stalls, Stall::span), orderedWaits, peel, batch, foreignLoad, drops);
    }

    /** Times in the relay without delay, of the sampled packets that left while it was measured. */
    Histogram latencies() throws IOException {
        final Histogram histogram = new Histogram(1, MAX_NS, 3);
        each(event -> {
            if (isMeasuredPacket(event)) {
                histogram.recordValue(Math.clamp(event.getLong("relayNs"), 0, MAX_NS));
                final long left = nanos(event.getStartTime());
                packets = packets == null
                        ? new Span(left, left)
                        : new Span(Math.min(packets.from(), left), Math.max(packets.to(), left));
            }
        });
        return histogram;
    }

    /**
     * When the packets of {@link #latencies()}, which must have been read and have some, left late one after another.
     */
    BacklogRuns runs(Histogram latencies) throws IOException {
        if (packets.lengthNs() > MAX_RECORDING_NS) {
            throw new InputException(
                    "packets of more than 48 hours in one recording, which is too long or damaged: file=" + file);
        }
        final BacklogRuns runs = new BacklogRuns(latencies, packets);
        each(event -> {
            if (isMeasuredPacket(event)) {
                runs.add(nanos(event.getStartTime()), event.getLong("relayNs"));
            }
        });
        return runs;
    }

    /** The packets that took longer than {@code limitNs}. */
    List<SampledPacket> slowerThan(long limitNs) throws IOException {
        final List<SampledPacket> slow = new ArrayList<>();
        each(event -> {
            if (isMeasuredPacket(event) && event.getLong("relayNs") > limitNs) {
                slow.add(SampledPacket.of(event));
            }
        });
        return slow;
    }

    /** How many events were read so far; may be asked by any thread. */
    long progress() {
        return events.get();
    }

    static long nanos(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }

    private void each(Consumer<RecordedEvent> reader) throws IOException {
        try (RecordingFile recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                reader.accept(recording.readEvent());
                events.incrementAndGet();
            }
        }
    }

    private boolean isMeasuredPacket(RecordedEvent event) {
        if (!event.getEventType().getName().equals("millrace.PacketPath")) {
            return false;
        }
        final long time = nanos(event.getStartTime());
        return window == null || (time >= window.from() && time <= window.to());
    }

    private void note(RecordedEvent event) {
        switch (event.getEventType().getName()) {
            case "jdk.GCPhasePause" -> add(Cause.GC, event);
            case "jdk.SafepointBegin" -> safepointBegins.put(event.getLong("safepointId"), nanos(event.getStartTime()));
            case "jdk.SafepointEnd" -> {
                final Long begin = safepointBegins.remove(event.getLong("safepointId"));
                if (begin != null) {
                    spans.get(Cause.SAFEPOINT).add(new Span(begin, nanos(event.getEndTime())));
                }
            }
            case "jdk.ExecuteVMOperation" -> {
                if (event.getBoolean("safepoint")) {
                    add(Cause.SAFEPOINT, event);
                }
            }
            case "jdk.Compilation" -> add(Cause.COMPILATION, event);
            case "jdk.ThreadPark", "jdk.ThreadSleep", "jdk.JavaMonitorEnter" ->
                waits.computeIfAbsent(thread(event), missing -> new ArrayList<>())
                        .add(span(event));
            case "millrace.EpochRoll" -> add(Cause.EPOCH_ROLL, event);
            case "millrace.Rekey" -> add(Cause.REKEY, event);
            case "millrace.Hiccup" -> {
                final Span sleep = span(event);
                spans.get(Cause.SCHEDULING)
                        .add(new Span(Math.min(sleep.to(), sleep.from() + event.getLong("periodNs")), sleep.to()));
            }
            case "millrace.WheelLag" -> stalls.add(stall(event, true));
            case "millrace.ThreadStall" -> stalls.add(stall(event, false));
            case "millrace.Batch" -> {
                peel.recordValue(Math.clamp(event.getLong("peelNs"), 0, MAX_NS));
                batch.recordValue(Math.clamp(event.getInt("packets"), 0, MAX_BATCH));
            }
            case "jdk.CPULoad" -> {
                final double all = event.getFloat("machineTotal");
                final double own = event.getFloat("jvmUser") + event.getFloat("jvmSystem");
                foreignLoad.put(nanos(event.getStartTime()), all <= 0 ? 0 : Math.clamp((all - own) / all, 0, 1));
            }
            case "millrace.Drops" -> drops.merge(event.getString("reason"), event.getLong("count"), Long::sum);
            case "millrace.Measuring" -> window = span(event);
            default -> {
                // The rest of a recording is for other readers.
            }
        }
    }

    private void add(Cause cause, RecordedEvent event) {
        spans.get(cause).add(span(event));
    }

    private static Stall stall(RecordedEvent event, boolean wheel) {
        return new Stall(span(event), event.getLong("cpuNs"), thread(event), wheel);
    }

    private static Span span(RecordedEvent event) {
        return new Span(nanos(event.getStartTime()), nanos(event.getEndTime()));
    }

    private static String thread(RecordedEvent event) {
        return event.getThread() == null || event.getThread().getJavaName() == null
                ? ""
                : event.getThread().getJavaName();
    }
}

package io.millrace.rig.knee.subject;

import io.millrace.rig.measure.ThreadMeter;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.HdrHistogram.Histogram;

/**
 * Report of a subject on an interval.
 *
 * @param received packets since the interval began.
 * @param forwarded of them.
 * @param dropped of them, by reason.
 * @param inFlight now.
 * @param conserved whether the counters add up.
 * @param compiledMs time that its JVM's compiler has worked so far, in milliseconds.
 * @param threadsNs processor time of each thread of the subject's engine, of the disk's among them, in nanoseconds, by name.
 * @param workNs wall-clock time of the threads that move packets, in nanoseconds, by work: that of the carrier, the
 *     primitives of the provider, {@code engine} for what lies between, and {@code idle}.
 * @param calls of its carrier.
 * @param linksDown handshaked links that cannot take packets now.
 * @param disclosures of the delays of epochs that ended, in hex.
 * @param stages histograms in nanoseconds, compressed and in Base64.
 */
public record SubjectReport(
        long received,
        long forwarded,
        Map<String, Long> dropped,
        long inFlight,
        boolean conserved,
        long compiledMs,
        Map<String, Long> threadsNs,
        Map<String, Long> workNs,
        CarrierCalls calls,
        int linksDown,
        List<String> disclosures,
        Map<String, String> stages) {
    /** Name of the threads that write journals, together. */
    public static final String JOURNAL = "journal";

    private static final String COMMITTING = "millrace-commit-";

    /** Time that this JVM's compiler has worked so far, in milliseconds; 0 if it does not tell. */
    static long compiledMsHere() {
        final CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        return compiler != null && compiler.isCompilationTimeMonitoringSupported()
                ? compiler.getTotalCompilationTime()
                : 0;
    }

    /** Processor time of {@code threads} and of those that write journals, so far, in nanoseconds, by name. */
    static Map<String, Long> threadsNs(List<Thread> threads) {
        final Map<String, Long> spent = new TreeMap<>();
        Stream.concat(threads.stream(), ThreadMeter.named(COMMITTING).stream())
                .forEach(thread -> spent.merge(
                        thread.getName().startsWith(COMMITTING) ? JOURNAL : thread.getName(),
                        ThreadMeter.cpuNs(List.of(thread)),
                        Long::sum));
        return spent;
    }

    /** Processor time of all threads, in nanoseconds. */
    public long cpuNs() {
        return threadsNs.values().stream().mapToLong(Long::longValue).sum();
    }

    static String encode(Histogram histogram) {
        final ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        final int length = histogram.encodeIntoCompressedByteBuffer(buffer, Deflater.BEST_SPEED);
        return Base64.getEncoder().withoutPadding().encodeToString(java.util.Arrays.copyOf(buffer.array(), length));
    }

    /** The stages' histograms by name. */
    public Map<String, Histogram> histograms() {
        final Map<String, Histogram> decoded = new LinkedHashMap<>();
        stages.forEach((name, text) -> {
            try {
                decoded.put(
                        name,
                        Histogram.decodeFromCompressedByteBuffer(
                                ByteBuffer.wrap(Base64.getDecoder().decode(text)), 0));
            } catch (DataFormatException e) {
                throw new IllegalArgumentException("the subject sent a histogram that cannot be read: " + name, e);
            }
        });
        return decoded;
    }
}

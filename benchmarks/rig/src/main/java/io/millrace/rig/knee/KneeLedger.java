package io.millrace.rig.knee;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.rig.knee.subject.Subject;
import io.millrace.rig.knee.subject.SubjectReport;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the time of an interval went, in nanoseconds per packet, and how busy threads and processors were. It compares
 * two measurements: the stopwatch around each call of the carrier and of the crypto provider, and the processor time
 * that the system accounts to the same threads.
 *
 * @param workNs of the relay by the stopwatch: {@code receive} and {@code send} with their system calls, each primitive, and
 *     {@code engine} for all that lies between; by the system's accounts: {@code links} and {@code journal}, each a thread.
 * @param idleNs of the threads that move packets, by the stopwatch: looking for work in vain, and short sleeps. No entry of
 *     work.
 * @param relayNs processor time of all threads of the relay, by the system's accounts.
 * @param generatorNs of the generator's thread by the stopwatch, without rounds that found nothing to do.
 * @param busy share of the interval that each thread, and all processors together, worked: the generator by the stopwatch, the
 *     threads of the relay by the system's accounts.
 * @param framesPerReceive frames for each call of the relay's carrier that found some, on average.
 * @param framesPerSend frames for each call that sent, on average: the length of trains.
 */
public record KneeLedger(
        Map<String, Long> workNs,
        long idleNs,
        long relayNs,
        long generatorNs,
        Map<String, Double> busy,
        double framesPerReceive,
        double framesPerSend) {
    static final String GENERATOR = "generator";
    static final String PROCESSORS = "processors";

    private static final String LINKS = "links";
    private static final String LINKS_THREAD = "millrace-links";
    private static final double THOUSAND = 1_000;

    /**
     * Accounts for one interval.
     *
     * @param before report of the subject before the first packet.
     * @param after report once the last packet was sent.
     * @param load the interval, as the generator saw it; of no packet, if it fell behind before the first.
     * @param elapsedNs between the two reports.
     * @param cores of the machine.
     */
    static KneeLedger of(SubjectReport before, SubjectReport after, Load load, long elapsedNs, int cores) {
        final int packets = Math.max(1, load.sent());
        final Map<String, Long> work = new LinkedHashMap<>();
        since(before.workNs(), after.workNs()).forEach((name, ns) -> work.put(name, ns / packets));
        final long idle = work.remove(Subject.IDLE);
        final Map<String, Long> threads = new TreeMap<>(since(before.threadsNs(), after.threadsNs()));
        final Map<String, Double> busy = new LinkedHashMap<>();
        busy.put(GENERATOR, share(load.busyNs(), elapsedNs));
        long relay = 0;
        for (Map.Entry<String, Long> thread : threads.entrySet()) {
            busy.put(thread.getKey(), share(thread.getValue(), elapsedNs));
            relay += thread.getValue();
            if (thread.getKey().equals(LINKS_THREAD)) {
                work.put(LINKS, thread.getValue() / packets);
            } else if (thread.getKey().equals(SubjectReport.JOURNAL)) {
                work.put(SubjectReport.JOURNAL, thread.getValue() / packets);
            }
        }
        busy.put(PROCESSORS, share(relay + load.busyNs(), cores * elapsedNs));
        return new KneeLedger(
                work,
                idle,
                relay / packets,
                load.busyNs() / packets,
                busy,
                after.calls().framesPerReceive(before.calls()),
                after.calls().framesPerSend(before.calls()));
    }

    /** Receiving and sending a packet. */
    long ioNs() {
        return workNs.get("receive") + workNs.get("send");
    }

    /** All entries of work together. */
    @JsonProperty
    public long sumNs() {
        return workNs.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * The entries as a share of the processor time: near 1 if both measurements agree. Less where threads spin without work;
     * more where the machine takes cores away in the middle of a call.
     */
    @JsonProperty
    public double agreement() {
        return share(sumNs(), relayNs);
    }

    /**
     * Packets a second if every processor did nothing but the packets' work, at the generator and at the relay.
     *
     * @param cores of the machine.
     */
    double boundPacketsPerSecond(int cores) {
        return cores * 1e9 / Math.max(1, generatorNs + Math.min(sumNs(), relayNs));
    }

    /** The thread that worked for the largest share of the interval, or {@link #PROCESSORS} if these have less left. */
    String busiest() {
        return busy.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    private static Map<String, Long> since(Map<String, Long> before, Map<String, Long> after) {
        final Map<String, Long> since = new LinkedHashMap<>();
        after.forEach((name, ns) -> since.put(name, Math.max(0, ns - before.getOrDefault(name, 0L))));
        return since;
    }

    private static double share(long part, long whole) {
        return Math.round((double) part / Math.max(1, whole) * THOUSAND) / THOUSAND;
    }
}

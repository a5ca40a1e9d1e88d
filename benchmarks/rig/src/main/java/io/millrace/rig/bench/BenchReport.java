package io.millrace.rig.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.millrace.crypto.Sodium;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.packet.Latency;
import io.millrace.relay.packet.Verdict;
import io.millrace.rig.judge.FalseAlarms;
import io.millrace.rig.judge.Judgement;
import io.millrace.rig.judge.Mutant;
import io.millrace.rig.measure.Machine;
import io.millrace.rig.measure.Percentiles;
import io.millrace.rig.receipts.ReceiptFigures;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The result of a run; also its form in JSON. All times are in nanoseconds.
 *
 * @param circumstances {@code ordinary} or {@code best}.
 * @param neighbours of the relay.
 * @param mutant the way in which the relay cheated; empty for an honest one.
 * @param provider crypto provider that ran.
 * @param kernels that it ran: libsodium, or the level of lanes: avx2, avx512 or ifma.
 * @param profile wire profile of the packets, {@code mr1} or {@code mr2}.
 * @param threading threading mode.
 * @param policy who drew the delays.
 * @param delay their distribution.
 * @param inside most packets that were in the engine at once.
 * @param replay memory of packets that were seen.
 * @param seconds that were measured.
 * @param packets that came in while measuring; {@code forwarded + delivered + dropped + inFlight}.
 * @param forwarded packets sent on to another relay.
 * @param delivered packets that ended here.
 * @param dropped by reason.
 * @param inFlight in the engine when the measurement ended.
 * @param conserved whether no packet was lost without a reason, while measuring and after everything had left.
 * @param packetsPerSecond forwarded and delivered.
 * @param packetsPerSecondPerCore the same, per second of processor time of all threads of the relay: the engine's, the I/O
 *     thread among them, and those of receipts and the disk. The load comes from a thread that does not count.
 * @param cpuNsPerPacket processor time of all threads of the relay, per packet forwarded or delivered.
 * @param threadNsPerPacket the same by role of the threads: {@code engine}, {@code io}, {@code peel}, {@code gate},
 *     {@code receipts}, {@code commit}, as the engine's mode and its files need them; together {@code cpuNsPerPacket}.
 * @param stateNsPerPacket the part of it of the threads that make receipts and bring journal and receipts to the disk.
 * @param cryptoNsPerPacket wall-clock time in cryptography, by primitive and in all; on a busy machine
 *     it can exceed the processor time.
 * @param delayDrawNsPerPacket drawing the delay, measured apart in batches of the engine's size; its cryptography and the
 *     rest of it are also in the two figures next to it.
 * @param frameworkNsPerPacket wall-clock time between two calls of cryptography: all the rest.
 * @param ladderNs median time of one libsodium scalar multiplication in the same run: the lower of that before the
 *     engine started and that while it was measured.
 * @param ladderSamples libsodium scalar multiplications that were timed.
 * @param hopLadders {@code cpuNsPerPacket / ladderNs}.
 * @param allocatedBytesPerPacket on the heap, all threads of the engine.
 * @param engineThreads threads of the relay.
 * @param stages time in each stage.
 * @param delayErrorNs how much later than intended packets left.
 * @param passes over the prepared packets; each has a fresh replay epoch.
 * @param distinctPackets packets prepared.
 * @param prepareSeconds it took to wrap them.
 * @param verified outgoing frames opened and peeled by the next hop; all were right unless {@code wrong} says otherwise.
 * @param wrong outgoing frames that the next hop could not open or peel.
 * @param attackSuccess share of the departures whose arrival an observer of the wires found, at a light load.
 * @param chance the same of a guess among the packets inside an ideal mix.
 * @param falseAlarmRate probability that this run refuses an honest relay by chance.
 * @param judgement of packets that were sent at a light load after the measurement.
 * @param judgedTimes how many times packets were sent and judged: again if they were refused though none left early.
 * @param jdk version of the JDK.
 * @param cpu processor and number of cores of the machine.
 * @param libsodium version of libsodium, and where it comes from.
 * @param receipts what receipts cost; null if none were made.
 */
public record BenchReport(
        String circumstances,
        int neighbours,
        String mutant,
        String provider,
        String kernels,
        String profile,
        String threading,
        String policy,
        String delay,
        int inside,
        String replay,
        double seconds,
        long packets,
        long forwarded,
        long delivered,
        Map<String, Long> dropped,
        long inFlight,
        boolean conserved,
        double packetsPerSecond,
        double packetsPerSecondPerCore,
        double cpuNsPerPacket,
        Map<String, Double> threadNsPerPacket,
        double stateNsPerPacket,
        Map<String, Double> cryptoNsPerPacket,
        double delayDrawNsPerPacket,
        double frameworkNsPerPacket,
        long ladderNs,
        long ladderSamples,
        double hopLadders,
        double allocatedBytesPerPacket,
        int engineThreads,
        Map<String, Map<String, Long>> stages,
        Map<String, Long> delayErrorNs,
        long passes,
        int distinctPackets,
        double prepareSeconds,
        long verified,
        long wrong,
        double attackSuccess,
        double chance,
        double falseAlarmRate,
        Judgement judgement,
        int judgedTimes,
        String jdk,
        String cpu,
        String libsodium,

        @JsonUnwrapped @JsonInclude(JsonInclude.Include.NON_NULL)
        ReceiptFigures receipts) {

    static BenchReport of(
            BenchOptions options,
            BatchCrypto crypto,
            BenchFigures figures,
            RelayEngine engine,
            JudgedDepartures judged,
            ReceiptFigures receipts) {
        final Judgement judgement = judged.judgement();
        final double ended = Math.max(1, figures.carried());
        final double cpu = figures.cpuNs() / ended;
        final Map<String, Double> threads = new TreeMap<>();
        figures.threadCpuNs().forEach((role, ns) -> threads.put(role, round(ns / ended)));
        final Map<String, Double> primitives = new LinkedHashMap<>();
        double cryptoSum = 0;
        for (Map.Entry<String, Long> entry : figures.cryptoNs().entrySet()) {
            final double each = entry.getValue() / ended;
            primitives.put(entry.getKey(), round(each));
            cryptoSum += each;
        }
        primitives.put("total", round(cryptoSum));
        final Map<String, Map<String, Long>> stages = new LinkedHashMap<>();
        for (Latency stage : Latency.values()) {
            if (stage != Latency.DELAY_ERROR) {
                stages.put(stage.label(), Percentiles.of(engine.histogram(stage)));
            }
        }
        return new BenchReport(
                options.circumstances(),
                options.neighbours(),
                options.mutant().map(Mutant::label).orElse(""),
                crypto.name(),
                crypto.kernels(),
                options.path().engine().profile().label(),
                options.path().threading(),
                options.path().policy().label(),
                options.path().delay().toString(),
                options.path().inside(),
                options.path().replay().label(),
                round(figures.elapsedNs() / 1e9),
                figures.received(),
                figures.forwarded(),
                figures.delivered(),
                dropped(figures),
                figures.after().inFlight(),
                isConserved(figures),
                round(figures.carried() * 1e9 / figures.elapsedNs()),
                round(1e9 / cpu),
                round(cpu),
                threads,
                round(figures.stateCpuNs() / ended),
                primitives,
                round(figures.drawNs()),
                round(figures.frameworkNs() / ended),
                figures.ladderNs(),
                figures.ladderSamples(),
                Math.round(cpu / figures.ladderNs() * 1000) / 1000.0,
                Math.round(figures.allocatedBytes() / ended * 1000) / 1000.0,
                figures.engineThreads(),
                stages,
                Percentiles.of(engine.histogram(Latency.DELAY_ERROR)),
                figures.passes(),
                options.packets(),
                round(figures.prepareSeconds()),
                figures.verified(),
                figures.wrong(),
                judgement.anonymity().attackSuccess(),
                judgement.anonymity().chance(),
                FalseAlarms.FAMILY,
                judgement,
                judged.times(),
                System.getProperty("java.runtime.version"),
                Machine.cpu(),
                Sodium.version() + ", " + Sodium.origin(),
                receipts);
    }

    /** Whether all that the run checks held. */
    public boolean passed() {
        return conserved
                && dropped.isEmpty()
                && wrong == 0
                && verified > 0
                && packets > 0
                && judgement.passed()
                && (receipts == null || receipts.passed());
    }

    private static boolean isConserved(BenchFigures figures) {
        return figures.before().conserved()
                && figures.before().inFlight() == 0
                && figures.after().conserved()
                && figures.last().conserved()
                && figures.last().inFlight() == 0
                && figures.drained();
    }

    private static Map<String, Long> dropped(BenchFigures figures) {
        final Map<String, Long> dropped = new LinkedHashMap<>();
        figures.last().dropped().forEach((Verdict verdict, Long count) -> {
            final long since = count - figures.before().dropped().getOrDefault(verdict, 0L);
            if (since != 0) {
                dropped.put(verdict.label(), since);
            }
        });
        return dropped;
    }

    private static double round(double value) {
        return Math.round(value * 10) / 10.0;
    }
}

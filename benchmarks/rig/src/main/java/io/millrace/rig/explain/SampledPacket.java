package io.millrace.rig.explain;

import java.util.List;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;

/**
 * The way of one packet.
 *
 * @param leftNs when it left, since 1970.
 * @param delayNs that it was told to wait.
 * @param relayNs in the relay, without that.
 * @param stagesNs how long each stage took, in their order.
 */
record SampledPacket(long leftNs, long delayNs, long relayNs, Map<String, Long> stagesNs) {
    private static final List<String> BEFORE = List.of("queue", "open", "peel", "route");
    private static final List<String> AFTER = List.of("seal", "egress");

    static SampledPacket of(RecordedEvent event) {
        final Map<String, Long> stages = new java.util.LinkedHashMap<>();
        BEFORE.forEach(stage -> stages.put(stage, event.getLong(stage + "Ns")));
        AFTER.forEach(stage -> stages.put(stage, event.getLong(stage + "Ns")));
        return new SampledPacket(
                RecordingReader.nanos(event.getStartTime()),
                event.getLong("delayNs"),
                event.getLong("relayNs"),
                stages);
    }

    /** From its arrival until its delay began. */
    Span before() {
        final long gated = after().from() - delayNs;
        return new Span(gated - length(BEFORE), gated);
    }

    /** From when it was due until it left. */
    Span after() {
        return new Span(leftNs - length(AFTER), leftNs);
    }

    /** The stage that took longest. */
    String slowestStage() {
        return stagesNs.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    private long length(List<String> stages) {
        return stages.stream()
                .mapToLong(stage -> Math.max(0, stagesNs.get(stage)))
                .sum();
    }
}

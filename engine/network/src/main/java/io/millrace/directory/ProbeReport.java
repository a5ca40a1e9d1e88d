package io.millrace.directory;

import java.util.List;

/**
 * Result of {@link Prober#judge}. The rest of a probe is its time under way less all disclosed delays: links, ticks and
 * processing. It is never negative on an honest route.
 *
 * @param judged probes whose delays are all disclosed.
 * @param waiting probes with a delay that is not disclosed yet.
 * @param early probes whose rest is negative beyond the tolerance: at least one relay released them early.
 * @param late probes whose rest is above {@code boundNs}.
 * @param medianNs median of the rests in nanoseconds; 0 without probes.
 * @param boundNs greatest rest in nanoseconds that counts as usual.
 * @param relays judgement of every relay on the way of a judged probe.
 */
public record ProbeReport(
        int judged, int waiting, int early, int late, long medianNs, long boundNs, List<RelayJudgement> relays) {
    /** Copies the list. */
    public ProbeReport {
        relays = List.copyOf(relays);
    }

    /** Relays that are refused. */
    public List<RelayJudgement> refused() {
        return relays.stream().filter(RelayJudgement::isRefused).toList();
    }

    /** Whether a relay is refused, or a probe arrived early, so that some relay on its way does not keep its delays. */
    public boolean isRefused() {
        return early > 0 || !refused().isEmpty();
    }
}

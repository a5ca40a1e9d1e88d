package io.millrace.cli.stat;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.node.counters.CountersSnapshot;
import io.millrace.node.counters.CountersSnapshot.Flow;
import io.millrace.node.counters.CountersSnapshot.Level;
import io.millrace.node.counters.CountersSnapshot.Link;
import io.millrace.node.counters.CountersSnapshot.StageTimes;
import java.util.Locale;
import java.util.Map;

/**
 * The counters of a relay in JSON.
 *
 * @param relay name of the relay.
 * @param program version of the program.
 * @param pid of the process.
 * @param life for example {@code running} or {@code gone}.
 * @param state of the engine when it wrote the counters.
 * @param startMs when the relay began, in milliseconds since 1970.
 * @param heartbeatMs when the counters were copied last, in milliseconds since 1970.
 * @param ageMs age of the counters in milliseconds.
 * @param received packets.
 * @param originated packets.
 * @param forwarded packets.
 * @param delivered packets.
 * @param dropped packets of all reasons.
 * @param drops packets by reason.
 * @param inFlight packets.
 * @param conserved whether received and originated equal forwarded, delivered, dropped and in flight.
 * @param occupancy of every bounded part.
 * @param queues by peer.
 * @param links by peer.
 * @param stages in nanoseconds.
 * @param figures of the whole relay; -1 where there is none.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record StatReport(
        String relay,
        String program,
        long pid,
        String life,
        String state,
        long startMs,
        long heartbeatMs,
        long ageMs,
        Flow received,
        Flow originated,
        Flow forwarded,
        Flow delivered,
        Flow dropped,
        Map<String, Flow> drops,
        long inFlight,
        boolean conserved,
        Map<String, Level> occupancy,
        Map<String, Level> queues,
        Map<String, Link> links,
        Map<String, StageTimes> stages,
        Map<String, Long> figures) {
    static StatReport of(Look look) {
        final CountersSnapshot counters = look.counters();
        return new StatReport(
                counters.relay(),
                counters.program(),
                counters.pid(),
                look.life().name().toLowerCase(Locale.ROOT),
                counters.state().label(),
                counters.startMs(),
                counters.heartbeatMs(),
                look.ageMs(),
                counters.flow("received"),
                counters.flow("originated"),
                counters.flow("forwarded"),
                counters.flow("delivered"),
                counters.dropped(),
                counters.drops(),
                counters.flow("in-flight").total(),
                counters.conserved(),
                counters.occupancy(),
                counters.queues(),
                counters.links(),
                counters.stages(),
                counters.figures());
    }
}

package io.millrace.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * How the demo went; also its form in JSON.
 *
 * @param seconds of the transfer, from the first offer to the receiver's last word.
 * @param packets that the sender sent.
 * @param profile wire profile of the packets, {@code mr1} or {@code mr2}.
 * @param sha256 of the file as this process read it.
 * @param receivedSha256 of what arrived, as this process read it.
 * @param keyRolls how often the relays changed their Sphinx keys, all together.
 * @param lost packets that the relays dropped.
 * @param hops the relays' own reports in the order of the path; times in nanoseconds.
 */
public record DemoReport(
        String file,
        long bytes,
        double seconds,
        double bytesPerSecond,
        long packets,
        long retransmissions,
        double roundTripMs,
        String delay,
        String profile,
        String sha256,
        String receivedSha256,
        boolean verified,
        long keyRolls,
        long lost,
        List<JsonNode> hops) {}

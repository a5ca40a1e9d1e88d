package io.millrace.rig.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;

/**
 * The cost of a hop at each level of the kernels and with both wire profiles, and that of other implementations. Levels that a
 * run lacks are left out.
 */
final class LevelFigures {
    private static final List<String> LEVELS = List.of("sodium", "avx2", "avx512", "ifma", "neon");

    /**
     * Another implementation of Sphinx.
     *
     * @param name program, format and language.
     * @param multiplications of X25519 a hop.
     * @param ladders a hop.
     */
    private record Peer(String name, String multiplications, String ladders) {}

    /**
     * One forward hop of each peer, one thread, without the check for replays, measured once on the first machine of the kept
     * runs in multiples of libsodium's X25519.
     */
    private static final List<Peer> PEERS = List.of(
            new Peer("Nym Outfox (Rust)", "1", "1.56"),
            new Peer("Nym sphinx-packet (Rust)", "2", "2.85"),
            new Peer("Parity mixnet 0.7 (Rust)", "2", "2.89"),
            new Peer("Katzenpost, KEM X25519 (Go)", "1", "3.4"),
            new Peer("java-sphinx (JVM, BouncyCastle)", "2", "5.1"));

    private LevelFigures() {}

    /** The table, or nothing for a run without levels. */
    static String of(Map<String, JsonNode> levels) {
        if (levels.isEmpty()) {
            return "";
        }
        final StringBuilder text = new StringBuilder("\n| a hop in `bench --best-case --threading shared` |"
                + " ladders, `mr1` | ladders, `mr2` | ns, `mr1` | ns, `mr2` |"
                + " packets/s/core, `mr1` | packets/s/core, `mr2` |\n"
                + "|---|---:|---:|---:|---:|---:|---:|\n");
        for (String level : LEVELS) {
            final JsonNode first = levels.getOrDefault(level + "-mr1", MissingNode.getInstance());
            final JsonNode second = levels.getOrDefault(level + "-mr2", MissingNode.getInstance());
            if (!first.isMissingNode() || !second.isMissingNode()) {
                text.append("| `")
                        .append(level.equals("sodium") ? level : "lanes:" + level)
                        .append("` |");
                for (String figure : List.of("hopLadders", "cpuNsPerPacket", "packetsPerSecondPerCore")) {
                    text.append(' ').append(Numbers.text(first.path(figure))).append(" | ");
                    text.append(Numbers.text(second.path(figure))).append(" |");
                }
                text.append('\n');
            }
        }
        for (Peer peer : PEERS) {
            final boolean one = peer.multiplications().equals("1");
            text.append("| ").append(peer.name()).append(" | ");
            text.append(one ? "" : peer.ladders()).append(" | ");
            text.append(one ? peer.ladders() : "").append(" |  |  |  |  |\n");
        }
        return text.append("\nThe lower part has other implementations of Sphinx, under the profile with as many"
                        + " multiplications a hop: one forward hop in process, one thread, without a check for replays,"
                        + " measured apart.\n")
                .toString();
    }
}

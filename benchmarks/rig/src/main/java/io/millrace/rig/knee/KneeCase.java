package io.millrace.rig.knee;

import io.millrace.node.config.EngineKeys;
import io.millrace.node.config.EngineSettings;

/**
 * Circumstances under which a relay is measured.
 *
 * @param name in reports: {@code ordinary} or {@code best}.
 * @param neighbours of the relay; all send and receive, unless there are two: then the first sends and the second receives.
 * @param poisson whether packets arrive at random (a Poisson process); else evenly spaced.
 * @param handshaked whether links have keys from handshakes; else from a pre-shared key.
 * @param journal whether replay tags are on disk too.
 * @param replayTags that a key epoch can remember; 0 for the number of packets.
 * @param epochs key epochs of an interval, 1 to 4: it rolls once less.
 */
public record KneeCase(
        String name, int neighbours, boolean poisson, boolean handshaked, boolean journal, int replayTags, int epochs) {
    /** The load of a relay in a network: 16 neighbours, random arrivals, handshakes, journal, rolling keys. */
    public static final KneeCase ORDINARY =
            new KneeCase("ordinary", 16, true, true, true, EngineKeys.DEFAULT_REPLAY_TAGS, 4);

    /** The least that a relay can do: one neighbour to each side, even spacing, nothing on disk, a small replay set. */
    public static final KneeCase BEST = new KneeCase("best", 2, false, false, false, 0, 1);

    /** Shares of the pool at which the next key epoch begins: early ones, so that short intervals roll too. */
    private static final double[] ROLLS = {0.06, 0.18, 0.45};

    /**
     * The same with the journal and the replay sets of a relay.
     *
     * @param engine settings of the relay.
     * @return the other circumstances.
     */
    public KneeCase of(EngineSettings engine) {
        return new KneeCase(
                name, neighbours, poisson, handshaked, engine.journal().isPresent(), engine.replayTags(), epochs);
    }

    /**
     * The same with other replay sets.
     *
     * @param tags that a key epoch of the relay can remember, 1 or more.
     */
    public KneeCase withReplayTags(int tags) {
        return new KneeCase(name, neighbours, poisson, handshaked, journal, tags, epochs);
    }

    /** Number of the first packet of epoch {@code epoch}, which is 1 or more, in a pool of {@code packets}. */
    int firstOf(int epoch, int packets) {
        return epoch <= 1 ? 0 : (int) (ROLLS[epoch - 2] * packets);
    }

    /** Number of the key epoch for which packet {@code number} is wrapped, 1 to {@link #epochs}. */
    int epochOf(int number, int packets) {
        int epoch = 1;
        while (epoch < epochs && number >= firstOf(epoch + 1, packets)) {
            epoch++;
        }
        return epoch;
    }

    /** In words, for reports. */
    String text() {
        return neighbours + " neighbours, " + (poisson ? "Poisson arrivals, " : "evenly spaced arrivals, ")
                + (handshaked ? "handshaked links, " : "pre-shared link keys, ")
                + (journal ? "journal, " : "no journal, ")
                + (replayTags == 0 ? "a replay set for one interval, " : String.format("%,d replay tags, ", replayTags))
                + (epochs == 1 ? "one key epoch" : "rolling key epochs");
    }
}

package io.millrace.sphinx;

import java.util.ArrayList;
import java.util.List;

/**
 * The relays that a packet passes and the command of the last one. Immutable; may be used for many packets.
 *
 * <p>Each relay but the last is told to forward to the next one.
 */
public final class SphinxPath {
    private final List<SphinxHop> hops;
    private final List<RoutingCommand> commands;

    /**
     * Makes a path.
     *
     * @param hops at least one, all of one profile.
     * @param exit command of the last relay; any type but {@link CommandType#FORWARD}.
     * @param exitIdLow first 8 bytes of the id of the recipient or SURB, little endian.
     * @param exitIdHigh its last 8 bytes.
     */
    public SphinxPath(List<SphinxHop> hops, CommandType exit, long exitIdLow, long exitIdHigh) {
        if (hops.isEmpty()) {
            throw new IllegalArgumentException("a path needs a hop");
        }
        if (exit == CommandType.FORWARD) {
            throw new IllegalArgumentException("the last relay of a path has no next relay");
        }
        final SphinxProfile profile = hops.getFirst().relay().profile();
        for (SphinxHop hop : hops) {
            if (hop.relay().profile() != profile) {
                throw new IllegalArgumentException("the relays of a path must speak one profile: first=" + profile
                        + ", relay=" + hop.relay() + ", profile="
                        + hop.relay().profile());
            }
        }
        this.hops = List.copyOf(hops);
        final List<RoutingCommand> made = new ArrayList<>(hops.size());
        for (int i = 0; i + 1 < hops.size(); i++) {
            final RelayId next = hops.get(i + 1).relay().id();
            made.add(new RoutingCommand(CommandType.FORWARD, hops.get(i).delayNs(), next.low(), next.high()));
        }
        made.add(new RoutingCommand(exit, hops.getLast().delayNs(), exitIdLow, exitIdHigh));
        this.commands = List.copyOf(made);
    }

    /**
     * A path whose last relay delivers to the recipient with this id.
     *
     * @param hops at least one.
     * @param recipientLow first 8 bytes of the recipient's id, little endian.
     * @param recipientHigh last 8 bytes of the recipient's id, little endian.
     */
    public static SphinxPath toRecipient(List<SphinxHop> hops, long recipientLow, long recipientHigh) {
        return new SphinxPath(hops, CommandType.DELIVER, recipientLow, recipientHigh);
    }

    /** Profile of the packets that travel this path. */
    public SphinxProfile profile() {
        return hops.getFirst().relay().profile();
    }

    /** Number of relays. */
    public int length() {
        return hops.size();
    }

    /** Id of the relay to which a packet for this path is sent. */
    public RelayId firstRelay() {
        return hops.getFirst().relay().id();
    }

    /**
     * Relay {@code index}, counting from 0.
     *
     * @param index 0 to the number of relays - 1.
     */
    public SphinxHop hop(int index) {
        return hops.get(index);
    }

    /**
     * What relay {@code index} is told.
     *
     * @param index 0 to the number of relays - 1.
     */
    public RoutingCommand command(int index) {
        return commands.get(index);
    }
}

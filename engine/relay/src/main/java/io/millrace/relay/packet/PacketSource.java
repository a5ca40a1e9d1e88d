package io.millrace.relay.packet;

/**
 * Numbers that say where a packet came from: the index of a peer, 0 and up, or a negative number for {@link #UNKNOWN},
 * for the {@link #APPLICATION} and for the ids that the application gives to its own senders.
 */
public final class PacketSource {
    /** An address or connection of no configured peer. */
    public static final int UNKNOWN = -1;

    /** The application, without an id. */
    public static final int APPLICATION = -2;

    private static final int FIRST_ID = APPLICATION - 1;

    private PacketSource() {}

    /**
     * Source number of one of the application's own senders, for instance of one connection.
     *
     * @param id of the application's choice, 0 to 2^31 - 3.
     * @return a number below {@link #APPLICATION}.
     */
    public static int application(int id) {
        if (id < 0 || id > Integer.MAX_VALUE - 2) {
            throw new IllegalArgumentException("id must be 0 to 2^31 - 3: id=" + id);
        }
        return FIRST_ID - id;
    }

    /**
     * Whether a source is the application or one of its ids.
     *
     * @param source as {@link RelayListener#onDrop} tells it.
     */
    public static boolean isApplication(int source) {
        return source <= APPLICATION;
    }

    /**
     * The id from which {@link #application} made a source.
     *
     * @param source as {@link RelayListener#onDrop} tells it.
     * @return 0 to 2^31 - 3, or -1 if the source has no id.
     */
    public static int applicationId(int source) {
        return source <= FIRST_ID ? FIRST_ID - source : -1;
    }
}

package io.millrace.link;

import java.lang.foreign.MemorySegment;

/** The way out for handshake messages. */
public interface LinkPort {
    /**
     * Sends a message, or loses it.
     *
     * @param origin where a message came from that this one answers, or the peer's index.
     * @param message native; copied during the call.
     */
    void send(int origin, MemorySegment message);

    /**
     * Tells that {@code origin} has proven to be this peer: messages for the peer go there from now on.
     *
     * @param origin of a message, as given to {@link LinkHandshake#onMessage}.
     */
    void bind(int origin);
}

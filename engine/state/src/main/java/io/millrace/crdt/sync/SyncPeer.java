package io.millrace.crdt.sync;

import java.io.IOException;

/** The other side of an exchange: gets the encoding of a request, gives the encoding of an answer. */
@FunctionalInterface
public interface SyncPeer {
    /**
     * Asks.
     *
     * @param request at most {@link SyncMessage#MAX_LENGTH} bytes.
     * @return the answer; anything, if the other side is not honest.
     * @throws IOException if there is none.
     */
    byte[] ask(byte[] request) throws IOException;
}

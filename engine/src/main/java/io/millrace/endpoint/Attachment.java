package io.millrace.endpoint;

import java.io.IOException;
import java.nio.channels.SelectionKey;

/** What a channel of the selector belongs to. Called by the selector thread only. */
interface Attachment {
    /** Whether this is somebody who is not let in yet: those inside are served first, see {@link SelectorLoop}. */
    boolean isStranger();

    /** The channel is ready for something that it is interested in. */
    void ready(SelectionKey key, long nowNs) throws IOException;

    /** Time has passed; called every {@link SelectorLoop#TICK_MS}. */
    void tick(SelectionKey key, long nowNs) throws IOException;

    /** The channel failed, or the endpoint closes. Called once, last. */
    void failed(IOException why);
}

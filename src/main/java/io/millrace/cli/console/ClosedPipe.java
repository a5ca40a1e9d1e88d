package io.millrace.cli.console;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;

/**
 * Tells a reader that closed its end of a pipe, as {@code head} does, from a full disk. The JDK gives no error number, and
 * the system's text for it depends on the language of the user: it is compared with the text for a pipe of this process.
 */
public final class ClosedPipe {
    private ClosedPipe() {}

    /**
     * Whether a write failed because the reader of the pipe is gone.
     *
     * @param failure of a write to a descriptor.
     * @return false also if this process cannot make a pipe.
     */
    public static boolean isReason(IOException failure) {
        try {
            final Pipe pipe = Pipe.open();
            pipe.source().close();
            try (Pipe.SinkChannel sink = pipe.sink()) {
                sink.write(ByteBuffer.allocate(1));
            } catch (IOException reference) {
                return reference.getMessage() != null && reference.getMessage().equals(failure.getMessage());
            }
            return false;
        } catch (IOException e) {
            return false; // cannot be told: the failure is named
        }
    }
}

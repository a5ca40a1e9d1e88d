package io.millrace.cli.client;

import io.millrace.cli.console.Output;
import io.millrace.cli.console.TransferBar;

/** Shows how much of a file has been confirmed, at most five times a second. Not thread safe. */
final class SendProgress implements AutoCloseable {
    private static final long INTERVAL_NS = 200_000_000;

    private final ProgressMode mode;
    private final Output output;
    private final long length;
    private final TransferBar bar;
    private long nextNs;

    SendProgress(ProgressMode mode, Output output, String name, long length, long now) {
        this.mode = mode;
        this.output = output;
        this.length = length;
        this.bar = mode == ProgressMode.AUTO ? TransferBar.open(name, length, output) : TransferBar.NONE;
        this.nextNs = now + INTERVAL_NS;
    }

    void show(long confirmed, long now) {
        if (now - nextNs < 0) {
            return;
        }
        nextNs = now + INTERVAL_NS;
        bar.show(confirmed);
        if (mode == ProgressMode.LINES) {
            output.note("progress: " + confirmed + " of " + length + " bytes");
        }
    }

    @Override
    public void close() {
        bar.close();
    }
}

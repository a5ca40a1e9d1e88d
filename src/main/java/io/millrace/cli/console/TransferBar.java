package io.millrace.cli.console;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar over the bytes of a file, on stderr and only on a terminal. */
public final class TransferBar implements AutoCloseable {
    /** Shows nothing. */
    public static final TransferBar NONE = new TransferBar(null);

    private static final int INTERVAL_MS = 200;
    private static final long KIBIBYTE = 1024;

    private final ProgressBar bar;

    private TransferBar(ProgressBar bar) {
        this.bar = bar;
    }

    /** A bar for {@code length} bytes; {@link #NONE} where there is no terminal to show it. */
    @SuppressWarnings("SystemConsoleNull") // JDK 25 returns null again where there is no terminal
    public static TransferBar open(String name, long length) {
        if (System.console() == null || !System.console().isTerminal()) {
            return NONE;
        }
        return new TransferBar(new ProgressBarBuilder()
                .setTaskName(Shown.of(name))
                .setInitialMax(length)
                .setUnit(" KiB", KIBIBYTE)
                .setUpdateIntervalMillis(INTERVAL_MS)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .build());
    }

    /** Moves the bar to {@code done} bytes. */
    public void show(long done) {
        if (bar != null) {
            bar.stepTo(done);
        }
    }

    /** Ends the bar's line. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}

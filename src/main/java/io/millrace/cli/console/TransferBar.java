package io.millrace.cli.console;

import io.millrace.text.Shown;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A progress bar over the bytes of a file, on stderr and only on a terminal. It is written by the thread of the notes
 * ({@link Output#notesInBackground}): a terminal that is stopped holds up no transfer.
 */
public final class TransferBar implements AutoCloseable {
    /** Shows nothing. */
    public static final TransferBar NONE = new TransferBar(null, null);

    private static final int INTERVAL_MS = 200;
    private static final long KIBIBYTE = 1024;

    private final ProgressBar bar;
    private final Output output;

    private TransferBar(ProgressBar bar, Output output) {
        this.bar = bar;
        this.output = output;
    }

    /**
     * A bar; {@link #NONE} where there is no terminal to show it.
     *
     * @param name before the bar.
     * @param length of the file in bytes.
     * @param output whose stderr gets the bar.
     */
    @SuppressWarnings("SystemConsoleNull") // JDK 25 returns null again where there is no terminal
    public static TransferBar open(String name, long length, Output output) {
        if (System.console() == null || !System.console().isTerminal()) {
            return NONE;
        }
        return of(name, length, output, new DelegatingProgressBarConsumer(output::bar));
    }

    /** A bar of so many columns, with or without a terminal. */
    static TransferBar ofWidth(String name, long length, Output output, int columns) {
        return of(name, length, output, new DelegatingProgressBarConsumer(output::bar, columns));
    }

    private static TransferBar of(String name, long length, Output output, ProgressBarConsumer consumer) {
        return new TransferBar(
                new ProgressBarBuilder()
                        .setTaskName(Shown.of(name))
                        .setInitialMax(length)
                        .setUnit(" KiB", KIBIBYTE)
                        .setUpdateIntervalMillis(INTERVAL_MS)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setConsumer(consumer)
                        .build(),
                output);
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
            output.barEnds();
        }
    }
}

package io.millrace.cli.console;

import io.millrace.natives.TerminalWindow;
import java.util.Optional;

/**
 * Size of a terminal.
 *
 * @param columns at least 1.
 * @param rows at least 1.
 */
public record TerminalSize(int columns, int rows) {
    private static final int OUTPUT = 1;
    private static final int ERRORS = 2;
    private static final int USUAL_COLUMNS = 80;
    private static final int USUAL_ROWS = 24;

    /** The size at this moment; empty if standard output is no terminal. */
    public static Optional<TerminalSize> now() {
        return of(OUTPUT);
    }

    /** The size at this moment; empty if standard error is no terminal. */
    static Optional<TerminalSize> ofErrors() {
        return of(ERRORS);
    }

    private static Optional<TerminalSize> of(int descriptor) {
        final long size = TerminalWindow.size(descriptor);
        if (size < 0) {
            return Optional.empty();
        }
        final int columns = (int) size;
        final int rows = (int) (size >>> Integer.SIZE);
        // A terminal that does not know its size says 0.
        return Optional.of(new TerminalSize(columns == 0 ? USUAL_COLUMNS : columns, rows == 0 ? USUAL_ROWS : rows));
    }
}

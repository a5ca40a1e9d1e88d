package io.millrace.cli.stat;

import java.io.PrintWriter;
import java.util.List;

/**
 * A terminal on which a view is drawn in place, on its second screen: the first one comes back as it was at the end.
 *
 * <p>Source: ECMA-48 for the cursor; xterm's private modes 25 (cursor) and 1049 (second screen). Not thread safe.
 */
final class Screen implements AutoCloseable {
    private static final String BEGIN = "\u001b[?1049h\u001b[?25l\u001b[H\u001b[2J";
    private static final String END = "\u001b[0m\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String REST_OF_LINE = "\u001b[K";
    private static final String REST_OF_SCREEN = "\u001b[J";

    private final PrintWriter out;

    /** Takes the terminal. */
    Screen(PrintWriter out) {
        this.out = out;
        out.print(BEGIN);
        out.flush();
    }

    /**
     * Draws a view over the one before.
     *
     * @param lines with colours; what exceeds the size is left out.
     * @param columns of the terminal now.
     * @param rows of the terminal now.
     */
    void draw(List<String> lines, int columns, int rows) {
        final StringBuilder frame = new StringBuilder(HOME);
        for (int i = 0; i < Math.min(lines.size(), rows); i++) {
            frame.append(i == 0 ? "" : "\r\n")
                    .append(clip(lines.get(i), columns))
                    .append(REST_OF_LINE);
        }
        out.print(frame.append(REST_OF_SCREEN));
        out.flush();
    }

    /** Gives the terminal back. */
    @Override
    public void close() {
        out.print(END);
        out.flush();
    }

    /** The beginning of a line that fits; escape sequences take no room and are all kept. */
    static String clip(String line, int columns) {
        final StringBuilder clipped = new StringBuilder();
        int used = 0;
        for (int i = 0; i < line.length(); ) {
            if (line.charAt(i) == '\u001b') {
                final int end = line.indexOf('m', i) + 1;
                clipped.append(line, i, end);
                i = end;
            } else {
                final int character = line.codePointAt(i);
                if (used++ < columns) {
                    clipped.appendCodePoint(character);
                }
                i += Character.charCount(character);
            }
        }
        return clipped.toString();
    }
}

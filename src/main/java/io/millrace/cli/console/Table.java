package io.millrace.cli.console;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import io.millrace.text.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A table for people. Whole numbers get commas between thousands; columns whose cells are all numbers are aligned to the
 * right; nothing is wrapped or cut.
 */
public final class Table {
    private static final int WIDEST_COLUMN = 4096;

    /** A number with commas between thousands, or without; empty cells do not count. */
    private static final Pattern NUMBER = Pattern.compile("|[+-]?([0-9]{1,3}(,[0-9]{3})*|[0-9]+)(\\.[0-9]+)?( %)?");

    private final String[] headers;
    private final List<Object[]> rows = new ArrayList<>();

    /** An empty table with these column headers. */
    public Table(String... headers) {
        this.headers = headers.clone();
    }

    /**
     * Appends a row, one cell per header.
     *
     * @param cells a Long or Integer for a whole number with commas; else a text, such as a number that a user copies into
     *     another command.
     */
    public Table row(Object... cells) {
        if (cells.length != headers.length) {
            throw new IllegalArgumentException("cells must match headers: cells=" + cells.length);
        }
        final Object[] shown = cells.clone();
        for (int i = 0; i < shown.length; i++) {
            shown[i] = shown(shown[i]);
        }
        rows.add(shown);
        return this;
    }

    /** The table as lines without a trailing newline. */
    public String text() {
        final Column[] columns = new Column[headers.length];
        for (int i = 0; i < headers.length; i++) {
            final int column = i;
            final boolean numeric = rows.stream().allMatch(row -> isNumber(row[column]));
            final HorizontalAlign align = numeric ? HorizontalAlign.RIGHT : HorizontalAlign.LEFT;
            columns[i] = new Column()
                    .header(headers[i])
                    .headerAlign(align)
                    .dataAlign(align)
                    .maxWidth(WIDEST_COLUMN);
        }
        return AsciiTable.getTable(
                        AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS_NO_OUTSIDE_BORDER,
                        columns,
                        rows.toArray(Object[][]::new))
                .replaceAll(" +(?=\\R|$)", "");
    }

    private static Object shown(Object cell) {
        return switch (cell) {
            case Long number -> String.format(Locale.ROOT, "%,d", number);
            case Integer number -> String.format(Locale.ROOT, "%,d", number);
            case String text -> Shown.of(text);
            default -> cell;
        };
    }

    private static boolean isNumber(Object cell) {
        return cell instanceof Number
                || (cell instanceof String text && NUMBER.matcher(text).matches());
    }
}

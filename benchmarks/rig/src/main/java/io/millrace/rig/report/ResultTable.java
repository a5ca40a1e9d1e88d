package io.millrace.rig.report;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A table of text cells.
 *
 * @param note one or two sentences under the title; may be empty.
 * @param rows each as long as {@code head}; an empty cell is a figure that the run does not have.
 */
record ResultTable(String title, String note, List<String> head, List<List<String>> rows) {
    ResultTable {
        for (List<String> row : rows) {
            if (row.size() != head.size()) {
                throw new IllegalArgumentException("a row must fit the head: row=" + row + ", head=" + head);
            }
        }
    }

    /** The same without the columns in which every cell is empty. */
    ResultTable withoutEmptyColumns() {
        final int[] kept = IntStream.range(0, head.size())
                .filter(column -> rows.stream().anyMatch(row -> !row.get(column).isEmpty()))
                .toArray();
        return new ResultTable(
                title,
                note,
                pick(head, kept),
                rows.stream().map(row -> pick(row, kept)).toList());
    }

    /** Whether a column holds numbers alone, and is aligned as such. */
    boolean numeric(int column) {
        return rows.stream().map(row -> row.get(column)).allMatch(ResultTable::isNumber);
    }

    private static boolean isNumber(String cell) {
        return cell.isEmpty() || cell.matches("(< )?[-+0-9,.]+( ± [0-9,.]+)?");
    }

    private static List<String> pick(List<String> cells, int[] kept) {
        return IntStream.of(kept).mapToObj(cells::get).toList();
    }
}

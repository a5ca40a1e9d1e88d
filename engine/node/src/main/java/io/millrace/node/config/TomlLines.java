package io.millrace.node.config;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Line numbers of the keys and tables of a TOML file, for error messages: the parser's tree has none. Finds bare and quoted keys
 * at the start of a line, under headers of one or more bare words. A key in an inline table has the line of that table.
 *
 * <p>Immutable.
 */
final class TomlLines {
    private static final Pattern HEADER = Pattern.compile("\\s*\\[\\s*([A-Za-z0-9_.-]+)\\s*]\\s*(?:#.*)?");
    private static final Pattern ELEMENT = Pattern.compile("\\s*\\[\\[\\s*([A-Za-z0-9_.-]+)\\s*]]\\s*(?:#.*)?");
    private static final Pattern KEY = Pattern.compile("\\s*(?:([A-Za-z0-9_.-]+)|\"([^\"]*)\"|'([^']*)')\\s*=(.*)");
    private static final String[] MULTI_LINE_QUOTES = {"\"\"\"", "'''"};

    private final Map<String, Integer> lines = new HashMap<>();

    /**
     * Looks through a file.
     *
     * @param text valid TOML, with line feeds.
     */
    TomlLines(String text) {
        final Map<String, Integer> elements = new HashMap<>();
        String table = "";
        String openQuotes = null;
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (openQuotes != null) {
                openQuotes = line.contains(openQuotes) ? null : openQuotes;
                continue;
            }
            final Matcher header = HEADER.matcher(line);
            final Matcher element = ELEMENT.matcher(line);
            final Matcher key = KEY.matcher(line);
            if (element.matches()) {
                table = element.group(1) + "[" + elements.merge(element.group(1), 1, Integer::sum) + "]";
                lines.putIfAbsent(element.group(1), number);
                lines.putIfAbsent(table, number);
            } else if (header.matches()) {
                table = header.group(1);
                lines.putIfAbsent(table, number);
            } else if (key.matches()) {
                lines.putIfAbsent((table.isEmpty() ? "" : table + ".") + name(key), number);
                openQuotes = openQuotes(key.group(4));
            }
        }
    }

    private static String name(Matcher key) {
        return key.group(1) != null ? key.group(1) : key.group(2) != null ? key.group(2) : key.group(3);
    }

    /** The quotes that a value opens and does not close in its line; null if there are none. */
    private static String openQuotes(String value) {
        for (String quotes : MULTI_LINE_QUOTES) {
            if (value.strip().startsWith(quotes)
                    && !value.strip().substring(quotes.length()).contains(quotes)) {
                return quotes;
            }
        }
        return null;
    }

    /**
     * The line of a key, or of the table that lacks it.
     *
     * @param fullName such as {@code engine.slots} or {@code peer[2].id}.
     * @return 1 or more; empty if neither is found.
     */
    OptionalInt of(String fullName) {
        for (String name = fullName; !name.isEmpty(); name = name.substring(0, Math.max(0, name.lastIndexOf('.')))) {
            final Integer line = lines.get(name);
            if (line != null) {
                return OptionalInt.of(line);
            }
        }
        return OptionalInt.empty();
    }
}

package io.millrace.node.config;

import io.millrace.text.ConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Values that were given for the keys of one table, each with its place: a line of a file, or an option of a command. The
 * place is in every message about the value.
 *
 * <p>Immutable.
 */
public final class Given {
    /** Source of a value: a table of a file, or the command line. */
    private record Source(String file, String header) {
        static final Source COMMAND_LINE = new Source("", "");
    }

    /**
     * One value.
     *
     * @param value as read.
     * @param source of it.
     * @param line of the file, 0 if there is none or it is not known.
     * @param shown name and text, as in {@code slots=3} or {@code --batch=3}.
     */
    private record Entry(Object value, Source source, int line, String shown) {}

    private final Section section;
    private final Path file; // null: no file
    private final int line;
    private final Map<Key<?>, Entry> entries;

    private Given(Section section, Path file, int line, Map<Key<?>, Entry> entries) {
        this.section = section;
        this.file = file;
        this.line = line;
        this.entries = entries;
    }

    /**
     * No value for any key: all have their defaults.
     *
     * @param section the table.
     * @return the values.
     */
    public static Given none(Section section) {
        return new Given(section, null, 0, Map.of());
    }

    /** An empty table of a file. */
    static Given table(Section section, Path file, int line) {
        return new Given(section, file, line, Map.of());
    }

    /**
     * With a value from a line of the file.
     *
     * @param key of this table.
     * @param text of the value.
     * @param shown key and value as the file has them, for people.
     * @param at line, 0 if it is not known.
     */
    <T> Given withLine(Key<T> key, String text, String shown, int at) {
        final Path base = file.toAbsolutePath().getParent();
        return with(key, text, base, new Entry(null, new Source(file.toString(), section.header()), at, shown));
    }

    /**
     * With a value from the command line, instead of one from a file if there is one.
     *
     * @param <T> type of the values of the key.
     * @param key of this table.
     * @param text of the value.
     * @param option its name, such as {@code --batch}.
     * @return the values with this one.
     * @throws ConfigException if the value is not allowed; the message names the option.
     */
    public <T> Given with(Key<T> key, String text, String option) {
        return with(
                key,
                text,
                Path.of("").toAbsolutePath(),
                new Entry(null, Source.COMMAND_LINE, 0, key.isSecret() ? option : option + "=" + text));
    }

    private <T> Given with(Key<T> key, String text, Path base, Entry place) {
        final Map<Key<?>, Entry> added = new LinkedHashMap<>(entries);
        try {
            added.put(key, new Entry(key.form().read(text, base), place.source(), place.line(), place.shown()));
        } catch (IllegalArgumentException e) {
            // Without the cause where it might quote a secret.
            final String message = where(place) + place.shown() + ": " + e.getMessage();
            throw key.isSecret() ? new ConfigException(message) : new ConfigException(message, e);
        }
        return new Given(section, file, line, added);
    }

    /** The file of the table; null if there is none. */
    Path file() {
        return file;
    }

    /** Whether a value was given. */
    boolean has(Key<?> key) {
        return entries.containsKey(key);
    }

    /** The value that was given; empty if none was. */
    @SuppressWarnings("unchecked") // with() puts values of the key's own type
    <T> Optional<T> get(Key<T> key) {
        return Optional.ofNullable(entries.get(key)).map(entry -> (T) entry.value());
    }

    /**
     * The value that was given, or else the default.
     *
     * @throws ConfigException if there is neither.
     */
    <T> T value(Key<T> key) {
        return get(key).or(key::standard).orElseThrow(() -> missing(key));
    }

    /** Makes the error for a key that the table lacks. */
    ConfigException missing(Key<?> key) {
        return new ConfigException(header() + " " + key.name() + ": missing; write " + key.line());
    }

    /** Makes an error about the table as a whole. */
    ConfigException wrongTable(String what) {
        return new ConfigException(header() + ": " + what);
    }

    /**
     * Makes an error about one value or several that do not fit each other.
     *
     * @param what completes {@code key=value: ...}.
     * @param keys that it is about, the most likely mistake first; those that were not given are left out.
     */
    ConfigException wrong(String what, Key<?>... keys) {
        final List<String> parts = new ArrayList<>();
        Source last = null;
        for (Key<?> key : keys) {
            final Entry entry = entries.get(key);
            if (entry != null) {
                parts.add((entry.source().equals(last) ? "" : where(entry)) + entry.shown());
                last = entry.source();
            }
        }
        return new ConfigException(
                (parts.isEmpty() ? header() + " " + keys[0].name() : String.join(", ", parts)) + ": " + what);
    }

    /** Refuses keys that have no effect because another one is missing. */
    void requireFor(Key<?> needed, Key<?>... useless) {
        for (Key<?> key : useless) {
            if (has(key) && !has(needed)) {
                throw wrong("has no effect without " + needed.name(), key);
            }
        }
    }

    private String header() {
        return (file == null ? "" : file + (line > 0 ? ":" + line : "") + ": ") + section.header();
    }

    private static String where(Entry entry) {
        if (entry.source().equals(Source.COMMAND_LINE)) {
            return "";
        }
        return entry.source().file() + (entry.line() > 0 ? ":" + entry.line() : "") + ": "
                + entry.source().header() + " ";
    }
}

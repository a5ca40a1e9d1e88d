package io.millrace.node.config;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * The written form of a key's values, the same in a file and as an option of a command. {@link ValueForms} makes them.
 *
 * <p>Immutable.
 *
 * @param <T> type of the values.
 */
public final class ValueForm<T> {
    /** Separates the texts of an array; no path and no name can contain it. */
    static final String SEPARATOR = "\0";

    /** Type of a TOML value. */
    enum Toml {
        /** A whole number without quotes. */
        NUMBER("a whole number without quotes"),
        /** Text in quotes. */
        TEXT("text in quotes"),
        /** Text in quotes, or an array of such. */
        TEXTS("text in quotes, or an array of such"),
        /** Either {@code true} or {@code false}. */
        FLAG("true or false");

        private final String words;

        Toml(String words) {
            this.words = words;
        }

        /** For errors, after "must be". */
        String words() {
            return words;
        }
    }

    /**
     * Reads a value.
     *
     * @param <T> type of the value.
     */
    @FunctionalInterface
    interface Reader<T> {
        /**
         * Reads a value.
         *
         * @param text as it was given.
         * @param base folder of relative paths, absolute.
         * @throws IllegalArgumentException if it has another form; the message completes {@code key=value: ...} and quotes
         *     nothing.
         */
        T read(String text, Path base);
    }

    private final Toml toml;
    private final String type;
    private final String allowed;
    private final Reader<T> reader;
    private final Function<T, String> writer;
    private final List<String> ends;
    private final List<String> outside;

    ValueForm(
            Toml toml,
            String type,
            String allowed,
            Reader<T> reader,
            Function<T, String> writer,
            List<String> ends,
            List<String> outside) {
        this.toml = toml;
        this.type = type;
        this.allowed = allowed;
        this.reader = reader;
        this.writer = writer;
        this.ends = List.copyOf(ends);
        this.outside = List.copyOf(outside);
    }

    /** Type of the TOML value. */
    Toml toml() {
        return toml;
    }

    /** Type for people, such as {@code whole number}. */
    String type() {
        return type;
    }

    /** Values that are accepted, for people: {@code 64 to 1,048,576}. */
    String allowed() {
        return allowed;
    }

    /** Texts at the ends of the range, or every choice; all are accepted. */
    List<String> ends() {
        return ends;
    }

    /** Texts just outside of the range; all are refused. */
    List<String> outside() {
        return outside;
    }

    /**
     * Reads a value.
     *
     * @param text as it was given.
     * @param base folder of relative paths, absolute.
     * @throws IllegalArgumentException if it has another form; the message completes {@code key=value: ...}.
     */
    T read(String text, Path base) {
        return reader.read(text, base);
    }

    /** Writes a value; {@link #read} gives the same value again. */
    String write(T value) {
        return writer.apply(value);
    }
}

package io.millrace.node.config;

import java.util.Objects;
import java.util.Optional;

/**
 * One key of a configuration file: its name, the form and range of its values, its default and one sentence about it. The
 * reader of files, the options of commands and the page {@code configuration.md} all use this one description.
 *
 * <p>Immutable; compared by identity.
 *
 * @param <T> type of the values.
 */
public final class Key<T> {
    private static final int LONGEST_SHOWN = 30;

    private final String name;
    private final ValueForm<T> form;
    private final String sentence;
    private final String example;
    private final T standard; // null: none
    private final String standardText; // null: none
    private final String formerly; // null: it never had another name
    private final boolean required;
    private final boolean secret;

    private Key(
            String name,
            ValueForm<T> form,
            String sentence,
            String example,
            T standard,
            String standardText,
            String formerly,
            boolean required,
            boolean secret) {
        this.name = name;
        this.form = form;
        this.sentence = sentence;
        this.example = example;
        this.standard = standard;
        this.standardText = standardText;
        this.formerly = formerly;
        this.required = required;
        this.secret = secret;
    }

    /**
     * A key that may be left out and has no default.
     *
     * @param name as written in the file.
     * @param form of its values.
     * @param example a value as written in the file, without quotes.
     * @param sentence for people; complete.
     */
    static <T> Key<T> of(String name, ValueForm<T> form, String example, String sentence) {
        return new Key<>(name, form, sentence, example, null, null, null, false, false);
    }

    /** The same key with a default. */
    Key<T> or(T value) {
        return or(value, form.write(value));
    }

    /** The same key with a default that the file has no text for. */
    Key<T> or(T value, String text) {
        return new Key<>(
                name, form, sentence, example, Objects.requireNonNull(value), text, formerly, required, secret);
    }

    /** The same key with a default that follows from other keys, in words. */
    Key<T> orFromOthers(String words) {
        return new Key<>(name, form, sentence, example, null, words, formerly, required, secret);
    }

    /** The same key, which a table must have. */
    Key<T> required() {
        return new Key<>(name, form, sentence, example, standard, standardText, formerly, true, secret);
    }

    /** The same key, whose values no message quotes. */
    Key<T> secret() {
        return new Key<>(name, form, sentence, example, standard, standardText, formerly, required, true);
    }

    /** The same key, which files may also call by its name of earlier versions. */
    Key<T> formerly(String earlier) {
        return new Key<>(name, form, sentence, example, standard, standardText, earlier, required, secret);
    }

    /** Name as written in the file. */
    public String name() {
        return name;
    }

    /** Form of the values. */
    ValueForm<T> form() {
        return form;
    }

    /** One sentence for people. */
    String sentence() {
        return sentence;
    }

    /** A value as written in the file, without quotes. */
    String example() {
        return example;
    }

    /** {@code key = value} as a line of a file, with dots for a long value. */
    String line() {
        return name + " = " + quoted(example.length() > LONGEST_SHOWN ? "..." : example);
    }

    /** A value as a file has it, in quotes unless it is a number or a boolean. */
    String quoted(String text) {
        final ValueForm.Toml toml = form.toml();
        return toml == ValueForm.Toml.NUMBER || toml == ValueForm.Toml.FLAG ? text : '"' + text + '"';
    }

    /** The default; empty if there is none, or if it follows from other keys. */
    Optional<T> standard() {
        return Optional.ofNullable(standard);
    }

    /** The default for people; empty if there is none. */
    Optional<String> standardText() {
        return Optional.ofNullable(standardText);
    }

    /** Its name in files of earlier versions, if it had another one. */
    Optional<String> formerly() {
        return Optional.ofNullable(formerly);
    }

    /** Whether a table must have it. */
    boolean isRequired() {
        return required;
    }

    /** Whether no message may quote its value. */
    boolean isSecret() {
        return secret;
    }

    /**
     * Name and text as messages show them.
     *
     * @param written its name in the file.
     * @param text of the value.
     */
    String shown(String written, String text) {
        return secret ? written : written + "=" + text;
    }

    /** Whether a file can have the default as a value. */
    boolean isStandardWritten() {
        return standard != null && form.write(standard).equals(standardText);
    }

    @Override
    public String toString() {
        return name;
    }
}

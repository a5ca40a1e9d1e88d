package io.millrace.cli.twin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.cli.console.UsageError;
import io.millrace.crdt.Draft;
import io.millrace.crdt.type.Value;
import io.millrace.text.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Operations as people write them: {@code set KEY VALUE}, {@code delete KEY}, {@code add SET ELEMENT},
 * {@code remove SET ELEMENT}, {@code increment COUNTER N}, {@code decrement COUNTER N}, {@code assign REGISTER VALUE}.
 *
 * @param words the name of the operation and its arguments.
 */
record OperationSyntax(List<String> words) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MAX_LINE = 1 << 24;

    /**
     * Splits a command line into operations.
     *
     * @throws UsageError if a word is no operation or something is missing after it.
     */
    static List<OperationSyntax> split(List<String> line) {
        final List<OperationSyntax> operations = new ArrayList<>();
        int at = 0;
        while (at < line.size()) {
            final int count = wordCount(line.get(at));
            if (at + count > line.size()) {
                throw new UsageError("the operation takes " + (count - 1) + " more words: operation=" + line.get(at));
            }
            operations.add(new OperationSyntax(List.copyOf(line.subList(at, at + count))));
            at += count;
        }
        return operations;
    }

    /**
     * Reads a file with one operation a line, each a JSON array of its words.
     *
     * @throws UsageError if a line is no operation.
     */
    static List<OperationSyntax> read(Path file) throws IOException {
        final List<OperationSyntax> operations = new ArrayList<>();
        try (TextFile text = TextFile.open(file, MAX_LINE)) {
            for (String line = text.readLine(); line != null; line = text.readLine()) {
                if (!line.isBlank()) {
                    operations.add(parse(file, text.lineNumber(), line));
                }
            }
        }
        return operations;
    }

    private static OperationSyntax parse(Path file, int number, String line) {
        try {
            final List<String> words = List.of(JSON.readValue(line, String[].class));
            if (!words.isEmpty() && wordCount(words.get(0)) == words.size()) {
                return new OperationSyntax(words);
            }
        } catch (JsonProcessingException | NullPointerException e) {
            throw new UsageError(file + ": not a JSON array of words: line=" + number, e);
        }
        throw new UsageError(file + ": not an operation with its arguments: line=" + number);
    }

    /** Adds the operation to {@code draft}. */
    void addTo(Draft draft) {
        final String name = words.get(1);
        switch (words.get(0)) {
            case "set" -> draft.set(name, value());
            case "delete" -> draft.delete(name);
            case "add" -> draft.add(name, words.get(2));
            case "remove" -> draft.remove(name, words.get(2));
            case "increment" -> draft.increment(name, number());
            case "decrement" -> draft.increment(name, -number());
            default -> draft.assign(name, value());
        }
    }

    private static int wordCount(String operation) {
        return switch (operation) {
            case "delete" -> 2;
            case "set", "add", "remove", "increment", "decrement", "assign" -> 3;
            default ->
                throw new UsageError(
                        "not an operation (set, delete, add, remove, increment, decrement, assign): operation="
                                + operation);
        };
    }

    private Value value() {
        try {
            return Value.of(words.get(2));
        } catch (IllegalArgumentException e) {
            throw new UsageError(words.get(0) + " " + words.get(1) + ": " + e.getMessage(), e);
        }
    }

    private long number() {
        try {
            final long number = Long.parseLong(words.get(2));
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new UsageError(words.get(0) + " takes a whole number: " + words.get(2), e);
        }
        throw new UsageError(words.get(0) + " takes a number above 0: " + words.get(2));
    }
}

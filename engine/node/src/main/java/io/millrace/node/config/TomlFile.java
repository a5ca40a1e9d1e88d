package io.millrace.node.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import io.millrace.text.ConfigException;
import io.millrace.text.Suggestion;
import io.millrace.text.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A TOML file, read strictly: a table or key that is not described by a {@link Section} is an error, and so is a value that
 * its {@link Key} does not allow. Messages begin with the file as it was given, the line and the table.
 *
 * <p>Not thread safe; lives while a file is read.
 */
final class TomlFile {
    private static final TomlMapper TOML = new TomlMapper();
    private static final int MAX_LENGTH = 1 << 24;

    private final Path file;
    private final TomlLines lines;
    private final ObjectNode root;

    private TomlFile(Path file, TomlLines lines, ObjectNode root) {
        this.file = file;
        this.lines = lines;
        this.root = root;
    }

    /**
     * Reads a whole file. The message about an invalid one names line and reason and never quotes it: it may hold a secret.
     *
     * @param file as the user gave it.
     * @param sections that it may have.
     * @throws ConfigException if it is not TOML, or has another table.
     * @throws IOException if it cannot be read.
     */
    static TomlFile read(Path file, List<Section> sections) throws IOException {
        final String text = TextFile.read(file, MAX_LENGTH);
        try {
            final TomlFile read = new TomlFile(file, new TomlLines(text), (ObjectNode) TOML.readTree(text));
            read.refuseOthers(sections);
            return read;
        } catch (JsonProcessingException e) {
            // Without the cause: its message may quote the file.
            throw new ConfigException(file + TomlFault.of(e, text));
        }
    }

    private void refuseOthers(List<Section> sections) {
        final Map<String, Section> known = sections.stream().collect(Collectors.toMap(Section::name, each -> each));
        final List<String> headers = sections.stream().map(Section::header).toList();
        for (Map.Entry<String, JsonNode> each : root.properties()) {
            final String name = each.getKey();
            if (!known.containsKey(name)) {
                final JsonNode value = each.getValue();
                final boolean isTable =
                        value.isObject() || (value.isArray() && value.path(0).isObject());
                throw new ConfigException(place(name) + ": "
                        + (isTable
                                ? "[" + name + "]: unknown table"
                                        + Suggestion.of(
                                                name,
                                                "tables",
                                                sections.stream()
                                                        .map(Section::name)
                                                        .toList())
                                : name + ": a key must be below one of " + String.join(", ", headers)));
            }
        }
    }

    /**
     * A table that a file need not have.
     *
     * @param section of it, not a repeated one.
     */
    Optional<Given> table(Section section) {
        final JsonNode value = root.get(section.name());
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof ObjectNode table)) {
            throw new ConfigException(place(section.name()) + ": must be written as " + section.header());
        }
        return Optional.of(given(section, section.name(), table));
    }

    /**
     * A table that a file must have.
     *
     * @param section of it, not a repeated one.
     */
    Given required(Section section) {
        return table(section)
                .orElseThrow(
                        () -> new ConfigException(file + ": " + section.header() + ": missing; " + section.sentence()));
    }

    /**
     * The tables of an array, in the file's order.
     *
     * @param section a repeated one.
     */
    List<Given> tables(Section section) {
        final JsonNode value = root.get(section.name());
        if (value == null) {
            return List.of();
        }
        final List<Given> tables = new ArrayList<>();
        if (value.isArray()) {
            for (JsonNode element : value) {
                if (element instanceof ObjectNode table) {
                    tables.add(given(section, section.name() + "[" + (tables.size() + 1) + "]", table));
                }
            }
        }
        if (!value.isArray() || tables.size() != value.size()) {
            throw new ConfigException(place(section.name()) + ": must be written as " + section.header());
        }
        return tables;
    }

    private Given given(Section section, String path, ObjectNode table) {
        Given given = Given.table(section, file, lines.of(path).orElse(0));
        for (Map.Entry<String, JsonNode> each : table.properties()) {
            final String written = each.getKey();
            final String where = place(path + "." + written) + ": " + section.header() + " ";
            final Key<?> key = section.key(written)
                    .orElseThrow(() -> new ConfigException(
                            where + written + ": unknown key" + Suggestion.of(written, "keys", section.names())));
            if (given.has(key)) {
                throw new ConfigException(where + written + ": the same as " + key.name() + ", which is there too");
            }
            final String text = text(where, key, written, each.getValue());
            given = given.withLine(
                    key,
                    text,
                    key.shown(written, text.replace(ValueForm.SEPARATOR, ", ")),
                    lines.of(path + "." + written).orElse(0));
        }
        for (Key<?> key : section.keys()) {
            if (key.isRequired() && !given.has(key)) {
                throw given.missing(key);
            }
        }
        return given;
    }

    /** The text of a value, if it has the type that the key wants. */
    private static String text(String where, Key<?> key, String written, JsonNode value) {
        final ValueForm.Toml wanted = key.form().toml();
        final boolean fits = switch (wanted) {
            case NUMBER -> value.isIntegralNumber();
            case FLAG -> value.isBoolean();
            case TEXT -> value.isTextual();
            case TEXTS -> isTexts(value);
        };
        if (!fits) {
            final String allowed =
                    wanted == ValueForm.Toml.NUMBER ? ", " + key.form().allowed() : "";
            throw new ConfigException(
                    where + key.shown(written, shown(value)) + ": must be " + wanted.words() + allowed);
        }
        final String text = value.isArray() ? joined(value) : value.asText();
        if (text.isBlank()) {
            throw new ConfigException(where + written + ": must not be empty");
        }
        return text;
    }

    private static String shown(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.isArray() ? "[...]" : "{...}";
    }

    private static boolean isTexts(JsonNode value) {
        if (!value.isArray()) {
            return value.isTextual();
        }
        for (JsonNode each : value) {
            if (!each.isTextual() || each.textValue().isBlank()) {
                return false;
            }
        }
        return true;
    }

    private static String joined(JsonNode array) {
        final List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.textValue()));
        return String.join(ValueForm.SEPARATOR, texts);
    }

    /** The file, and the line of a key or table, or of the table that lacks the key. */
    private String place(String path) {
        return lines.of(path).isPresent() ? file + ":" + lines.of(path).getAsInt() : file.toString();
    }
}

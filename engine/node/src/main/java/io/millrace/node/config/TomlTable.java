package io.millrace.node.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import io.millrace.text.ConfigException;
import io.millrace.text.HexText;
import io.millrace.text.HostPort;
import io.millrace.text.TextFile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One table of a TOML file, read strictly: an unknown key is an error of {@link #finish}.
 *
 * <p>Not thread safe; lives while a file is read.
 */
final class TomlTable {
    private static final TomlMapper TOML = new TomlMapper();
    private static final int MAX_LENGTH = 1 << 24;
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ns|us|ms|s|min|h)");

    private final Path file;
    private final TomlLines lines;
    private final String name;
    private final ObjectNode node;
    private final Set<String> asked = new HashSet<>();

    private TomlTable(Path file, TomlLines lines, String name, ObjectNode node) {
        this.file = file;
        this.lines = lines;
        this.name = name;
        this.node = node;
    }

    /** Reads a whole file. The messages of its refusals name a place in it and never quote it: it may hold a secret. */
    static TomlTable read(Path file) throws IOException {
        try {
            final String text = TextFile.read(file, MAX_LENGTH);
            return new TomlTable(file, new TomlLines(text), "", (ObjectNode) TOML.readTree(text));
        } catch (JsonProcessingException e) {
            final String place =
                    e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
            // Without the cause: its message may quote the file.
            throw new ConfigException(file + ": not valid TOML" + place);
        }
    }

    /** The file of this table. */
    Path file() {
        return file;
    }

    /** Makes the error for {@code key}: {@code file:line: what: table.key=value}. */
    ConfigException wrong(String what, String key, Object value) {
        return new ConfigException(place(key) + ": " + what + ": " + fullName(key) + "=" + value);
    }

    /** Makes the error for {@code key} without its value, which is missing or secret. */
    ConfigException wrong(String what, String key) {
        return new ConfigException(place(key) + ": " + what + ": " + fullName(key));
    }

    /** The file, and the line of the key or of the table that lacks it. */
    private String place(String key) {
        final OptionalInt line = lines.of(fullName(key));
        return line.isPresent() ? file + ":" + line.getAsInt() : file.toString();
    }

    Optional<String> optionalText(String key) {
        return value(key).map(value -> {
            if (!value.isTextual()) {
                throw wrong("must be text in quotes", key);
            }
            if (value.textValue().isBlank()) {
                throw wrong("must not be empty", key);
            }
            return value.textValue();
        });
    }

    String text(String key) {
        return optionalText(key).orElseThrow(() -> wrong("missing", key));
    }

    /** One text in quotes, or an array of them; none if the key is missing. */
    List<String> texts(String key) {
        final List<String> texts = new ArrayList<>();
        value(key).ifPresent(value -> {
            for (final JsonNode each : value.isArray() ? value : List.of(value)) {
                if (!each.isTextual() || each.textValue().isBlank()) {
                    throw wrong("must be text in quotes, or an array of such", key);
                }
                texts.add(each.textValue());
            }
        });
        return texts;
    }

    OptionalInt optionalInteger(String key, int min, int max) {
        final Optional<JsonNode> value = value(key);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        final JsonNode number = value.get();
        if (!number.isIntegralNumber()
                || !number.canConvertToInt()
                || number.intValue() < min
                || number.intValue() > max) {
            throw wrong("must be a whole number from " + min + " to " + max, key, number.asText());
        }
        return OptionalInt.of(number.intValue());
    }

    /** Whether {@code key} is true; not, if it is missing. */
    boolean flag(String key) {
        return optionalFlag(key).orElse(false);
    }

    Optional<Boolean> optionalFlag(String key) {
        return value(key).map(value -> {
            if (!value.isBoolean()) {
                throw wrong("must be true or false", key, value.asText());
            }
            return value.booleanValue();
        });
    }

    /** A duration such as {@code 100us}, in ns, us, ms, s, min or h. */
    Optional<Duration> optionalDuration(String key) {
        return optionalText(key).map(text -> {
            final Matcher matcher = DURATION.matcher(text);
            if (!matcher.matches()) {
                throw wrong("must be a duration such as 100us, 1ms or 2s", key, text);
            }
            final long amount = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ns" -> Duration.ofNanos(amount);
                case "us" -> Duration.ofNanos(Math.multiplyExact(amount, 1000));
                case "ms" -> Duration.ofMillis(amount);
                case "min" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofSeconds(amount);
            };
        });
    }

    /**
     * Host and port as written; no name is looked up.
     *
     * @param firstPort 1, or 0 where the system may choose a port.
     */
    HostPort hostPort(String key, int firstPort) {
        final String text = text(key);
        try {
            return HostPort.parse(text, firstPort);
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage(), key, text);
        }
    }

    /**
     * Host and port, looked up.
     *
     * @param firstPort 1, or 0 where the system may choose a port.
     */
    InetSocketAddress address(String key, int firstPort) {
        final String text = text(key);
        try {
            return HostPort.parse(text, firstPort).resolve();
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage(), key, text);
        }
    }

    /**
     * A public value in hexadecimal.
     *
     * @param length in bytes.
     * @return the digits in lower case; empty if the key is missing.
     */
    Optional<String> optionalHex(String key, int length) {
        return optionalText(key).map(text -> {
            try {
                return HexText.canonical(text, length);
            } catch (IllegalArgumentException e) {
                throw wrong(e.getMessage(), key, text);
            }
        });
    }

    /** A path, relative ones from the folder of the file. */
    Optional<Path> optionalPath(String key) {
        return optionalText(key).map(text -> {
            try {
                final Path path = file.toAbsolutePath().resolveSibling(text);
                if (path.getFileName() == null) {
                    throw wrong("must not be the root of the file system", key, text);
                }
                return path;
            } catch (InvalidPathException e) {
                throw wrong("not a path here: " + e.getReason(), key, text);
            }
        });
    }

    /** The path of a folder that is there or can be made, relative ones from the folder of the file. */
    Optional<Path> optionalFolder(String key) {
        final Optional<Path> folder = optionalPath(key);
        folder.ifPresent(path -> {
            Path there = path;
            while (!Files.exists(there) && there.getParent() != null) {
                there = there.getParent();
            }
            if (!Files.isDirectory(there)) {
                throw wrong((there.equals(path) ? "is" : "would lie in") + " a file, not a folder", key, text(key));
            }
        });
        return folder;
    }

    Optional<TomlTable> optionalTable(String key) {
        return value(key).map(value -> {
            if (!(value instanceof ObjectNode table)) {
                throw wrong("must be a table", key);
            }
            return new TomlTable(file, lines, fullName(key), table);
        });
    }

    TomlTable table(String key) {
        return optionalTable(key).orElseThrow(() -> wrong("missing", "[" + key + "]"));
    }

    /** The tables of an array {@code [[key]]} in the file's order; none if it is missing. Named from 1. */
    List<TomlTable> tables(String key) {
        final List<TomlTable> tables = new ArrayList<>();
        value(key).ifPresent(value -> {
            if (!value.isArray()) {
                throw wrong("must be written as [[" + key + "]]", key);
            }
            for (final JsonNode element : value) {
                if (!(element instanceof ObjectNode table)) {
                    throw wrong("must be written as [[" + key + "]]", key);
                }
                tables.add(new TomlTable(file, lines, fullName(key) + "[" + (tables.size() + 1) + "]", table));
            }
        });
        return tables;
    }

    /** Refuses unknown keys. */
    void finish() {
        node.fieldNames().forEachRemaining(key -> {
            if (!asked.contains(key)) {
                throw wrong("unknown key", key);
            }
        });
    }

    private Optional<JsonNode> value(String key) {
        asked.add(key);
        return Optional.ofNullable(node.get(key));
    }

    private String fullName(String key) {
        return name.isEmpty() ? key : name + "." + key;
    }
}

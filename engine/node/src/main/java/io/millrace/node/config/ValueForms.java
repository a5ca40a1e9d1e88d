package io.millrace.node.config;

import io.millrace.text.HexText;
import io.millrace.text.HostPort;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The forms of values that several tables share. */
final class ValueForms {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ns|us|ms|s|min|h)");
    private static final String[] UNITS = {"h", "min", "s", "ms", "us", "ns"};
    private static final int LAST_PORT = 65_535;

    private ValueForms() {}

    /** A whole number from {@code min} to {@code max}. */
    static ValueForm<Integer> number(int min, int max) {
        return number(min, max, String.format(Locale.ROOT, "%,d to %,d", min, max), value -> true, List.of());
    }

    /** A power of two from {@code min} to {@code max}, which are powers of two. */
    static ValueForm<Integer> powerOfTwo(int min, int max) {
        return number(
                min,
                max,
                String.format(Locale.ROOT, "a power of two, %,d to %,d", min, max),
                value -> Integer.bitCount(value) == 1,
                List.of(Integer.toString(max - 1)));
    }

    private static ValueForm<Integer> number(
            int min, int max, String allowed, Function<Integer, Boolean> holds, List<String> holes) {
        final List<String> outside = new ArrayList<>(List.of(Long.toString(min - 1L), Long.toString(max + 1L)));
        outside.addAll(holes);
        return new ValueForm<>(
                ValueForm.Toml.NUMBER,
                "whole number",
                allowed,
                (text, base) -> {
                    final long value = NUMBER.matcher(text).matches() ? Long.parseLong(text) : Long.MIN_VALUE;
                    if (value < min || value > max || !holds.apply((int) value)) {
                        throw new IllegalArgumentException("must be " + allowed);
                    }
                    return (int) value;
                },
                value -> Integer.toString(value),
                List.of(Integer.toString(min), Integer.toString(max)),
                outside);
    }

    /** Either {@code true} or {@code false}. */
    static ValueForm<Boolean> flag() {
        return new ValueForm<>(
                ValueForm.Toml.FLAG,
                "boolean",
                "true or false",
                (text, base) -> Boolean.valueOf(text),
                value -> Boolean.toString(value),
                List.of("true", "false"),
                List.of("\"true\"", "1"));
    }

    /** A duration in ns, us, ms, s, min or h, from {@code min} to {@code max}. */
    static ValueForm<Duration> duration(Duration min, Duration max) {
        return duration(min, max, Duration.ofNanos(1), "");
    }

    /** A duration of whole milliseconds, from {@code min} to {@code max}. */
    static ValueForm<Duration> milliseconds(Duration min, Duration max) {
        return duration(min, max, Duration.ofMillis(1), ", whole milliseconds");
    }

    private static ValueForm<Duration> duration(Duration min, Duration max, Duration unit, String also) {
        final String allowed = text(min) + " to " + text(max) + also;
        final List<String> outside = new ArrayList<>(List.of("1", "1.5s"));
        if (!min.isZero()) {
            outside.add(text(min.minus(Duration.ofNanos(1))));
        }
        outside.add(text(max.plus(max.toSeconds() > 1_000 ? Duration.ofSeconds(1) : Duration.ofNanos(1))));
        return new ValueForm<>(
                ValueForm.Toml.TEXT,
                "duration",
                allowed,
                (text, base) -> {
                    final Duration value = parsed(text);
                    if (value.compareTo(min) < 0
                            || value.compareTo(max) > 0
                            || value.toNanosPart() % unit.toNanos() != 0) {
                        throw new IllegalArgumentException("must be " + allowed);
                    }
                    return value;
                },
                ValueForms::text,
                List.of(text(min), text(max)),
                outside);
    }

    private static Duration parsed(String text) {
        final Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("must be a duration such as 100us, 1ms, 2s, 20min or 24h");
        }
        return unit(matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1)));
    }

    /** A duration in the largest unit in which it is whole. */
    static String text(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        for (String name : UNITS) {
            final Duration unit = unit(name);
            if (unit.multipliedBy(duration.dividedBy(unit)).equals(duration)) {
                return duration.dividedBy(unit) + name;
            }
        }
        throw new AssertionError("every duration has whole nanoseconds");
    }

    private static Duration unit(String name) {
        return switch (name) {
            case "ns" -> Duration.ofNanos(1);
            case "us" -> Duration.ofNanos(1_000);
            case "ms" -> Duration.ofMillis(1);
            case "min" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            default -> Duration.ofSeconds(1);
        };
    }

    /**
     * One of a few words.
     *
     * @param words every choice, by its word.
     */
    static <T> ValueForm<T> choice(List<T> values, Function<T, String> words) {
        final List<String> all = values.stream().map(words).toList();
        final String allowed = all.size() == 1
                ? all.getFirst()
                : String.join(", ", all.subList(0, all.size() - 1)) + " or " + all.getLast();
        return new ValueForm<>(
                ValueForm.Toml.TEXT,
                "word",
                allowed,
                (text, base) -> values.stream()
                        .filter(each -> words.apply(each).equals(text))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("must be " + allowed)),
                words,
                all,
                List.of("other"));
    }

    /** Any text that is not blank. */
    static ValueForm<String> text() {
        return text("text", "not empty", UnaryOperator.identity(), List.of("a"), List.of());
    }

    /**
     * One value or an array of them.
     *
     * @param one form of each.
     * @param allowed for people, in the plural.
     */
    static ValueForm<List<String>> several(ValueForm<String> one, String allowed) {
        return new ValueForm<>(
                ValueForm.Toml.TEXTS,
                one.type() + " or array",
                allowed,
                (text, base) -> Stream.of(text.split(ValueForm.SEPARATOR, -1))
                        .map(each -> one.read(each, base))
                        .toList(),
                values -> String.join(ValueForm.SEPARATOR, values),
                one.ends(),
                one.outside());
    }

    /**
     * A public value in hexadecimal, read into lower case.
     *
     * @param length in bytes.
     */
    static ValueForm<String> hex(int length) {
        return hex(length, List.of("Ab".repeat(length), "00".repeat(length)));
    }

    /**
     * As {@link #hex(int)}, for keys of which not every value is one.
     *
     * @param length in bytes.
     * @param ends values that are accepted.
     */
    static ValueForm<String> hex(int length, List<String> ends) {
        return text(
                "hexadecimal",
                length + " bytes in hex",
                text -> HexText.canonical(text, length),
                ends,
                List.of("00".repeat(length - 1), "00".repeat(length + 1), "xy".repeat(length)));
    }

    private static ValueForm<String> text(
            String type, String allowed, UnaryOperator<String> reader, List<String> ends, List<String> outside) {
        return new ValueForm<>(
                ValueForm.Toml.TEXT,
                type,
                allowed,
                (text, base) -> reader.apply(text),
                UnaryOperator.identity(),
                ends,
                outside);
    }

    /**
     * Host and port as written; no name is looked up.
     *
     * @param firstPort 1, or 0 where the system may choose a port.
     */
    static ValueForm<HostPort> hostPort(int firstPort) {
        return new ValueForm<>(
                ValueForm.Toml.TEXT,
                "host:port",
                "port " + firstPort + " to 65,535; an IPv6 address in brackets",
                (text, base) -> HostPort.parse(text, firstPort),
                HostPort::toString,
                List.of("127.0.0.1:" + firstPort, "[::1]:" + LAST_PORT),
                List.of("127.0.0.1", "::1:9001", "127.0.0.1:" + (firstPort - 1), "127.0.0.1:65536"));
    }

    /** Host and port, looked up; port 0 lets the system choose. */
    static ValueForm<InetSocketAddress> address() {
        final ValueForm<HostPort> written = hostPort(0);
        return new ValueForm<>(
                ValueForm.Toml.TEXT,
                written.type(),
                written.allowed(),
                (text, base) -> written.read(text, base).resolve(),
                HostPort::text,
                written.ends(),
                written.outside());
    }

    /** A path of a file; a relative one begins at the folder of the configuration file. */
    static ValueForm<Path> file() {
        return new ValueForm<>(
                ValueForm.Toml.TEXT,
                "file",
                "a path, relative to this file's folder",
                ValueForms::path,
                Path::toString,
                List.of("file", "/tmp/file"),
                List.of("/"));
    }

    /** A path of a folder that is there or can be made; a relative one begins at the folder of the configuration file. */
    static ValueForm<Path> folder() {
        return new ValueForm<>(
                ValueForm.Toml.TEXT,
                "folder",
                "a path, relative to this file's folder",
                ValueForms::folder,
                Path::toString,
                List.of("new/folder", "."),
                List.of("/"));
    }

    private static Path path(String text, Path base) {
        try {
            final Path path = base.resolve(text);
            if (path.getFileName() == null) {
                throw new IllegalArgumentException("must not be the root of the file system");
            }
            return path;
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("is not a path here: " + e.getReason(), e);
        }
    }

    private static Path folder(String text, Path base) {
        final Path path = path(text, base);
        Path there = path;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there)) {
            throw new IllegalArgumentException((there.equals(path) ? "is" : "would lie in") + " a file, not a folder");
        }
        return path;
    }
}

package io.millrace.cli.vectors;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The fields of one case, as native memory that lives as long as the case runs.
 *
 * <p>A missing or malformed field is a {@link VectorMismatch}: the file has the shape, so the case is wrong.
 */
final class CaseFields {
    private static final long LONGEST_RESULT = 1 << 20;

    private final JsonNode node;
    private final Arena arena;

    CaseFields(JsonNode node, Arena arena) {
        this.node = node;
        this.arena = arena;
    }

    boolean has(String field) {
        return node.has(field);
    }

    String text(String field) {
        final JsonNode value = node.get(field);
        if (value == null || !value.isValueNode()) {
            throw new VectorMismatch("malformed: no value under " + field);
        }
        return value.asText();
    }

    /** A whole number of 0 or more, written as a number or as text. */
    int number(String field) {
        try {
            return Integer.parseUnsignedInt(text(field));
        } catch (NumberFormatException e) {
            throw new VectorMismatch("malformed: not a whole number under " + field);
        }
    }

    /** A whole number of 64 bits without a sign; from 2^63 on it is negative here. */
    long unsigned(String field) {
        try {
            return Long.parseUnsignedLong(text(field));
        } catch (NumberFormatException e) {
            throw new VectorMismatch("malformed: not a whole number under " + field);
        }
    }

    /** The texts of a list; none if it is null. */
    List<String> texts(String field) {
        final List<String> texts = new ArrayList<>();
        node.path(field).forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** The bytes that the field gives in hex. */
    MemorySegment bytes(String field) {
        return bytes(text(field), field);
    }

    private MemorySegment bytes(String hex, String field) {
        final byte[] bytes;
        try {
            bytes = HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException e) {
            throw new VectorMismatch("malformed: not hex under " + field);
        }
        return arena.allocateFrom(JAVA_BYTE, bytes);
    }

    /** The bytes that the only element of a list gives in hex. */
    MemorySegment onlyBytesOf(String field) {
        final JsonNode list = node.path(field);
        if (list.size() != 1) {
            throw new VectorMismatch("malformed: not a list of one under " + field);
        }
        return bytes(list.get(0).asText(), field);
    }

    /** The bytes of the text itself. */
    MemorySegment utf8(String field) {
        return arena.allocateFrom(JAVA_BYTE, text(field).getBytes(StandardCharsets.UTF_8));
    }

    /** The names under {@code flags}; none if it is missing or null. */
    Set<String> flags() {
        final Set<String> flags = new LinkedHashSet<>();
        node.path("flags").forEach(flag -> flags.add(flag.asText()));
        return flags;
    }

    /** Zeroed native memory for a result, of a length that a file may have asked for. */
    MemorySegment blank(long length) {
        if (length < 0 || length > LONGEST_RESULT) {
            throw new VectorMismatch("malformed: a result of " + length + " bytes");
        }
        return arena.allocate(length);
    }

    /** A native copy that a facade may work on in place. */
    MemorySegment copy(MemorySegment source) {
        return arena.allocate(source.byteSize()).copyFrom(source);
    }

    Arena arena() {
        return arena;
    }
}

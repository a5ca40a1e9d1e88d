package io.millrace.crdt.type;

import io.millrace.cbor.CborWriter;
import io.millrace.crypto.Blake2b;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * A hash of the visible state of a document, for people and tests to compare two by: a chain of BLAKE2b-256 over its parts
 * in their order, each {@code [kind, name, contents...]} in deterministic CBOR.
 *
 * <p>Not thread safe.
 */
public final class TwinDigest {
    private static final int PROPERTY = 1;
    private static final int ELEMENT = 2;
    private static final int COUNTER = 3;
    private static final int REGISTER = 4;
    private static final int ROOM = Identifier.LENGTH + 2 * Value.MAX_LENGTH;

    private final MemorySegment scratch;
    private final MemorySegment domain;
    private final CborWriter writer = new CborWriter();

    private TwinDigest(Arena arena) {
        this.scratch = arena.allocate(ROOM, 64);
        this.domain = arena.allocateFrom(ValueLayout.JAVA_BYTE, "millrace-twin-dg".getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * The hash in hexadecimal.
     *
     * @param twin any.
     */
    public static String of(Twin twin) {
        try (Arena arena = Arena.ofConfined()) {
            return new TwinDigest(arena).digest(twin);
        }
    }

    private String digest(Twin twin) {
        part().array(1).bytes(twin.id().toBytes());
        chain();
        final Map<String, Value> properties = new TreeMap<>();
        twin.properties().forEach(properties::put);
        properties.forEach((key, value) -> {
            part().array(3).unsigned(PROPERTY).text(key).bytes(value.bytes());
            chain();
        });
        twin.sets()
                .forEach((name, set) -> set.elements().forEach(element -> {
                    part().array(3).unsigned(ELEMENT).text(name).text(element);
                    chain();
                }));
        twin.counters().forEach((name, counter) -> {
            part().array(3).unsigned(COUNTER).text(name).text(counter.value().toString());
            chain();
        });
        twin.registers()
                .forEach((name, register) -> register.values().forEach(value -> {
                    part().array(3).unsigned(REGISTER).text(name).bytes(value.bytes());
                    chain();
                }));
        return HexFormat.of().formatHex(scratch.asSlice(0, Identifier.LENGTH).toArray(ValueLayout.JAVA_BYTE));
    }

    private CborWriter part() {
        return writer.wrap(scratch, Identifier.LENGTH);
    }

    /** The new hash of the old one and the part takes the old one's place. */
    private void chain() {
        final MemorySegment hash = scratch.asSlice(0, Identifier.LENGTH);
        Blake2b.hash(hash, scratch.asSlice(0, writer.position()), MemorySegment.NULL, MemorySegment.NULL, domain);
    }
}

package io.millrace.cli.twin;

import io.millrace.crdt.op.EquivocationProof;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.Twin;
import io.millrace.crdt.type.Value;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Documents and what belongs to them in the forms that JSON takes. */
final class DocumentJson {
    private DocumentJson() {}

    /** The visible state of a document: properties, sets, counters and registers, each by name in order. */
    static Map<String, Object> content(Twin twin) {
        final Map<String, Object> properties = new TreeMap<>();
        twin.properties().forEach((key, value) -> properties.put(key, json(value)));
        final Map<String, Object> sets = new LinkedHashMap<>();
        twin.sets().forEach((name, set) -> sets.put(name, set.elements()));
        final Map<String, Object> counters = new LinkedHashMap<>();
        twin.counters().forEach((name, counter) -> counters.put(name, counter.value()));
        final Map<String, Object> registers = new LinkedHashMap<>();
        twin.registers()
                .forEach((name, register) -> registers.put(
                        name, register.values().stream().map(DocumentJson::json).toList()));
        final Map<String, Object> content = new LinkedHashMap<>();
        content.put("properties", properties);
        content.put("sets", sets);
        content.put("counters", counters);
        content.put("registers", registers);
        return content;
    }

    static List<String> names(List<OperationId> ids) {
        return ids.stream().map(OperationId::toString).toList();
    }

    static Map<String, Object> json(EquivocationProof proof) {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("actor", proof.actor().toString());
        json.put("sequence", proof.sequence());
        json.put("twin", proof.first().header().twin().toString());
        json.put("operations", names(List.of(proof.first().id(), proof.second().id())));
        return json;
    }

    /** A value for people: its text, or its bytes in hexadecimal if it is none. */
    static String text(Value value) {
        final Object json = json(value);
        return json instanceof String text ? text : "0x" + value;
    }

    /** A value for JSON: its text, or {@code {"hex": "..."}} if it is none. */
    private static Object json(Value value) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value.toBytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            return Map.of("hex", value.toString());
        }
    }
}

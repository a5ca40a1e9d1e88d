package io.millrace.cli.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A file that is one list of cases, recognised by the names of the first case's fields. */
abstract class ListShape implements VectorShape {
    private final String name;
    private final String idField;
    private final Set<String> required;
    private final Set<String> optional;

    /**
     * A list of cases.
     *
     * @param idField names the case; its position, from 1, where it has no such field.
     */
    ListShape(String name, String idField, Set<String> required, Set<String> optional) {
        this.name = name;
        this.idField = idField;
        this.required = required;
        this.optional = optional;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final boolean matches(JsonNode root) {
        if (!root.isArray() || !root.path(0).isObject()) {
            return false;
        }
        final Set<String> fields = new TreeSet<>();
        root.get(0).fieldNames().forEachRemaining(fields::add);
        final Set<String> known = new HashSet<>(required);
        known.addAll(optional);
        return fields.containsAll(required) && known.containsAll(fields);
    }

    @Override
    public final void run(JsonNode root, CaseLog log) {
        int position = 0;
        for (final JsonNode node : root) {
            position++;
            final Optional<String> reason = skipReason(node);
            if (reason.isPresent()) {
                log.skip(reason.get());
            } else {
                log.check(
                        node.has(idField) ? idField + " " + node.get(idField).asText() : "case " + position,
                        node,
                        this::check);
            }
        }
    }

    /** Why a case must be left out; empty for one that is run. */
    Optional<String> skipReason(JsonNode node) {
        return Optional.empty();
    }

    /** Runs one case, or throws {@link VectorMismatch}. */
    abstract void check(CaseFields fields);
}

package io.millrace.crdt;

import io.millrace.crypto.EdwardsPoints;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who may sign operations: actors with a name for people. Immutable; any thread may use it.
 *
 * <p>Every key is a point of the prime-order subgroup, checked here once: a key with a part of small order is nobody's
 * honest key, and batch verification relies on there being none.
 *
 * <p>Replicas converge if they have the same registry. An operation of an actor who is unknown here waits at its sender
 * until the actor is added.
 */
public final class ActorRegistry {
    /** Most actors of a registry. */
    public static final int MAX_ACTORS = 65_536;

    private final Map<ActorId, String> names;

    private ActorRegistry(Map<ActorId, String> names) {
        this.names = Collections.unmodifiableMap(names);
    }

    /**
     * A registry of these actors.
     *
     * @param names name of each, distinct and not blank.
     * @throws IllegalArgumentException if a name occurs twice or a key is none; the message names it.
     */
    public static ActorRegistry of(Map<ActorId, String> names) {
        if (names.size() > MAX_ACTORS) {
            throw new IllegalArgumentException("too many actors: count=" + names.size());
        }
        final Map<String, ActorId> byName = new LinkedHashMap<>();
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment key = arena.allocate(Identifier.LENGTH);
            names.forEach((actor, name) -> {
                actor.writeTo(key, 0);
                if (!EdwardsPoints.isInSubgroup(key)) {
                    throw new IllegalArgumentException("not a public key of Ed25519: actor=" + name);
                }
                if (name.isBlank() || byName.put(name, actor) != null) {
                    throw new IllegalArgumentException("the name is empty or occurs twice: actor=" + name);
                }
            });
        }
        return new ActorRegistry(new LinkedHashMap<>(names));
    }

    /** Whether {@code actor} may sign. */
    public boolean contains(ActorId actor) {
        return names.containsKey(actor);
    }

    /** Name of {@code actor}. */
    public Optional<String> name(ActorId actor) {
        return Optional.ofNullable(names.get(actor));
    }

    /** Number of actors. */
    public int size() {
        return names.size();
    }

    /** All actors with their names, in the order in which they were given. */
    public Map<ActorId, String> actors() {
        return names;
    }
}

package io.millrace.crdt.op;

import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.Identifier;
import io.millrace.crypto.EdwardsPoints;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The actors of documents: which may sign, and which are revoked from a point on. Immutable; any thread may use it.
 *
 * <p>Every key is a point of the prime-order subgroup, checked here once: a key with a part of small order cannot be
 * an honest key, and batch verification relies on there being none.
 *
 * <p>Replicas converge if they have the same registry. An operation of an actor who is unknown here waits at its sender
 * until the actor is added. An actor whose operations are in a document is never removed, since operations of others build
 * on them: it is revoked from a point on ({@link Revocation}).
 */
public final class ActorRegistry {
    /** Most actors of a registry. */
    public static final int MAX_ACTORS = 65_536;

    private final Map<ActorId, String> names;
    private final Map<ActorId, Revocation> revocations;

    private ActorRegistry(Map<ActorId, String> names, Map<ActorId, Revocation> revocations) {
        this.names = Collections.unmodifiableMap(names);
        this.revocations = revocations;
    }

    /**
     * A registry of these actors.
     *
     * @param names name of each, distinct and not blank.
     * @throws IllegalArgumentException if a name occurs twice or a key is none; the message names it.
     */
    public static ActorRegistry of(Map<ActorId, String> names) {
        return of(names, Map.of());
    }

    /**
     * A registry of these actors, some of them revoked.
     *
     * @param names name of each, distinct and not blank.
     * @param revocations of actors in {@code names}; may be empty.
     * @throws IllegalArgumentException if a name occurs twice, a key is none, or a revoked actor has no name; the message
     *     names it.
     */
    public static ActorRegistry of(Map<ActorId, String> names, Map<ActorId, Revocation> revocations) {
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
        for (final ActorId actor : revocations.keySet()) {
            if (!names.containsKey(actor)) {
                throw new IllegalArgumentException("a revoked actor stays in the registry: actor=" + actor);
            }
        }
        return new ActorRegistry(new LinkedHashMap<>(names), Map.copyOf(revocations));
    }

    /**
     * Whether {@code actor} may sign new operations: it is known and not revoked.
     *
     * @param actor any actor.
     */
    public boolean maySign(ActorId actor) {
        return names.containsKey(actor) && !revocations.containsKey(actor);
    }

    /**
     * The revocation of an actor; empty if it may sign or is unknown.
     *
     * @param actor any actor.
     */
    public Optional<Revocation> revocation(ActorId actor) {
        return Optional.ofNullable(revocations.get(actor));
    }

    /**
     * Whether {@code actor} is known, revoked or not.
     *
     * @param actor any.
     */
    public boolean contains(ActorId actor) {
        return names.containsKey(actor);
    }

    /**
     * Name of {@code actor}.
     *
     * @param actor any.
     */
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

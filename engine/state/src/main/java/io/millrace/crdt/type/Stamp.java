package io.millrace.crdt.type;

/**
 * When and by whom, in a total order: by time, then actor, then operation. No two writes compare equal, not even those of
 * an author who signs twice at the same time.
 *
 * @param time a reading of a hybrid logical clock, and later than those of all operations that the writer's one names.
 * @param actor who wrote.
 * @param dot which write.
 */
public record Stamp(long time, ActorId actor, Dot dot) implements Comparable<Stamp> {
    @Override
    public int compareTo(Stamp other) {
        int order = Long.compare(time, other.time);
        if (order == 0) {
            order = actor.compareTo(other.actor);
        }
        return order != 0 ? order : dot.compareTo(other.dot);
    }
}

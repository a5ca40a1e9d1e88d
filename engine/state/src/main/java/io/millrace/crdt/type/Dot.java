package io.millrace.crdt.type;

/**
 * One addition to a set or register: which operation of which signed operation. Two different ones never share a dot, even
 * if their author signs two operations with the same sequence number, because their hashes differ.
 *
 * @param operation the signed operation.
 * @param index position in its payload, 0 or more.
 */
public record Dot(OperationId operation, int index) implements Comparable<Dot> {
    @Override
    public int compareTo(Dot other) {
        final int order = operation.compareTo(other.operation);
        return order != 0 ? order : Integer.compare(index, other.index);
    }
}

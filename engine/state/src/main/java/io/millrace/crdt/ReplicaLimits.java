package io.millrace.crdt;

/**
 * What bounds a replica's memory.
 *
 * @param operations most operations in the graph, 1 or more.
 * @param pendingOperations most operations that wait for others, 1 or more.
 * @param pendingOfOneActor most of them by one actor, 1 or more.
 * @param pendingLength most bytes that they have together, 1 or more.
 * @param pendingLengthOfOneActor most bytes that those of one actor have together, 1 or more.
 * @param heldOperations most void operations of revoked actors that are kept, without payload, in case a valid operation
 *     names them, 1 or more.
 */
public record ReplicaLimits(
        int operations,
        int pendingOperations,
        int pendingOfOneActor,
        long pendingLength,
        long pendingLengthOfOneActor,
        int heldOperations) {
    /** 16 million operations; 4,096 waiting in 16 MiB, 512 of them in 2 MiB by one actor; 65,536 void ones. */
    public static final ReplicaLimits DEFAULT = new ReplicaLimits(16_000_000, 4096, 512, 16L << 20, 2L << 20, 65_536);

    /** Checks the ranges. */
    public ReplicaLimits {
        if (operations < 1
                || pendingOperations < 1
                || pendingOfOneActor < 1
                || pendingLength < 1
                || pendingLengthOfOneActor < 1
                || heldOperations < 1) {
            throw new IllegalArgumentException("limits must be positive: operations=" + operations
                    + ", pendingOperations=" + pendingOperations + ", pendingOfOneActor=" + pendingOfOneActor
                    + ", pendingLength=" + pendingLength + ", pendingLengthOfOneActor=" + pendingLengthOfOneActor
                    + ", heldOperations=" + heldOperations);
        }
    }

    /**
     * These limits with another bound on void operations.
     *
     * @param count most void operations that are kept, 1 or more.
     */
    public ReplicaLimits withHeldOperations(int count) {
        return new ReplicaLimits(
                operations, pendingOperations, pendingOfOneActor, pendingLength, pendingLengthOfOneActor, count);
    }
}

package io.millrace.crdt;

/**
 * What bounds a replica's memory.
 *
 * @param operations most operations in the graph, 1 or more.
 * @param pendingOperations most operations that wait for others, 1 or more.
 * @param pendingOfOneActor most of them by one actor, so that none can keep out the rest; 1 or more.
 * @param pendingLength most bytes that they have together, 1 or more.
 */
public record ReplicaLimits(int operations, int pendingOperations, int pendingOfOneActor, long pendingLength) {
    /** 16 million operations; 4,096 waiting in 16 MiB, 512 of them by one actor. */
    public static final ReplicaLimits DEFAULT = new ReplicaLimits(16_000_000, 4096, 512, 16L << 20);

    /** Checks the ranges. */
    public ReplicaLimits {
        if (operations < 1 || pendingOperations < 1 || pendingOfOneActor < 1 || pendingLength < 1) {
            throw new IllegalArgumentException("limits must be positive: operations=" + operations
                    + ", pendingOperations=" + pendingOperations + ", pendingOfOneActor=" + pendingOfOneActor
                    + ", pendingLength=" + pendingLength);
        }
    }
}

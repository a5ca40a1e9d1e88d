package io.millrace.htx.session;

/** How much of what applications write may wait to be sent. */
final class SendQueues {
    /** Queue length that every stream may have, in bytes. */
    private static final int LEAST = 16 << 10;

    private SendQueues() {}

    /** Queue length of each of {@code streams} streams, in bytes: less if there are many. */
    static int limit(SessionConfig config, int streams) {
        return Math.max(Math.min(LEAST, config.maxQueued()), config.maxQueued() / Math.max(1, streams / 32));
    }

    /**
     * Blocks that all queues of a session hold at the most: a queue of n bytes holds n / 4,096 blocks and two that are
     * partly used, its first and its last. Only streams in the table have bytes to send, and only streams that the
     * application has not released have bytes to read; there are at most {@code 2 * maxStreams} of either kind.
     */
    static int maxBlocks(SessionConfig config) {
        final long streams = 2L * config.maxStreams();
        final long received = config.maxReceived() / BlockPool.BLOCK_LENGTH + 2 * streams;
        final long queued = streams * (config.maxQueued() / BlockPool.BLOCK_LENGTH + 2);
        // More than an index can name are more than there is memory for.
        return (int) Math.min(Integer.MAX_VALUE, received + queued);
    }
}

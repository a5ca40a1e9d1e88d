package io.millrace.htx;

/** How much of what applications write may wait to be sent. */
final class SendQueues {
    /** What a stream may always have waiting, in bytes. */
    private static final int LEAST = 16 << 10;

    private SendQueues() {}

    /** What each of {@code streams} streams may have waiting, in bytes: less if there are many. */
    static int limit(SessionConfig config, int streams) {
        return Math.max(Math.min(LEAST, config.maxQueued()), config.maxQueued() / Math.max(1, streams / 32));
    }

    /** Blocks for all queues of a session in both directions, one of each partly used. */
    static int maxBlocks(SessionConfig config) {
        final int streams = 2 * config.maxStreams();
        final long received = config.maxReceived() / BlockPool.BLOCK_LENGTH + 2L * streams;
        final long queued = (long) streams * (config.maxQueued() / BlockPool.BLOCK_LENGTH + 2);
        return Math.toIntExact(received + queued);
    }
}

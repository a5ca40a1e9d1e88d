package io.millrace.crypto;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Count of the secret keys that have pages to themselves. Each takes 4 mappings of the 65,530 that Linux gives a process by
 * default, and a process without any left is aborted by the JVM; so their number is bounded well before.
 *
 * <p>May be used by several threads at once.
 */
final class SecretPages {
    /** Keys at once: three quarters of the mappings of a process. */
    static final int LIMIT = 12_288;

    private static final SecretPages SHARED = new SecretPages(LIMIT);

    private final int limit;
    private final AtomicInteger open = new AtomicInteger();

    /** @param limit keys at once, 1 or more. */
    SecretPages(int limit) {
        this.limit = limit;
    }

    /** Those of this process. */
    static SecretPages shared() {
        return SHARED;
    }

    /** Counts one more key. */
    void take() {
        if (open.incrementAndGet() > limit) {
            open.decrementAndGet();
            throw new SecretCellsExhaustedException("no guarded pages for another secret key: open=" + limit
                    + ", at most " + limit + "; close keys that are not used any more");
        }
    }

    /** Counts one less. */
    void give() {
        open.decrementAndGet();
    }

    /** Keys that are open now. */
    int open() {
        return open.get();
    }
}

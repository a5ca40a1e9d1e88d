package io.millrace.map;

import io.millrace.store.StoreException;

/** Libraries that must not be on the path with this one. */
final class Libraries {
    private static final String ANALYTICS = "net.openhft.chronicle.analytics.Analytics";

    private Libraries() {}

    /**
     * Chronicle Map reports its use over the network if it finds its analytics library. Ours is built without it; a
     * program that brings it along by another way is refused.
     */
    static void requireNoAnalytics() throws StoreException {
        try {
            Class.forName(ANALYTICS, false, Libraries.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            return;
        }
        throw new StoreException(
                "net.openhft:chronicle-analytics is on the class path and would connect to the network:"
                        + " exclude it");
    }
}

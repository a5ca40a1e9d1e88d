package io.millrace.directory;

import io.millrace.relay.epoch.EpochSchedule;

/** Rule for the spans that documents name. */
final class EpochSpan {
    private EpochSpan() {}

    static void require(long notBeforeMs, long notAfterMs) {
        if (notBeforeMs < 0 || notAfterMs <= notBeforeMs || notAfterMs > EpochSchedule.MAX_TIME_MS) {
            throw new IllegalArgumentException("a span must end after it begins, within 0 to "
                    + EpochSchedule.MAX_TIME_MS + " ms: notBeforeMs=" + notBeforeMs + ", notAfterMs=" + notAfterMs);
        }
    }
}

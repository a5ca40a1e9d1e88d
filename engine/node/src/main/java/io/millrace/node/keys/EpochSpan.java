package io.millrace.node.keys;

import io.millrace.sphinx.SphinxProfile;
import java.util.Objects;

/**
 * One key epoch of a relay as it was announced.
 *
 * @param number of the epoch, 0 or more.
 * @param notBeforeMs when its key begins to be used, in milliseconds since 1970 of network time.
 * @param notAfterMs when the next epoch begins, in milliseconds since 1970; later than {@code notBeforeMs}.
 * @param law of the delays of its packets, for example {@code exponential(1ms,10ms)}; one line.
 * @param profile wire profile of its packets.
 */
public record EpochSpan(long number, long notBeforeMs, long notAfterMs, String law, SphinxProfile profile) {
    public EpochSpan {
        Objects.requireNonNull(law, "law");
        Objects.requireNonNull(profile, "profile");
        if (number < 0) {
            throw new IllegalArgumentException("an epoch has a number of 0 or more: number=" + number);
        }
        if (notBeforeMs >= notAfterMs) {
            throw new IllegalArgumentException(
                    "an epoch ends after it began: notBefore=" + notBeforeMs + ", notAfter=" + notAfterMs);
        }
        if (law.isBlank() || law.contains("\n")) {
            throw new IllegalArgumentException("the law of delays is one line: law=" + law);
        }
    }

    /**
     * The same epoch with another begin and end.
     *
     * @param beginMs in milliseconds since 1970 of network time.
     * @param endMs in milliseconds since 1970 of network time; later than {@code beginMs}.
     */
    public EpochSpan from(long beginMs, long endMs) {
        return new EpochSpan(number, beginMs, endMs, law, profile);
    }
}

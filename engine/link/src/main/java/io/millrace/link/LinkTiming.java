package io.millrace.link;

import java.time.Duration;

/**
 * Times of a link's work other than packets.
 *
 * @param minRetry least wait before a message is sent again.
 * @param maxRetry longest such wait; each is drawn between the two.
 * @param transmissions of one message before the handshake is given up, 1 or more.
 * @param quiet after so long without an authentic frame, the peer is probed.
 * @param oldKeys how long the session before, and the key before, still open frames that come late.
 * @param keyAge after so long a new handshake is made; the link goes down if several fail.
 */
public record LinkTiming(
        Duration minRetry, Duration maxRetry, int transmissions, Duration quiet, Duration oldKeys, Duration keyAge) {
    /** 200 to 1,200 ms, 8 times; probes after 5 s; old keys for 5 s; new ones after an hour. */
    public static final LinkTiming DEFAULT = new LinkTiming(
            Duration.ofMillis(200),
            Duration.ofMillis(1_200),
            8,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofHours(1));

    /** Checks that all are positive and in order. */
    public LinkTiming {
        if (!minRetry.isPositive()
                || minRetry.compareTo(maxRetry) > 0
                || transmissions < 1
                || !quiet.isPositive()
                || !oldKeys.isPositive()
                || keyAge.compareTo(oldKeys) <= 0) {
            throw new IllegalArgumentException("must hold: 0 < minRetry <= maxRetry, 0 < oldKeys < keyAge: minRetry="
                    + minRetry + ", maxRetry=" + maxRetry + ", transmissions=" + transmissions + ", quiet=" + quiet
                    + ", oldKeys=" + oldKeys + ", keyAge=" + keyAge);
        }
    }
}

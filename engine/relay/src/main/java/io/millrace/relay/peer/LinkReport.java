package io.millrace.relay.peer;

import io.millrace.link.LinkFailure;
import java.util.Map;

/**
 * One handshaked link at one instant.
 *
 * @param peer name of the peer.
 * @param up whether packets can be sent to it.
 * @param hybrid whether the keys of the session established last are X25519's and ML-KEM-768's together.
 * @param started handshakes begun or answered.
 * @param finished handshakes that led to a session; each after the first replaced a session.
 * @param rekeys keys made from the key before, both directions together.
 * @param failures count of failures, by reason; reasons that did not occur are absent.
 */
public record LinkReport(
        String peer,
        boolean up,
        boolean hybrid,
        long started,
        long finished,
        long rekeys,
        Map<LinkFailure, Long> failures) {}

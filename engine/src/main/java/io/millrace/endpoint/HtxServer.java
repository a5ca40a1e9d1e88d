package io.millrace.endpoint;

import io.millrace.crypto.X25519KeyPair;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.TicketKey;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What an endpoint that listens needs to know.
 *
 * @param own static keys; stay the caller's and open as long as the endpoint listens.
 * @param ticketKeys those that initiators may use; as the keys.
 * @param welcome whether a session with the owner of a static public key, 32 bytes, is wanted.
 * @param admission bounds of the handshakes.
 * @param maxConnections connections at once, those in a handshake included; more are closed as they come.
 * @param onConnection called for each connection on a virtual thread of its own; closes it.
 */
public record HtxServer(
        X25519KeyPair own,
        List<TicketKey> ticketKeys,
        Predicate<byte[]> welcome,
        AdmissionConfig admission,
        int maxConnections,
        Consumer<HtxConnection> onConnection) {
    private static final int MAX_CONNECTIONS = 4_096;

    /** Welcomes everybody who holds {@code ticketKey}, with the default bounds. */
    public static HtxServer of(X25519KeyPair own, TicketKey ticketKey, Consumer<HtxConnection> onConnection) {
        return new HtxServer(
                own, List.of(ticketKey), key -> true, AdmissionConfig.DEFAULT, MAX_CONNECTIONS, onConnection);
    }
}

package io.millrace.htx.endpoint;

import io.millrace.crypto.X25519KeyPair;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.TicketKey;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Settings of an endpoint that listens.
 *
 * @param own static keys; stay the caller's and open as long as the endpoint listens.
 * @param ticketKeys those that initiators may use; as the keys.
 * @param welcome whether a session with the owner of a static public key, 32 bytes, is wanted.
 * @param admission bounds of the handshakes.
 * @param maxConnections sessions at once, those included that are over and not closed. If all places are taken, a newcomer
 *     may displace a session of a network that has more, or one without progress; sessions that are displaced and not
 *     closed yet are up to an eighth more. Other connections are closed as they come. Connections in a handshake have as
 *     many places apart from these.
 * @param onConnection called for each connection on a virtual thread; closes it, or leaves that to others. An exception
 *     of it ends the connection.
 */
public record HtxServer(
        X25519KeyPair own,
        List<TicketKey> ticketKeys,
        Predicate<byte[]> welcome,
        AdmissionConfig admission,
        int maxConnections,
        Consumer<HtxConnection> onConnection) {
    private static final int MAX_CONNECTIONS = 4_096;

    /**
     * Welcomes everybody who holds {@code ticketKey}, with the default bounds.
     *
     * @param own static keys; stay the caller's.
     * @param ticketKey of the initiators; stays the caller's.
     * @param onConnection called for each connection on a virtual thread.
     */
    public static HtxServer of(X25519KeyPair own, TicketKey ticketKey, Consumer<HtxConnection> onConnection) {
        return new HtxServer(
                own, List.of(ticketKey), key -> true, AdmissionConfig.DEFAULT, MAX_CONNECTIONS, onConnection);
    }
}

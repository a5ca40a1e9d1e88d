package io.millrace.rig.knee.subject;

import io.millrace.node.config.EngineSettings;
import java.util.List;
import java.util.Map;

/**
 * First line on a subject's stdin: its settings. The secrets were drawn for this run and protect nothing.
 *
 * @param kind {@link #RELAY} or {@link #FORWARDER}.
 * @param relaySecrets X25519 secret keys in hex, one a key epoch.
 * @param identityId of the relay in hex.
 * @param linkSecret X25519 secret key of its links in hex.
 * @param vrfSeed seed of the VRF key in hex.
 * @param psk of all links in hex; unused where they are handshaked.
 * @param neighbours of the subject, in the order of their indexes.
 * @param handshaked whether links have keys from handshakes.
 * @param journal whether replay tags are on disk too.
 * @param durableFirst whether a packet goes on only when its tag is on the disk; only with a journal.
 * @param tcp whether its links are over TCP.
 * @param port to receive at.
 * @param engine settings of the relay's engine, as {@link EngineSettings#texts} gives them.
 * @param cores numbers of the processors on which the subject runs; empty for all.
 * @param mutant name of a way to cheat; empty for an honest relay.
 */
public record SubjectSetup(
        String kind,
        List<String> relaySecrets,
        String identityId,
        String linkSecret,
        String vrfSeed,
        String psk,
        List<Entry> neighbours,
        boolean handshaked,
        boolean journal,
        boolean durableFirst,
        boolean tcp,
        int port,
        Map<String, String> engine,
        List<Integer> cores,
        String mutant) {
    public static final String RELAY = "relay";
    public static final String FORWARDER = "forwarder";

    /**
     * A neighbour of the subject.
     *
     * @param id by which packets name it, in hex.
     * @param linkKey its public key for links in hex.
     * @param port where it receives.
     */
    public record Entry(String id, String linkKey, int port) {}

    /** Ports of the neighbours, in the order of their indexes. */
    List<Integer> ports() {
        return neighbours.stream().map(Entry::port).toList();
    }
}

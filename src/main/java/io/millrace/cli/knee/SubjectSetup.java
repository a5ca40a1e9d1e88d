package io.millrace.cli.knee;

/**
 * What a subject is told on its stdin before anything else. The secrets were drawn for this run and protect nothing.
 *
 * @param kind {@link #RELAY} or {@link #FORWARDER}.
 * @param relaySecret X25519 secret key in hex.
 * @param vrfSeed seed of the VRF key in hex.
 * @param psk of both links in hex.
 * @param upstreamId relay id of the sending neighbour in hex.
 * @param downstreamId relay id of the receiving neighbour in hex.
 * @param tcp whether its links are over TCP.
 * @param port to receive at.
 * @param upstreamPort of the sending neighbour.
 * @param downstreamPort of the receiving neighbour.
 * @param provider crypto provider.
 * @param threading as on the command line.
 * @param waitMode as on the command line.
 * @param batch packets that a stage works on at once.
 * @param delay as on the command line.
 * @param policy as on the command line.
 * @param replayTags packets that an epoch can remember.
 */
record SubjectSetup(
        String kind,
        String relaySecret,
        String vrfSeed,
        String psk,
        String upstreamId,
        String downstreamId,
        boolean tcp,
        int port,
        int upstreamPort,
        int downstreamPort,
        String provider,
        String threading,
        String waitMode,
        int batch,
        String delay,
        String policy,
        int replayTags) {
    static final String RELAY = "relay";
    static final String FORWARDER = "forwarder";

    /** Index of the sending neighbour among the subject's peers. */
    static final int UPSTREAM = 0;

    /** Index of the receiving one. */
    static final int DOWNSTREAM = 1;
}

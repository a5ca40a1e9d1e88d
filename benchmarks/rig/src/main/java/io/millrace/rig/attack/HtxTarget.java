package io.millrace.rig.attack;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.HandshakeVerdict;
import io.millrace.htx.admission.SessionPlaces;
import io.millrace.htx.admission.TicketKey;
import io.millrace.htx.endpoint.HtxConnection;
import io.millrace.htx.endpoint.HtxEndpoint;
import io.millrace.htx.endpoint.HtxListener;
import io.millrace.htx.endpoint.HtxServer;
import io.millrace.htx.endpoint.HtxStream;
import io.millrace.htx.session.SessionConfig;
import io.millrace.rig.flood.FloodServer;
import io.millrace.rig.flood.HonestClients;
import io.millrace.rig.flood.HtxFlood;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An HTX server and its honest clients. */
final class HtxTarget implements AttackTarget {
    /** Time from one newcomer to the next, as a multiple of that in which their network may begin a handshake. */
    private static final double SPACING = 1.4;

    /** Bytes of a session other than the queues of its streams, at most: sealed frames, the frame that comes. */
    private static final long SESSION_BYTES = 512 << 10;

    /** The ends that newcomers and honest clients have in this process. */
    private static final int OTHER_ENDS = AttackSuite.HONEST + 2;

    private final X25519KeyPair own;
    private final X25519KeyPair client;
    private final TicketKey ticketKey;
    private final JumpingClock clock = new JumpingClock();
    private final AdmissionConfig admission;
    private final FloodServer server;
    private final HonestClients honest;

    /** Listens at {@code address}, and starts no load yet. */
    HtxTarget(InetAddress address, AdmissionConfig admission, Randomness randomness) throws IOException {
        this.admission = admission;
        this.own = X25519KeyPair.generate(randomness);
        this.client = X25519KeyPair.generate(randomness);
        this.ticketKey = TicketKey.open(own.publicKey());
        this.server = new FloodServer(
                address,
                new HtxServer(own, List.of(ticketKey), key -> true, admission, AttackSuite.PLACES, connection -> {}),
                clock);
        this.honest = new HonestClients(server.listener().address(), own, client, ticketKey);
    }

    @Override
    public AttackChild.Setup setup(Attack attack, AttackSource source) {
        return new AttackChild.Setup(
                attack,
                source,
                server.listener().address().getPort(),
                HexFormat.of().formatHex(own.publicKey().toArray(ValueLayout.JAVA_BYTE)));
    }

    @Override
    public void start(double bytesPerSecond) throws IOException {
        honest.start(AttackSuite.HONEST, bytesPerSecond);
    }

    @Override
    public void dropBacklog() {
        honest.dropBacklog();
    }

    @Override
    public long taken() {
        return server.taken();
    }

    @Override
    public boolean finish() throws IOException, InterruptedException {
        return honest.finish();
    }

    /** They come more slowly than one network may; each has its session when the server's application has answered it. */
    @Override
    public Newcomers newcomers() {
        return new Newcomers(new Visitor(), (long) (SPACING * 1e9 / admission.perSecond()));
    }

    private final class Visitor implements Newcomers.Visitor {
        private final HtxEndpoint endpoint = HtxEndpoint.start(SessionConfig.HTX1);

        @Override
        public boolean visit() throws IOException {
            try (HtxConnection connection = endpoint.connect(
                            server.listener().address(), client, own.publicKey(), ticketKey, Newcomers.WANTED);
                    HtxStream stream = connection.open()) {
                stream.output().write(FloodServer.TAKE);
                stream.finish();
                return new DataInputStream(stream.input()).readLong() == 0;
            }
        }

        @Override
        public void close() {
            endpoint.close();
        }
    }

    @Override
    public int sessions() {
        return server.sessions();
    }

    @Override
    public int connections() {
        return server.listener().open();
    }

    @Override
    public int connectionsBound() {
        return AttackSuite.PLACES + SessionPlaces.most(AttackSuite.PLACES);
    }

    @Override
    public long boundBytes(int peakSessions) {
        final SessionConfig config = SessionConfig.HTX1;
        return 2L * AttackSuite.HONEST * config.maxReceived()
                + (peakSessions + OTHER_ENDS) * (SESSION_BYTES + config.maxQueued() + config.initialWindow());
    }

    @Override
    public Map<String, Long> counted() {
        final HtxListener listener = server.listener();
        final Map<String, Long> counts = new TreeMap<>(server.violations());
        for (HandshakeVerdict verdict : HandshakeVerdict.values()) {
            if (verdict != HandshakeVerdict.ANSWERED && verdict != HandshakeVerdict.ESTABLISHED) {
                counts.put(HtxFlood.name(verdict), listener.counters().get(verdict));
            }
        }
        counts.put("turned-away", listener.turnedAway());
        counts.put("displaced", listener.displaced());
        counts.put("displaced-sessions", listener.displacedSessions());
        return counts;
    }

    @Override
    public void jump(boolean wanted) {
        clock.jump(wanted);
    }

    @Override
    public void close() {
        honest.close();
        server.close();
        ticketKey.close();
        client.close();
        own.close();
    }
}

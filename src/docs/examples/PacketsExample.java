import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.relay.packet.Delivery;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.Offer;
import io.millrace.relay.peer.Peer;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.packet.RelayListener;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import io.millrace.sphinx.SphinxWrapper;
import io.millrace.vrf.DelaySampler;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;

/** A relay in an application that brings its own packets: half of them end here, half leave for the next hop. */
final class PacketsExample {
    static final int COUNT = 1_000;
    static final int REPLAY_TAGS = 1_000_000; // packets of one key epoch that the relay can tell from replays
    static final long DELAY_NS = 2_000_000; // chosen by the sender, at each hop
    static final long RECIPIENT_LOW = 1, RECIPIENT_HIGH = 2; // the 16-byte id of a recipient at its last relay
    static final long PACKET_AND_SPILL = SphinxGeometry.MR1.packetLength() + SphinxGeometry.SPILL_LENGTH;

    public static void main(String[] args) {
        final var random = new SecureRandomness();
        final var key = new RelaySphinxKey(SecretKey.generate(random)); // closed by the engine
        final var here = new SphinxHop(RelayPublicKey.copyOf(key.publicKey()), DELAY_NS);
        final var listener = new RelayListener() {
            @Override
            public boolean onForward(int peer, MemorySegment packet) {
                return true; // send these bytes to the peer; false drops the packet
            }

            @Override
            public boolean onDeliver(Delivery delivery) {
                return delivery.length() == "hello".length();
            }
        };
        try (Arena arena = Arena.ofShared();
                var next = new RelaySphinxKey(SecretKey.generate(random));
                RelayEngine engine = RelayEngine.builder()
                        .keyEpoch(new SphinxEpoch(1, key, ReplaySet.create(REPLAY_TAGS, random)))
                        .delay(DelaySampler.sender(DELAY_NS))
                        .peer(Peer.direct("next", next.id()))
                        .listener(listener)
                        .build()) {
            engine.start();
            final var there = new SphinxHop(RelayPublicKey.copyOf(next.publicKey()), DELAY_NS);
            final var wrapper = new SphinxWrapper(arena, CryptoProviders.byName("auto"), random, SphinxGeometry.MR1, 1);
            final MemorySegment packet = arena.allocate(PACKET_AND_SPILL, 64);
            for (int i = 0; i < COUNT; i++) {
                final List<SphinxHop> hops = i % 2 == 0 ? List.of(here, there) : List.of(here);
                final var path = SphinxPath.toRecipient(hops, RECIPIENT_LOW, RECIPIENT_HIGH);
                wrapper.wrap(path, MemorySegment.ofArray("hello".getBytes()), packet, 0);
                while (engine.offer(packet, 0) == Offer.FULL) {
                    Thread.onSpinWait(); // the engine never waits for room: the application decides
                }
            }
            engine.stop(Duration.ofSeconds(10));
            System.out.println(engine.counters());
        }
    }
}

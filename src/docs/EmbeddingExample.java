import io.millrace.crypto.CryptoProviders;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.relay.Delivery;
import io.millrace.relay.KeyEpoch;
import io.millrace.relay.Offer;
import io.millrace.relay.Peer;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.RelayListener;
import io.millrace.relay.Stage;
import io.millrace.relay.Verdict;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import io.millrace.sphinx.SphinxWrapper;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EcvrfSecretKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A relay inside an application that brings its own packets and its own way to the next hop. */
final class EmbeddingExample {
    private static final int COUNT = 1_000;
    private static final long STRIDE = 2_112; // a packet of 2,048 bytes, and room for scratch after it

    private EmbeddingExample() {}

    /** The whole use of the engine: build, feed, hear, read, stop. */
    static void relay(KeyEpoch epoch, DelaySampler delay, Peer next, MemorySegment packets) {
        try (RelayEngine engine = RelayEngine.builder().keyEpoch(epoch).delay(delay).peer(next).listener(new RelayListener() {
            @Override
            public boolean onForward(int peer, MemorySegment packet) {
                return true; // send these bytes to the peer; false would drop the packet
            }

            @Override
            public boolean onDeliver(Delivery delivery) {
                return delivery.length() == "hello".length();
            }

            @Override
            public void onDrop(Verdict verdict, int source) {
                System.out.println("dropped: " + verdict.label());
            }
        }).build()) {
            engine.start();
            for (int i = 0; i < COUNT; i++) {
                while (engine.offer(packets, i * STRIDE) == Offer.FULL) {
                    Thread.onSpinWait(); // no room now: the engine never waits, so the application decides
                }
            }
            engine.stop(Duration.ofSeconds(10));
            System.out.println(engine.counters() + " conserved=" + engine.counters().conserved());
            System.out.println("peel p99 = " + engine.histogram(Stage.PEEL).getValueAtPercentile(99) + " ns");
        }
    }

    /** Makes keys and packets, half of them for the next hop and half for this relay's own application. */
    public static void main(String[] args) {
        final SecureRandomness randomness = new SecureRandomness();
        final RelaySphinxKey own = new RelaySphinxKey(SecretKey.generate(randomness));
        try (Arena arena = Arena.ofShared();
                RelaySphinxKey next = new RelaySphinxKey(SecretKey.generate(randomness));
                EcvrfSecretKey vrfKey = EcvrfSecretKey.generate(randomness)) {
            final SphinxHop here = new SphinxHop(RelayPublicKey.copyOf(own.publicKey()), 0);
            final SphinxHop there = new SphinxHop(RelayPublicKey.copyOf(next.publicKey()), 0);
            final MemorySegment hello = MemorySegment.ofArray("hello".getBytes(StandardCharsets.UTF_8));
            final MemorySegment packets = arena.allocate(COUNT * STRIDE, 64);
            final SphinxWrapper wrapper =
                    new SphinxWrapper(arena, CryptoProviders.byName("auto"), randomness, SphinxGeometry.MR1, 1);
            for (int i = 0; i < COUNT; i++) {
                final List<SphinxHop> hops = i % 2 == 0 ? List.of(here, there) : List.of(here);
                wrapper.wrap(SphinxPath.toRecipient(hops, 1, 2), hello, packets, i * STRIDE);
            }
            relay(
                    new KeyEpoch(1, own, ReplaySet.create(1_000_000, randomness)),
                    DelaySampler.packetVrf(DelayDistribution.parse("exponential(1ms,10ms)"), vrfKey),
                    Peer.direct("next", next.id()),
                    packets);
        }
    }
}

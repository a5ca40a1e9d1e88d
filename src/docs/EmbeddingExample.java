import io.millrace.crypto.CryptoProviders;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.relay.Delivery;
import io.millrace.relay.KeyEpoch;
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
import java.time.Duration;
import java.util.List;

/** A relay inside an application that brings its own packets and its own way to the next hop. */
final class EmbeddingExample {
    private EmbeddingExample() {}

    /** Relays 1,000 packets: half are for the next hop, half for this relay's own application. */
    public static void main(String[] args) {
        final SecureRandomness randomness = new SecureRandomness();
        final RelaySphinxKey own = new RelaySphinxKey(SecretKey.generate(randomness));
        final RelayPublicKey self = RelayPublicKey.copyOf(own.publicKey());
        try (EcvrfSecretKey vrfKey = EcvrfSecretKey.generate(randomness);
                RelaySphinxKey next = new RelaySphinxKey(SecretKey.generate(randomness));
                RelayEngine engine = RelayEngine.builder()
                        .keyEpoch(new KeyEpoch(1, own, ReplaySet.create(1_000_000, randomness)))
                        .delay(DelaySampler.packetVrf(DelayDistribution.parse("exponential(1ms,10ms)"), vrfKey))
                        .peer(Peer.direct("next", next.id()))
                        .listener(new Application())
                        .build()) {
            engine.start();
            try (Arena arena = Arena.ofConfined()) {
                final MemorySegment packet = arena.allocate(SphinxGeometry.MR1.packetLength() + 64L, 64);
                for (int i = 0; i < 1_000; i++) {
                    wrap(
                            arena,
                            randomness,
                            i % 2 == 0 ? List.of(self, RelayPublicKey.copyOf(next.publicKey())) : List.of(self),
                            packet);
                    while (!engine.offer(packet, 0)) {
                        Thread.onSpinWait(); // no room now: the engine never waits, the application decides
                    }
                }
            }
            engine.stop(Duration.ofSeconds(10));
            System.out.println(
                    engine.counters() + " conserved=" + engine.counters().conserved());
            System.out.println("peel p99 = " + engine.histogram(Stage.PEEL).getValueAtPercentile(99) + " ns");
        }
    }

    /** What the application does with packets; called on the engine's threads. */
    private static final class Application implements RelayListener {
        @Override
        public boolean onForward(int peer, MemorySegment memory, long position, int length) {
            return true; // send length bytes at position in memory to the peer; false drops the packet
        }

        @Override
        public boolean onDeliver(Delivery delivery) {
            return delivery.length() == 5;
        }

        @Override
        public void onDrop(Verdict verdict, int peer) {
            System.out.println("dropped: " + verdict.label());
        }
    }

    private static void wrap(
            Arena arena, SecureRandomness randomness, List<RelayPublicKey> relays, MemorySegment packet) {
        final SphinxPath path = SphinxPath.toRecipient(
                relays.stream().map(relay -> new SphinxHop(relay, 0)).toList(), 1, 2);
        new SphinxWrapper(arena, CryptoProviders.byName("auto"), randomness, SphinxGeometry.MR1, 1)
                .wrap(path, MemorySegment.ofArray("hello".getBytes()), packet, 0);
    }
}

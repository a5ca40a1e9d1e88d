package io.millrace.cli.bench;

import io.millrace.config.ThreadingMode;
import io.millrace.crypto.BatchCrypto;
import io.millrace.crypto.CryptoProviders;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.htx.Link;
import io.millrace.htx.LinkKeys;
import io.millrace.memory.TrackedArena;
import io.millrace.receipt.Operation;
import io.millrace.relay.Delivery;
import io.millrace.relay.EngineCounters;
import io.millrace.relay.KeyEpoch;
import io.millrace.relay.Peer;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.RelayEngineBuilder;
import io.millrace.relay.RelayListener;
import io.millrace.relay.ReplayFilter;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.vrf.DelayDraws;
import io.millrace.vrf.DelayPolicy;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EcvrfSecretKey;
import io.millrace.vrf.EpochKey;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One benchmark run: prepares the packets, builds the engine between its two neighbours, warms up, lets everything leave,
 * counts for the time asked for, and stops.
 */
final class BenchRun {
    private static final Duration DRAIN = Duration.ofSeconds(30);
    private static final long LADDER_EACH_MS = 100;
    private static final int LADDERS_AT_ONCE = 8;
    private static final int DRAWS = 100_000;
    private static final int DRAWS_SLOW = 1_000;
    private static final int LADDERS_FIRST = 200;

    private final BenchOptions options;
    private final Consumer<String> progress;
    private final SecureRandomness randomness = new SecureRandomness();
    private final SecureRandom hashKeys = new SecureRandom();

    /** Null where the replay set is in memory only. */
    private BenchJournal journal;

    /**
     * Prepares a run.
     *
     * @param progress hears what is being done, a line each.
     */
    BenchRun(BenchOptions options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
    }

    BenchReport run() throws IOException, InterruptedException {
        if (!options.journalled()) {
            return runEngine();
        }
        try (BenchJournal opened = new BenchJournal()) {
            journal = opened;
            return runEngine();
        }
    }

    private BenchReport runEngine() throws InterruptedException, IOException {
        final BatchCrypto provider = CryptoProviders.byName(options.providerName());
        try (TrackedArena arena = TrackedArena.shared();
                SecretKey relaySecret = SecretKey.generate(randomness);
                RelaySphinxKey upstream = new RelaySphinxKey(SecretKey.generate(randomness));
                SecretKey psk = SecretKey.generate(randomness);
                EcvrfSecretKey vrfKey = EcvrfSecretKey.generate(randomness)) {
            final RelaySphinxKey downstream = new RelaySphinxKey(SecretKey.generate(randomness));
            final KeyEpoch firstEpoch = keyEpoch(relaySecret, 1);
            final RelayPublicKey relay = RelayPublicKey.copyOf(firstEpoch.key().publicKey());
            final long began = System.nanoTime();
            progress.accept("preparing " + options.packets() + " packets ...");
            try (PacketPool pool = PacketPool.prepare(
                    provider, upstream, relay, RelayPublicKey.copyOf(downstream.publicKey()), options.packets())) {
                final double prepareSeconds = (System.nanoTime() - began) / 1e9;
                final TimedCrypto timed = new TimedCrypto(provider, options.slowPeelNs() / 2); // two a packet
                final DownstreamPeer sink =
                        new DownstreamPeer(provider, new Link(linkKeys(psk, downstream.id(), relay.id())), downstream);
                final FrameSource inline =
                        new InlineSource(provider, pool, new Link(linkKeys(psk, upstream.id(), relay.id())));
                final boolean shared = options.config().threading() == ThreadingMode.SHARED;
                final BenchCarrier carrier = new BenchCarrier(
                        shared ? new FeedSource(inline) : inline,
                        sink,
                        number -> keyEpoch(relaySecret, number),
                        pool.count(),
                        2 * options.config().batchLimit(),
                        options.inside());
                final RelayEngineBuilder builder = RelayEngine.builder()
                        .config(options.config())
                        .crypto(timed)
                        .keyEpoch(firstEpoch)
                        .delay(sampler(vrfKey, relay.id()))
                        .carrier(carrier)
                        .peer(Peer.linked("upstream", upstream.id(), linkKeys(psk, relay.id(), upstream.id())))
                        .peer(Peer.linked("downstream", downstream.id(), linkKeys(psk, relay.id(), downstream.id())))
                        .listener(new RelayListener() {
                            @Override
                            public boolean onDeliver(Delivery delivery) {
                                carrier.delivered();
                                return true;
                            }
                        });
                try (ReceiptLoad receipts = options.receipts().isPresent()
                                ? ReceiptLoad.ofPackets(options.receipts().get())
                                : null;
                        RelayEngine engine = withReceipts(builder, receipts).build();
                        DelaySampler drawing = sampler(vrfKey, relay.id())) {
                    carrier.engine(engine);
                    final DelayDraws draws =
                            drawing.draws(provider, options.config().batchLimit());
                    return measure(
                            engine, carrier, sink, timed, draws, new LadderMeter(arena), prepareSeconds, receipts);
                }
            }
        }
    }

    private BenchReport measure(
            RelayEngine engine,
            BenchCarrier carrier,
            DownstreamPeer sink,
            TimedCrypto timed,
            DelayDraws draws,
            LadderMeter ladders,
            double prepareSeconds,
            ReceiptLoad receipts)
            throws InterruptedException, IOException {
        ladders.sample(LADDERS_FIRST);
        ladders.endQuiet();
        engine.start();
        progress.accept("warming up for " + options.warmupSeconds() + " s ...");
        carrier.resume();
        pass(options.warmupSeconds(), engine, ladders);
        carrier.pause();
        awaitEmpty(engine);

        final List<Thread> all = engine.threads();
        final List<Thread> working = all.stream()
                .filter(thread -> !thread.getName().equals("millrace-io"))
                .toList();
        engine.resetHistograms();
        ladders.reset();
        final long passesBefore = carrier.passes();
        final EngineCounters before = engine.counters();
        final Map<String, Long> cryptoBefore = timed.spentNs();
        final long betweenBefore = timed.betweenNs();
        final long cpuBefore = ThreadMeter.cpuNs(working);
        final long allocatedBefore = ThreadMeter.allocatedBytes(all);
        final long start = System.nanoTime();
        progress.accept("measuring for " + options.seconds() + " s ...");
        carrier.resume();
        pass(options.seconds(), engine, ladders);
        carrier.pause();
        final long elapsed = System.nanoTime() - start;
        final long cpu = ThreadMeter.cpuNs(working) - cpuBefore;
        final long allocated = ThreadMeter.allocatedBytes(all) - allocatedBefore;
        final EngineCounters after = engine.counters();
        final Map<String, Long> crypto = new TreeMap<>();
        timed.spentNs().forEach((name, ns) -> crypto.put(name, ns - cryptoBefore.get(name)));
        final long between = timed.betweenNs() - betweenBefore;
        final boolean drained = engine.stop(DRAIN);
        final double drawNs = drawNs(draws);
        final BenchFigures figures = new BenchFigures(
                before,
                after,
                engine.counters(),
                elapsed,
                cpu,
                working.size(),
                allocated,
                crypto,
                between,
                drawNs,
                ladders.medianNs(),
                ladders.count(),
                prepareSeconds,
                carrier.passes() - passesBefore + 1,
                sink.verified(),
                sink.wrong(),
                drained);
        return BenchReport.of(options, timed.name(), figures, engine, receiptFigures(receipts, figures.ladderNs()));
    }

    private static RelayEngineBuilder withReceipts(RelayEngineBuilder builder, ReceiptLoad receipts) {
        return receipts == null ? builder : builder.receipts(receipts.service(), EnumSet.allOf(Operation.class));
    }

    private ReceiptFigures receiptFigures(ReceiptLoad receipts, long ladderNs) throws IOException {
        if (receipts == null) {
            return null;
        }
        progress.accept("measuring receipts ...");
        return new ReceiptBench(options.receipts().orElseThrow(), ladderNs)
                .run(receipts.service().counters());
    }

    private static void pass(int seconds, RelayEngine engine, LadderMeter ladders) throws InterruptedException {
        final long start = System.nanoTime();
        while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(seconds)) {
            Thread.sleep(LADDER_EACH_MS);
            ladders.sample(LADDERS_AT_ONCE);
            failIfBroken(engine);
        }
    }

    private static void awaitEmpty(RelayEngine engine) throws InterruptedException {
        final long start = System.nanoTime();
        do {
            Thread.sleep(1);
            failIfBroken(engine);
            if (System.nanoTime() - start > DRAIN.toNanos()) {
                throw new IllegalStateException("the engine did not become empty: " + engine.counters());
            }
        } while (engine.queueLength() > 0 || engine.counters().inFlight() > 0);
    }

    /** What drawing a delay costs, measured apart, in batches as the engine draws them. */
    private double drawNs(DelayDraws draws) {
        final int batch = options.config().batchLimit();
        final int batches = Math.max(1, (options.policy() == DelayPolicy.PACKET_VRF ? DRAWS_SLOW : DRAWS) / batch);
        long sum = 0;
        long start = 0;
        for (int i = -batches; i < batches; i++) {
            if (i == 0) {
                start = System.nanoTime();
            }
            for (int j = 0; j < batch; j++) {
                draws.add((i * (long) batch + j) * 0x9E3779B97F4A7C15L, i, 0);
            }
            draws.draw();
            sum += draws.delayNs(batch - 1);
            draws.clear();
        }
        final long elapsed = System.nanoTime() - start;
        if (sum < 0) {
            throw new AssertionError("delays are not negative");
        }
        return (double) elapsed / batches / batch;
    }

    private static void failIfBroken(RelayEngine engine) {
        engine.failure().ifPresent(failure -> {
            throw new IllegalStateException("the engine failed", failure);
        });
    }

    private KeyEpoch keyEpoch(SecretKey secret, long number) {
        final ReplaySet set = new ReplaySet(options.packets(), hashKeys.nextLong(), hashKeys.nextLong());
        return new KeyEpoch(
                number,
                new RelaySphinxKey(SecretKey.copyOf(secret.segment())),
                journal == null ? ReplayFilter.inMemory(set) : journal.filter(number, set));
    }

    private DelaySampler sampler(EcvrfSecretKey vrfKey, RelayId relay) {
        return switch (options.policy()) {
            case SENDER -> DelaySampler.sender(options.delay().maxNs());
            case EPOCH_VRF -> DelaySampler.epochVrf(options.delay(), EpochKey.prepare(vrfKey, bytes(relay), 1));
            case PACKET_VRF -> DelaySampler.packetVrf(options.delay(), vrfKey);
        };
    }

    private static LinkKeys linkKeys(SecretKey psk, RelayId own, RelayId peer) {
        return LinkKeys.preShared(psk, bytes(own), bytes(peer), Instant.now());
    }

    private static byte[] bytes(RelayId id) {
        final byte[] bytes = new byte[RelayId.LENGTH];
        id.writeTo(MemorySegment.ofArray(bytes), 0);
        return bytes;
    }
}

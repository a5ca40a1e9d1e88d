package io.millrace.cli.trace;

import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.link.Link;
import io.millrace.link.LinkFrame;
import io.millrace.link.LinkKeys;
import io.millrace.link.LinkSealer;
import io.millrace.memory.TrackedArena;
import io.millrace.receipt.LogKey;
import io.millrace.receipt.Operation;
import io.millrace.receipt.ReceiptId;
import io.millrace.receipt.SigningMode;
import io.millrace.receipt.StoredReceipts;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.RelayEngineBuilder;
import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.peer.Peer;
import io.millrace.relay.receipts.PacketReceiptOptions;
import io.millrace.relay.receipts.ReceiptOptions;
import io.millrace.relay.receipts.ReceiptService;
import io.millrace.sphinx.PeelBatch;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import io.millrace.sphinx.SphinxPeeler;
import io.millrace.sphinx.SphinxProfile;
import io.millrace.sphinx.SphinxWrapper;
import io.millrace.store.CommitPolicy;
import io.millrace.store.ReplayJournal;
import io.millrace.store.Store;
import io.millrace.tlog.RefusedException;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayEpoch;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EcvrfSecretKey;
import io.millrace.vrf.EpochDelayProof;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;

/**
 * The relay under attack: one sender, two next hops, packets at random times, and real files. Also the ground truth of every
 * packet, which the relay's key gives.
 *
 * <p>Not thread safe. Owns its keys and its memory; the folders stay.
 */
final class TracedRelay implements AutoCloseable {
    /** Name of the key, in the journal's file name. */
    static final String JOURNAL = "trace";

    static final long EPOCH = 1;
    static final int HOPS = 2;

    private static final Duration DRAIN = Duration.ofMinutes(1);
    private static final long MAX_STORE = 1L << 30;

    private final TrackedArena arena = TrackedArena.shared();
    private final BatchCrypto crypto = CryptoProviders.byName("auto");
    private final Randomness randomness = new SecureRandomness();
    private final SecretKey secret = SecretKey.generate(randomness);
    private final SphinxProfile profile;
    private final RelaySphinxKey key;
    private final EcvrfSecretKey vrf = EcvrfSecretKey.generate(randomness);
    private final RelaySphinxKey[] peers = new RelaySphinxKey[1 + HOPS];
    private final DelayDistribution law;
    private final int[] hops;
    private final long[] scheduleNs;
    private final long[] replayLows;
    private final MemorySegment frames;
    private TraceCarrier carrier;
    private long longestEnds;

    /**
     * Chooses routes and times.
     *
     * @param profile wire profile of the packets.
     * @param law of the delays.
     * @param packets 1 or more.
     * @param rate packets a second, a Poisson process.
     * @param seed of routes and times.
     */
    TracedRelay(SphinxProfile profile, DelayDistribution law, int packets, double rate, long seed) {
        this.profile = profile;
        this.key = new RelaySphinxKey(SecretKey.copyOf(secret.segment()), profile);
        this.law = law;
        this.hops = new int[packets];
        this.scheduleNs = new long[packets];
        this.replayLows = new long[packets];
        this.frames = arena.allocate((long) packets * LinkFrame.FRAME_LENGTH, 64);
        final Random random = new Random(seed);
        double at = 0;
        for (int i = 0; i < packets; i++) {
            at -= Math.log(1 - random.nextDouble()) / rate;
            scheduleNs[i] = (long) (1e9 * at);
            hops[i] = random.nextInt(HOPS);
        }
        for (int i = 0; i < peers.length; i++) {
            peers[i] = new RelaySphinxKey(SecretKey.generate(randomness), profile);
        }
    }

    /** Runs the relay over all packets, with its journal and receipts in these folders. */
    void run(Path journalFolder, Path receiptsFolder, PacketReceiptOptions coarseness)
            throws IOException, RefusedException {
        try (SecretKey psk = SecretKey.generate(randomness);
                SecretKey logSeed = SecretKey.generate(randomness);
                LogKey logKey = LogKey.ofSeed("example/trace", logSeed.segment());
                SecretKey journalKey = key.journalKey();
                Store store = Store.open(journalFolder, CommitPolicy.DEFAULT);
                StoredReceipts receipts = StoredReceipts.open(receiptsFolder, CommitPolicy.DEFAULT, MAX_STORE);
                ReceiptService service = ReceiptService.start(
                        receipts, logKey, new ReceiptId(0, 1), ReceiptOptions.of(SigningMode.BATCH), note -> {})) {
            prepare(psk);
            final ReplayJournal journal = ReplayJournal.open(store, JOURNAL, EPOCH, journalKey, randomness, false);
            carrier = new TraceCarrier(frames, scheduleNs);
            try (RelayEngine engine = engine(psk, journal, service, coarseness)) {
                final long beganNs = System.nanoTime();
                engine.start();
                while (engine.counters().forwarded() < hops.length) {
                    if (engine.failure().isPresent()
                            || !engine.counters().dropped().isEmpty()) {
                        throw new IllegalStateException("the relay dropped packets: " + engine.counters());
                    }
                    sleep();
                }
                engine.stop(DRAIN);
                final long longestNs = coarseness.longest().toNanos();
                longestEnds = Math.floorDiv(System.nanoTime(), longestNs) - Math.floorDiv(beganNs, longestNs);
            }
        }
    }

    /** Opens the journal as one who has the epoch's Sphinx secret, who closes the key. */
    SecretKey journalKey() {
        return key.journalKey();
    }

    /** The disclosure of the epoch, as it will be published. */
    EpochDelayProof disclosure() {
        return DelayEpoch.prepare(vrf, idBytes(key), EPOCH).takeDiscloser().disclose();
    }

    DelayDistribution law() {
        return law;
    }

    /** To which next hop each packet was routed: 0 or 1. */
    int[] hops() {
        return hops;
    }

    /** First 8 bytes of each packet's replay tag. */
    long[] replayLows() {
        return replayLows;
    }

    /** When packets arrived. */
    long[] arrivedNs() {
        return carrier.arrivedNs();
    }

    /** When packets left for a next hop. */
    long[] leftNs(int hop) {
        return carrier.leftNs(1 + hop);
    }

    /** How many ends of the longest time, which are multiples of it by the monotonic clock, the run saw. */
    long longestEnds() {
        return longestEnds;
    }

    /** How receipts name a next hop. */
    ReceiptId actor(int hop) {
        return ReceiptId.ofHex(peers[1 + hop].id().toString());
    }

    @Override
    public void close() {
        for (RelaySphinxKey each : peers) {
            each.close();
        }
        vrf.close();
        key.close();
        secret.close();
        arena.close();
    }

    private RelayEngine engine(
            SecretKey psk, ReplayJournal journal, ReceiptService service, PacketReceiptOptions coarseness) {
        final RelaySphinxKey own = new RelaySphinxKey(SecretKey.copyOf(secret.segment()), profile);
        final ReplaySet set = new ReplaySet(hops.length, 1, 2);
        final RelayEngineBuilder builder = RelayEngine.builder()
                .config(EngineConfig.builder()
                        .threading(ThreadingMode.SPLIT)
                        .slotCount(1 << 16)
                        .ringSize(1 << 16)
                        .maxDelay(Duration.ofNanos(law.maxNs()))
                        .build())
                .crypto(crypto)
                .keyEpoch(new SphinxEpoch(
                        EPOCH,
                        own,
                        ReplayFilter.journalled(set, journal),
                        DelayEpoch.prepare(vrf, idBytes(key), EPOCH)))
                .delay(DelaySampler.epochVrf(law))
                .receipts(service, EnumSet.of(Operation.FORWARDED, Operation.CUSTODY), coarseness)
                .carrier(carrier);
        for (int i = 0; i < peers.length; i++) {
            builder.peer(Peer.linked(
                    "peer-" + i,
                    peers[i].id(),
                    LinkKeys.preShared(psk, idBytes(key), idBytes(peers[i]), Instant.now())));
        }
        return builder.build();
    }

    /** Wraps and seals all packets, and peels a copy of each for the ground truth. */
    private void prepare(SecretKey psk) {
        try (TrackedArena scratch = TrackedArena.shared();
                Link link = new Link(
                        LinkKeys.preShared(psk, idBytes(peers[TraceCarrier.SENDER]), idBytes(key), Instant.now()))) {
            final MemorySegment packet = scratch.allocate(4096, 64);
            final SphinxGeometry geometry = SphinxGeometry.of(profile);
            final SphinxWrapper wrapper = new SphinxWrapper(scratch, crypto, randomness, geometry, 1);
            final SphinxPeeler peeler = new SphinxPeeler(scratch, crypto, geometry, 1);
            final PeelBatch peels = new PeelBatch(scratch, geometry, packet, 1);
            final LinkSealer sealer = new LinkSealer(scratch, crypto, frames, 1);
            final SphinxPath[] paths = new SphinxPath[HOPS];
            for (int hop = 0; hop < HOPS; hop++) {
                paths[hop] = SphinxPath.toRecipient(List.of(hop(key), hop(peers[1 + hop])), 1, 2);
            }
            for (int i = 0; i < hops.length; i++) {
                wrapper.wrap(paths[hops[i]], MemorySegment.ofArray(new byte[8]), packet, 0);
                final long frame = (long) i * LinkFrame.FRAME_LENGTH;
                MemorySegment.copy(packet, 0, frames, frame + LinkFrame.HEADER_LENGTH, LinkFrame.PACKET_LENGTH);
                sealer.add(frame, link, EPOCH);
                sealer.seal();
                peels.clear();
                peels.add(0);
                peeler.authenticate(key, peels);
                replayLows[i] = peels.tagLow(0);
            }
            peels.clear();
        }
    }

    private SphinxHop hop(RelaySphinxKey relay) {
        return new SphinxHop(RelayPublicKey.copyOf(relay.publicKey(), profile), 0);
    }

    private static byte[] idBytes(RelaySphinxKey relay) {
        final byte[] bytes = new byte[LinkKeys.ID_LENGTH];
        relay.id().writeTo(MemorySegment.ofArray(bytes), 0);
        return bytes;
    }

    private static void sleep() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while the relay runs", e);
        }
    }
}

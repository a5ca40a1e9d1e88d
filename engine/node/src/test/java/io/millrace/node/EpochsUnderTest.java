package io.millrace.node;

import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.directory.DelayDisclosure;
import io.millrace.directory.DelayLaw;
import io.millrace.directory.DisclosureLog;
import io.millrace.directory.DocumentException;
import io.millrace.directory.EpochPublicKey;
import io.millrace.directory.FolderPublisher;
import io.millrace.directory.IdentityKey;
import io.millrace.directory.KeyRole;
import io.millrace.directory.RelayDescriptor;
import io.millrace.node.config.JournalSettings;
import io.millrace.node.keys.EpochKeyStore;
import io.millrace.relay.Offer;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.relay.epoch.NetworkClock;
import io.millrace.relay.packet.Delivery;
import io.millrace.relay.packet.PacketSource;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.packet.Verdict;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import io.millrace.sphinx.SphinxProfile;
import io.millrace.sphinx.SphinxWrapper;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EcvrfSecretKey;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The key epochs of a relay with a real engine and real folders, by clocks that the test sets. */
final class EpochsUnderTest implements AutoCloseable {
    static final EpochSchedule SCHEDULE = new EpochSchedule(0, 60_000, 8_000);
    static final DelayLaw LAW = new DelayLaw(DelayPolicy.EPOCH_VRF, DelayDistribution.uniform(0, 1_000_000));
    static final int TAGS = 50;

    /** Both clocks of the machine; a restart keeps them. */
    static final class Clocks {
        private final AtomicLong wallMs;
        private final AtomicLong monotonicNs = new AtomicLong(1);
        private int readsLeft;
        private long passing;

        Clocks(long startMs) {
            this.wallMs = new AtomicLong(startMs);
        }

        void pass(long ms) {
            wallMs.addAndGet(ms);
            monotonicNs.addAndGet(ms * 1_000_000);
        }

        /** Lets time pass when the clock is read so many times more. */
        void passAtRead(int reads, long ms) {
            readsLeft = reads;
            passing = ms;
        }

        private long monotonicNs() {
            if (readsLeft > 0 && --readsLeft == 0) {
                pass(passing);
            }
            return monotonicNs.get();
        }

        void jumpWall(long ms) {
            wallMs.addAndGet(ms);
        }

        long wallMs() {
            return wallMs.get();
        }
    }

    private static final long PATIENCE_S = 60;
    private static final int ROUNDS = 3;
    private static final long LOOK_NS = 1_000_000_000; // the engine's clock goes on by a look of its schedule
    private static final long PACKET_NS = 100_000; // by less: there is no look
    private static final long PARK_NS = 10_000;

    private final Path folder;
    private final SecretKey root;
    private final Clocks clocks;
    private final Optional<NodeJournal> journal;
    private final RelayEpochs epochs;
    private final RelayEngine engine;
    private final Arena arena = Arena.ofConfined();
    private final SphinxWrapper wrapper;
    private final MemorySegment packet;
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong engineNs = new AtomicLong();
    private final Steps steps = new Steps();

    EpochsUnderTest(Path folder, SecretKey root, Clocks clocks) throws IOException {
        this(folder, root, clocks, new SecureRandomness());
    }

    EpochsUnderTest(Path folder, SecretKey root, Clocks clocks, Randomness randomness) throws IOException {
        this(folder, root, clocks, randomness, SCHEDULE, LAW);
    }

    EpochsUnderTest(
            Path folder, SecretKey root, Clocks clocks, Randomness randomness, EpochSchedule schedule, DelayLaw law)
            throws IOException {
        this.folder = folder;
        this.root = root;
        this.clocks = clocks;
        final byte[] id = identity().id();
        final EpochKeyStore store = EpochKeyStore.open(folder.resolve("keys"));
        Optional<NodeJournal> opened = Optional.empty();
        RelayEpochs made = null;
        try (EcvrfSecretKey vrf = KeyRole.vrfKey(root.segment())) {
            opened = Optional.of(NodeJournal.open(
                    new JournalSettings(folder.resolve("state"), false),
                    identity().idHex()));
            final EpochMaker maker =
                    new EpochMaker(store, id, KeyRole.vrfKey(root.segment()), law.isDisclosed(), TAGS, opened);
            final EpochDocuments documents = new EpochDocuments(
                    KeyRole.identityKey(root.segment()),
                    new byte[32],
                    vrf.publicKey().toArray(ValueLayout.JAVA_BYTE),
                    schedule,
                    FolderPublisher.open(folder.resolve("public"), FolderPublisher.DEFAULT_CAPACITY));
            made = new RelayEpochs(
                    schedule,
                    law,
                    SphinxProfile.MR1,
                    store,
                    maker,
                    documents,
                    new NetworkClock(clocks.wallMs::get, clocks::monotonicNs),
                    randomness);
        } finally {
            if (made == null) {
                store.close();
                opened.ifPresent(NodeJournal::close);
            }
        }
        this.journal = opened;
        this.epochs = made;
        this.engine = RelayEngine.builder()
                .config(EngineConfig.builder()
                        .threading(ThreadingMode.INVOKER)
                        .slotCount(256)
                        .ringSize(256)
                        .build())
                .crypto(CryptoProviders.byName("sodium"))
                .epochs(schedule, epochs.rolling().source())
                .epochClock(epochs.rolling().clock())
                .epochExecutor(steps)
                .clock(engineNs::get)
                .delay(law.isDisclosed() ? DelaySampler.epochVrf(law.distribution()) : DelaySampler.sender(1_000_000))
                .listener(new RelayListener() {
                    @Override
                    public boolean onDeliver(Delivery delivery) {
                        delivered.incrementAndGet();
                        return true;
                    }
                })
                .build();
        epochs.attach(engine);
        engine.start();
        this.wrapper = new SphinxWrapper(
                arena, CryptoProviders.byName("sodium"), new SecureRandomness(), SphinxGeometry.MR1, 1);
        this.packet = arena.allocate(SphinxGeometry.MR1.packetLength() + SphinxGeometry.SPILL_LENGTH, 64);
    }

    RelayEngine engine() {
        return engine;
    }

    RelayEpochs epochs() {
        return epochs;
    }

    long running() {
        return engine.keyEpoch();
    }

    Optional<String> problem() {
        return epochs.problem();
    }

    IdentityKey identity() {
        try (var pair = KeyRole.identityKey(root.segment())) {
            return IdentityKey.of(pair);
        }
    }

    /** From here on the thread of the epochs does the work on the disk. */
    void start() {
        steps.thread = Executors.newSingleThreadExecutor();
    }

    /** Runs the calls of the source in the thread that polls, or in its own. */
    private static final class Steps implements Executor {
        private ExecutorService thread; // null: none

        @Override
        public void execute(Runnable step) {
            if (thread == null) {
                step.run();
            } else {
                thread.execute(step);
            }
        }
    }

    /** Lets time pass, and makes the turns that are due; also does the work on the disk unless a thread does. */
    void pass(long ms) {
        clocks.pass(ms);
        due();
    }

    private void due() {
        for (int i = 0; i < ROUNDS; i++) { // a step may make an epoch for the turn after it, and the other way round
            round(LOOK_NS);
        }
    }

    private void round(long ns) {
        engineNs.addAndGet(ns);
        engine.doWork();
    }

    /** Polls until something holds; engine threads need a moment. */
    void pollUntil(BooleanSupplier holds) {
        awaitTrue(holds, true);
    }

    private void awaitTrue(BooleanSupplier holds, boolean poll) {
        final long start = System.nanoTime();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(PATIENCE_S)) {
                throw new AssertionError("does not happen: epochs=" + engine.epochs() + ", counters="
                        + engine.counters() + ", problem=" + epochs.problem());
            }
            if (poll) {
                due();
            } else {
                round(PACKET_NS);
            }
            LockSupport.parkNanos(PARK_NS);
        }
    }

    RelayDescriptor descriptor() throws IOException, DocumentException {
        return RelayDescriptor.decode(publisher().descriptor().orElseThrow(), identity());
    }

    List<Long> disclosed() throws IOException {
        return publisher().epochs();
    }

    /** All disclosures, verified and without a gap. */
    DisclosureLog log() throws IOException, DocumentException {
        final DisclosureLog log = new DisclosureLog(descriptor(), 10_000);
        for (long epoch : disclosed()) {
            log.add(DelayDisclosure.decode(publisher().disclosure(epoch).orElseThrow(), identity()));
        }
        return log;
    }

    /** Wraps a packet for an epoch that the descriptor announces, to end here. */
    MemorySegment wrap(long epoch) throws IOException, DocumentException {
        final EpochPublicKey key = descriptor().keyOf(epoch).orElseThrow();
        wrapper.wrap(
                SphinxPath.toRecipient(List.of(new SphinxHop(key.key(), 0)), 0, 0),
                MemorySegment.ofArray(new byte[8]),
                packet,
                0);
        return MemorySegment.ofArray(packet.toArray(ValueLayout.JAVA_BYTE));
    }

    /** Offers a packet and waits until it was delivered or dropped, polling meanwhile; what became of it. */
    Verdict end(long epoch, MemorySegment wrapped) {
        return end(epoch, wrapped, true);
    }

    /** As {@link #end(long, MemorySegment)}; no turn is made meanwhile if {@code poll} is false. */
    Verdict end(long epoch, MemorySegment wrapped, boolean poll) {
        final long before = engine.counters().delivered();
        final long ended = before + engine.counters().droppedTotal();
        final var dropped = engine.counters().dropped();
        while (engine.offer(PacketSource.APPLICATION, epoch, wrapped, 0) != Offer.OK) {
            Thread.onSpinWait();
        }
        awaitTrue(() -> engine.counters().delivered() + engine.counters().droppedTotal() > ended, poll);
        return engine.counters().delivered() > before
                ? Verdict.DELIVERED
                : engine.counters().dropped().entrySet().stream()
                        .filter(each -> each.getValue() > dropped.getOrDefault(each.getKey(), 0L))
                        .findFirst()
                        .orElseThrow()
                        .getKey();
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    static RelayId idOf(EpochPublicKey key) {
        return key.key().id();
    }

    private FolderPublisher publisher() {
        return FolderPublisher.reader(folder.resolve("public"));
    }

    @Override
    public void close() {
        engine.close();
        epochs.close();
        if (steps.thread != null) {
            steps.thread.shutdown();
        }
        journal.ifPresent(NodeJournal::close);
        arena.close();
    }
}

package io.millrace.relay;

import io.millrace.carrier.Carrier;
import io.millrace.config.EngineConfig;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.link.LinkFrame;
import io.millrace.link.LinkIdentity;
import io.millrace.link.LinkTiming;
import io.millrace.metrics.NanoClock;
import io.millrace.receipt.Operation;
import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.relay.epoch.EpochSource;
import io.millrace.relay.epoch.NetworkClock;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.peer.Peer;
import io.millrace.relay.receipts.PacketReceiptOptions;
import io.millrace.relay.receipts.ReceiptPolicy;
import io.millrace.relay.receipts.ReceiptService;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.vrf.DelaySampler;
import io.millrace.wheel.TickOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Gathers the parts of an engine. Required: a key epoch or a source of them, and the delay sampler. Mutable; discard after
 * {@link #build()}.
 */
public final class RelayEngineBuilder {
    private static final int SPARE_PEERS = 16;
    private static final int MAX_PEERS = 1 << 16;

    EngineConfig config = EngineConfig.builder().build();
    SphinxGeometry geometry = SphinxGeometry.MR1;
    BatchCrypto crypto;
    SphinxEpoch keyEpoch;
    EngineEpochs epochs; // null: the application rolls
    private NetworkClock epochClock; // null: made of the other two clocks
    private Executor epochExecutor; // null: the default
    DelaySampler sampler;
    Carrier carrier;
    RelayListener listener = RelayListener.NONE;
    NanoClock clock = NanoClock.SYSTEM;
    LinkIdentity identity;
    LinkTiming linkTiming = LinkTiming.DEFAULT;
    Randomness linkRandomness;

    /** For tests: another order of the packets of one tick. */
    TickOrder tickOrder;

    /** Longest sleep of a thread that others wake, in nanoseconds: the cost of a lost wake-up. Longer for tests. */
    long longestSleepNs = Carrier.LONGEST_WAIT_NS;

    LongSupplier wallClock = System::currentTimeMillis;
    ThreadFactory threadFactory = Thread.ofPlatform().factory();
    Consumer<Throwable> onFailure = RelayEngineBuilder::logFailure;
    ReceiptPolicy receipts;
    RelayId relayId; // null: that of the first key
    int peerLimit; // 0: the default
    final List<Peer> peers = new ArrayList<>();

    RelayEngineBuilder() {}

    /**
     * Sets sizes and threads; default {@link EngineConfig}'s defaults.
     *
     * @param config sizes and threads.
     */
    public RelayEngineBuilder config(EngineConfig config) {
        this.config = config;
        return this;
    }

    /**
     * Sets the Sphinx geometry, of the same packet length; default {@code mr1}.
     *
     * @param geometry of all packets; {@code mr1} and {@code mr2} serve both profiles, by the key of the epoch.
     */
    public RelayEngineBuilder geometry(SphinxGeometry geometry) {
        this.geometry = geometry;
        return this;
    }

    /**
     * Sets the crypto provider; default the fastest that the machine offers.
     *
     * @param crypto provider of the batch operations; stays the caller's.
     */
    public RelayEngineBuilder crypto(BatchCrypto crypto) {
        this.crypto = crypto;
        return this;
    }

    /**
     * Sets the first key epoch; the engine closes it.
     *
     * @param keyEpoch belongs to the engine from {@link #build} on.
     */
    public RelayEngineBuilder keyEpoch(SphinxEpoch keyEpoch) {
        this.keyEpoch = keyEpoch;
        return this;
    }

    /**
     * Lets the engine roll its key epochs itself, instead of {@link #keyEpoch}: by a thread {@code millrace-epochs}, under
     * {@link io.millrace.config.ThreadingMode#INVOKER} in {@link RelayEngine#doWork()}. Packets of an epoch are accepted from a
     * quarter of its length before it begins until one overlap after it ends. An epoch whose replay set is nearly full ends
     * early, if the source can tell senders. The delays of {@link io.millrace.vrf.DelayPolicy#EPOCH_VRF} roll with the keys.
     * {@link RelayEngine#epochStatus()} says how it gets on.
     *
     * @param schedule ties epochs to time.
     * @param source makes the epochs, the first two within {@link #build()}.
     */
    public RelayEngineBuilder epochs(EpochSchedule schedule, EpochSource source) {
        this.epochs = new EngineEpochs(
                Objects.requireNonNull(schedule, "schedule"), Objects.requireNonNull(source, "source"));
        return this;
    }

    /**
     * Sets the clock of {@link #epochs}; default made of {@link #wallClock} and {@link #clock}.
     *
     * @param clock network time; stays the caller's, and the engine lets it observe the wall clock.
     */
    public RelayEngineBuilder epochClock(NetworkClock clock) {
        this.epochClock = Objects.requireNonNull(clock, "clock");
        return this;
    }

    /**
     * Sets where the calls of the {@link EpochSource} run, which may take as long as a disk does; default a thread
     * {@code millrace-epoch-source} of the engine's, under {@link io.millrace.config.ThreadingMode#INVOKER} the caller of
     * {@link RelayEngine#doWork()}.
     *
     * @param executor stays the caller's. It is given one call at a time, and outlives the engine.
     */
    public RelayEngineBuilder epochExecutor(Executor executor) {
        this.epochExecutor = Objects.requireNonNull(executor, "executor");
        return this;
    }

    /**
     * Sets where delays come from; the engine closes it.
     *
     * @param sampler belongs to the engine from {@link #build} on.
     */
    public RelayEngineBuilder delay(DelaySampler sampler) {
        this.sampler = sampler;
        return this;
    }

    /**
     * Sets the carrier of the linked peers; the engine closes it. Without one all peers must be direct.
     *
     * @param carrier belongs to the engine from {@link #build} on.
     */
    public RelayEngineBuilder carrier(Carrier carrier) {
        this.carrier = carrier;
        return this;
    }

    /**
     * Sets the listener for deliveries, forwards to direct peers and drops; default {@link RelayListener#NONE}.
     *
     * @param listener called by one thread of the engine.
     */
    public RelayEngineBuilder listener(RelayListener listener) {
        this.listener = listener;
        return this;
    }

    /**
     * Sets the factory that makes the engine's threads, for instance to pin them to cores or to give them a priority; default
     * plain platform threads. The engine names them, {@code millrace-engine} and the like, and starts them.
     *
     * @param factory called by {@link RelayEngine#start()}, once per thread; its threads must not be started yet and must run
     *     as long as the engine lives.
     */
    public RelayEngineBuilder threadFactory(ThreadFactory factory) {
        this.threadFactory = Objects.requireNonNull(factory, "factory");
        return this;
    }

    /**
     * Sets the callback for the death of an engine thread: by an {@link Error} of a callback, by an interrupt, or by a bug. The
     * default logs it as an error by {@link System.Logger} {@code io.millrace.relay}.
     *
     * @param callback called at most once, after all threads of the engine have ended, with the failure. The state is {@link
     *     EngineState#FAILED} then, and the packets inside are dropped. It runs on a separate thread, under {@link
     *     io.millrace.config.ThreadingMode#INVOKER} on the caller's, and may close the engine.
     */
    public RelayEngineBuilder onFailure(Consumer<Throwable> callback) {
        this.onFailure = Objects.requireNonNull(callback, "callback");
        return this;
    }

    /**
     * Sets the clock; default the machine's.
     *
     * @param clock monotonic, in nanoseconds.
     */
    public RelayEngineBuilder clock(NanoClock clock) {
        this.clock = clock;
        return this;
    }

    /**
     * Sets who this relay is to the peers of handshaked links; the engine closes it. Without one there are none.
     *
     * @param identity belongs to the engine from {@link #build} on.
     */
    public RelayEngineBuilder identity(LinkIdentity identity) {
        this.identity = identity;
        return this;
    }

    /**
     * Sets when handshaked links do what; default {@link LinkTiming#DEFAULT}.
     *
     * @param timing waits and limits.
     */
    public RelayEngineBuilder linkTiming(LinkTiming timing) {
        this.linkTiming = timing;
        return this;
    }

    /**
     * Sets the source of links' ephemeral keys and waits and of the order within a tick; default the system's randomness.
     *
     * @param randomness safe for all threads of the engine.
     */
    public RelayEngineBuilder linkRandomness(Randomness randomness) {
        this.linkRandomness = randomness;
        return this;
    }

    /**
     * Sets the wall clock of handshaked links, in milliseconds since 1970; default the machine's.
     *
     * @param wallClock milliseconds since 1970.
     */
    public RelayEngineBuilder wallClock(LongSupplier wallClock) {
        this.wallClock = wallClock;
        return this;
    }

    /**
     * Makes receipts for these operations; default none. They are made on the service's own thread.
     *
     * @param service its owner starts it before the engine and closes it after.
     * @param operations that get receipts.
     */
    public RelayEngineBuilder receipts(ReceiptService service, Set<Operation> operations) {
        return receipts(service, operations, PacketReceiptOptions.DEFAULT);
    }

    /**
     * Makes receipts for these operations; default none. They are made on the service's own thread.
     *
     * @param service stays the caller's, who closes it after the engine.
     * @param operations for which receipts are made.
     * @param packets how coarse the receipts for packets are.
     */
    public RelayEngineBuilder receipts(
            ReceiptService service, Set<Operation> operations, PacketReceiptOptions packets) {
        receipts = new ReceiptPolicy(service, operations, packets);
        return this;
    }

    /**
     * Adds a peer; its index, also for the carrier, counts from 0 in the order of these calls.
     *
     * @param peer linked or direct.
     */
    public RelayEngineBuilder peer(Peer peer) {
        peers.add(Objects.requireNonNull(peer, "peer"));
        return this;
    }

    /**
     * Sets how many peers the engine can have at once, those given here included; default 16 more than given here. Each
     * costs a few kilobytes when it is there, and a few bytes when not.
     *
     * @param peerLimit at least the number of peers given, at most 65,536.
     */
    public RelayEngineBuilder peerLimit(int peerLimit) {
        this.peerLimit = peerLimit;
        return this;
    }

    /**
     * Sets the relay's permanent id, by which receipts name it; default the id of the first Sphinx key.
     *
     * @param id of the relay's identity.
     */
    public RelayEngineBuilder relayId(RelayId id) {
        this.relayId = id;
        return this;
    }

    /** Places for peers. */
    int peerPlaces() {
        return peerLimit == 0 ? peers.size() + SPARE_PEERS : peerLimit;
    }

    /**
     * Builds the engine, not started. If that fails, everything that the engine would close is closed, and so are the keys
     * of the peers.
     *
     * @throws IllegalArgumentException if the parts do not fit each other.
     */
    public RelayEngine build() {
        boolean built = false;
        try {
            if (epochs != null && keyEpoch != null) {
                throw new IllegalArgumentException("an engine has a first key epoch or a source of epochs, not both");
            }
            if (epochs != null) {
                keyEpoch = epochs.first(this, epochClock, epochExecutor);
            }
            requireFitting();
            if (crypto == null) {
                crypto = CryptoProviders.byName("auto");
            }
            if (linkRandomness == null) {
                linkRandomness = new SecureRandomness();
            }
            final RelayEngine engine = new RelayEngine(new EngineAssembly(this), this);
            built = true;
            if (epochs != null) {
                epochs.begin(engine);
            }
            return engine;
        } finally {
            if (!built) {
                closeParts();
            }
        }
    }

    private void requireFitting() {
        Objects.requireNonNull(keyEpoch, "keyEpoch");
        Objects.requireNonNull(sampler, "delay");
        keyEpoch.replayFilter().requireAllowed(carrier);
        if (peerPlaces() < peers.size() || peerPlaces() > MAX_PEERS) {
            throw new IllegalArgumentException(
                    "the limit of peers must be " + peers.size() + " to " + MAX_PEERS + ": peerLimit=" + peerLimit);
        }
        if (carrier == null && peers.stream().anyMatch(peer -> !peer.isDirect())) {
            throw new IllegalArgumentException("linked peers need a carrier");
        }
        if (identity == null && peers.stream().anyMatch(Peer::isHandshaked)) {
            throw new IllegalArgumentException("peers of handshaked links need an identity of this end");
        }
        if (sampler.maxNs() > config.maxDelay().toNanos()) {
            throw new IllegalArgumentException("the longest delay exceeds the wheel's span: longestDelayNs="
                    + sampler.maxNs() + ", maxDelay=" + config.maxDelay());
        }
        if (geometry.packetLength() != LinkFrame.PACKET_LENGTH) {
            throw new IllegalArgumentException("a link frame carries " + LinkFrame.PACKET_LENGTH
                    + " bytes: packetLength=" + geometry.packetLength());
        }
    }

    private static void logFailure(Throwable failure) {
        System.getLogger("io.millrace.relay")
                .log(System.Logger.Level.ERROR, "a thread of the engine has died, and the engine has stopped", failure);
    }

    private void closeParts() {
        for (Peer peer : peers) {
            if (peer instanceof Peer.PreShared linked) {
                linked.keys().close();
            }
        }
        if (identity != null) {
            identity.close();
        }
        if (carrier != null) {
            carrier.close();
        }
        if (sampler != null) {
            sampler.close();
        }
        if (keyEpoch != null) {
            keyEpoch.close();
        }
    }
}

package io.millrace.rig.bed;

import io.millrace.config.ThreadingMode;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.node.NodeEngine;
import io.millrace.node.config.EngineSettings;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.packet.Delivery;
import io.millrace.relay.packet.RelayListener;
import io.millrace.sphinx.ReplaySet;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One engine among its neighbours, with all that its way of working needs; started by its owner, and gone when this
 * is closed.
 *
 * <p>Threading: belongs to one thread, which need not be the engine's.
 */
public final class BenchSubject implements AutoCloseable {
    /** Longest time that packets may take to leave. */
    public static final Duration DRAIN = Duration.ofSeconds(30);

    private final BenchFixture bed;
    private final SecureRandom hashKeys = new SecureRandom();
    private final EngineSettings settings;
    private final ReplayMode replay;
    private final BenchJournal journal; // null unless there is one
    private final ReceiptLoad receipts; // null unless there are any
    private final DownstreamPeer downstream;
    private final BenchCarrier carrier;
    private final RelayEngine engine;

    /**
     * Parts of a subject.
     *
     * @param path how the relay works.
     * @param crypto the relay's.
     * @param neighbourCrypto that of the neighbours, and so of the links' other ends.
     * @param packets that the upstream neighbour sends; stay the caller's.
     * @param sealedAhead whether the upstream neighbour works on a separate thread, always so where the relay has only
     *     one: its time is then in no thread of the relay.
     * @param onWheelThread called for each packet that is delivered, on the thread that also looks at the delay wheel.
     */
    public record Parts(
            MeasuredPath path,
            BatchCrypto crypto,
            BatchCrypto neighbourCrypto,
            PreparedPackets packets,
            boolean sealedAhead,
            Runnable onWheelThread) {}

    /**
     * Builds the engine, which waits for {@link RelayEngine#start()} and then for {@link #resume()}.
     *
     * @param bed stays the caller's and outlives this.
     * @param parts path, crypto and packets of the subject.
     * @throws IOException if the files of a journal or of receipts cannot be made in the folder for temporary files.
     */
    public BenchSubject(BenchFixture bed, Parts parts) throws IOException {
        this.bed = bed;
        final MeasuredPath path = parts.path();
        settings = path.engine();
        replay = path.replay();
        journal = replay == ReplayMode.JOURNALLED ? new BenchJournal(path.durableFirst()) : null;
        receipts = path.receipts().isPresent()
                ? ReceiptLoad.ofPackets(path.receipts().get())
                : null;
        downstream =
                new DownstreamPeer(parts.neighbourCrypto(), bed.geometry(), bed.neighbourLinks(), bed.neighbourKeys());
        final FrameSource inline = new InlineSource(parts.neighbourCrypto(), parts.packets(), bed.neighbourLinks());
        carrier = new BenchCarrier(
                parts.sealedAhead() || path.config().threading() == ThreadingMode.SHARED
                        ? new FeedSource(inline)
                        : inline,
                downstream,
                this::keyEpoch,
                parts.packets().count(),
                2 * path.config().batchLimit(),
                path.inside());
        engine = NodeEngine.build(
                path.engine(),
                new NodeEngine.Parts(
                        parts.crypto(),
                        bed.vrfKey(),
                        new NodeEngine.First(keyEpoch(1)),
                        carrier,
                        Optional.empty(),
                        bed.peers(),
                        new RelayListener() {
                            @Override
                            public boolean onDeliver(Delivery delivery) {
                                carrier.delivered();
                                parts.onWheelThread().run();
                                return true;
                            }
                        },
                        Optional.ofNullable(receipts).map(ReceiptLoad::service)));
        carrier.engine(engine);
    }

    /** The engine between the neighbours; closed with this. */
    public RelayEngine engine() {
        return engine;
    }

    /** Both neighbours, as the engine sees them. */
    BenchCarrier carrier() {
        return carrier;
    }

    /** Lets the upstream neighbour offer packets. */
    public void resume() {
        carrier.resume();
    }

    /** Lets the upstream neighbour offer nothing until {@link #resume()}. */
    public void pause() {
        carrier.pause();
    }

    /** Passes over the packets begun so far, each in its key epoch. */
    public long passes() {
        return carrier.passes();
    }

    /** Outgoing frames that the next hop looked into, and found right. */
    public long verified() {
        return downstream.verified();
    }

    /** Outgoing frames that the next hop looked into, and found wrong. */
    public long wrong() {
        return downstream.wrong();
    }

    /** What makes the receipts; null if none are made. */
    public ReceiptLoad receipts() {
        return receipts;
    }

    /** What makes the journal durable; empty if there is none. */
    public List<Thread> journalThreads() {
        return journal == null ? List.of() : journal.threads();
    }

    /**
     * Fails if a thread of the engine has.
     *
     * @throws IllegalStateException whose cause is the failure.
     */
    public void requireRunning() {
        engine.failure().ifPresent(failure -> {
            throw new IllegalStateException("the engine failed", failure);
        });
    }

    /**
     * Offers nothing more and waits until every packet has left.
     *
     * @throws IllegalStateException if the engine has failed, or is not empty after {@link #DRAIN}.
     */
    public void drain() throws InterruptedException {
        carrier.pause();
        final long start = System.nanoTime();
        do {
            Thread.sleep(1);
            requireRunning();
            if (System.nanoTime() - start > DRAIN.toNanos()) {
                throw new IllegalStateException("the engine did not become empty: " + engine.counters());
            }
        } while (engine.queueLength() > 0 || engine.counters().inFlight() > 0);
    }

    @Override
    public void close() throws IOException {
        engine.close();
        if (receipts != null) {
            receipts.close();
        }
        if (journal != null) {
            journal.close();
        }
    }

    private SphinxEpoch keyEpoch(long number) {
        return new SphinxEpoch(
                number,
                bed.relayKey(),
                replayFilter(number),
                NodeEngine.delayEpoch(settings, bed.vrfKey(), bed.relayIdBytes(), number));
    }

    private ReplayFilter replayFilter(long number) {
        if (replay == ReplayMode.NONE) {
            return ReplayFilter.noneInClosedLoop();
        }
        final ReplaySet set = new ReplaySet(bed.packetCount(), hashKeys.nextLong(), hashKeys.nextLong());
        return journal == null ? ReplayFilter.inMemory(set) : journal.filter(number, set);
    }
}

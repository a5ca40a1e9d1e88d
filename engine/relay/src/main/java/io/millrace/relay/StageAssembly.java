package io.millrace.relay;

import io.millrace.config.EngineConfig;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.relay.packet.Latency;
import io.millrace.relay.packet.LatencyRecorder;
import io.millrace.relay.queue.Ingress;
import io.millrace.relay.receipts.ReceiptPolicy;
import io.millrace.relay.stage.DelayStage;
import io.millrace.relay.stage.OpenStage;
import io.millrace.relay.stage.PacketCompletion;
import io.millrace.relay.stage.PeelStage;
import io.millrace.relay.stage.RouteStage;
import io.millrace.relay.stage.SealStage;
import io.millrace.relay.stage.SlotFields;
import io.millrace.relay.stage.StageContext;
import io.millrace.relay.thread.Duty;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.wheel.DelayWheel;
import io.millrace.wheel.TickOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the stages of an engine and the duties that run them, for its threading mode.
 *
 * <p>The ledger's writers are made in the order in which packets meet their threads.
 */
final class StageAssembly {
    private final EngineAssembly parts;
    private final EngineConfig config;
    private final SphinxGeometry geometry;
    private final BatchCrypto crypto;
    private final ReceiptPolicy receipts; // null: none are made
    private final RelayId own;
    private final TickOrder tickOrder;
    private final List<LatencyRecorder> recorders = new ArrayList<>();
    private IoAgent io; // null: no carrier
    private DelayWheel wheel;

    /**
     * Makes nothing yet.
     *
     * @param parts of the engine, whose duties are not made yet.
     * @param tickOrder order of the packets of one tick.
     */
    StageAssembly(EngineAssembly parts, RelayEngineBuilder builder, TickOrder tickOrder) {
        this.parts = parts;
        this.config = builder.config;
        this.geometry = builder.geometry;
        this.crypto = builder.crypto;
        this.receipts = builder.receipts;
        this.own = builder.relayId == null ? builder.keyEpoch.key().id() : builder.relayId;
        this.tickOrder = tickOrder;
    }

    /** Makes the duties of the packet path, in the order in which they are stopped; once. */
    List<Duty> newDuties() {
        return switch (config.threading()) {
            case SHARED, INVOKER -> shared();
            case SPLIT -> split();
            case PARALLEL -> parallel();
        };
    }

    /** The duty that owns the carrier; null without one. */
    IoAgent io() {
        return io;
    }

    /** The one wheel of the engine. */
    DelayWheel wheel() {
        return wheel;
    }

    /** One per thread of the packet path. */
    List<LatencyRecorder> recorders() {
        return recorders;
    }

    private List<Duty> shared() {
        final List<Duty> made = new ArrayList<>();
        final StageContext ioContext = newContext(true);
        final EngineAgent engine = newEngineAgent(newContext(true));
        if (parts.carrier == null) {
            made.add(engine);
        } else {
            io = newIo(ioContext, engine);
            made.add(new SharedAgent(io, engine));
        }
        return made;
    }

    private List<Duty> split() {
        newIo();
        final List<Duty> made = new ArrayList<>();
        made.add(newEngineAgent(newContext(true)));
        return withIo(made);
    }

    private List<Duty> parallel() {
        newIo();
        final List<Duty> made = new ArrayList<>();
        final PeelWorker[] workers = new PeelWorker[config.peelWorkers()];
        for (int i = 0; i < workers.length; i++) {
            final StageContext context = newContext(false);
            workers[i] = new PeelWorker(
                    context,
                    parts.rounds.newRound(),
                    i,
                    workers.length,
                    parts.ring,
                    parts.epochs,
                    newOpenStage(context, false),
                    newPeelStage(context));
            made.add(workers[i]);
        }
        final StageContext context = newContext(true);
        newWheel();
        made.add(new GateAgent(
                context,
                parts.rounds.newRound(),
                parts.ring.newLastPoller(PeelWorker.sequences(workers)),
                parts.changes,
                newOpenStage(context, true),
                newRouteStage(context),
                newDelayStage(context),
                newSealStage(context)));
        return withIo(made);
    }

    private void newIo() {
        if (parts.carrier != null) {
            io = newIo(newContext(false), parts.ring);
        }
    }

    private IoAgent newIo(StageContext context, Ingress ingress) {
        return new IoAgent(
                context,
                parts.rounds.newRound(),
                parts.carrier,
                ingress,
                parts.neighbours,
                parts.links == null ? null : parts.links.messages());
    }

    private List<Duty> withIo(List<Duty> made) {
        if (io != null) {
            made.add(io);
        }
        return made;
    }

    private EngineAgent newEngineAgent(StageContext context) {
        newWheel();
        return new EngineAgent(
                context,
                parts.rounds.newRound(),
                parts.ring,
                parts.changes,
                newOpenStage(context, true),
                newPeelStage(context),
                newRouteStage(context),
                newDelayStage(context),
                newSealStage(context));
    }

    /**
     * Working parts of one thread.
     *
     * @param tells whether the thread is the one that calls the application.
     */
    private StageContext newContext(boolean tells) {
        final LatencyRecorder recorder = new LatencyRecorder(Latency.values().length);
        recorders.add(recorder);
        final SlotFields fields = new SlotFields(parts.slab.segment());
        final PacketCompletion ends = new PacketCompletion(
                parts.slab,
                fields,
                parts.ledger.newWriter(),
                recorder,
                parts.callbacks,
                tells ? null : parts.callbacks.newNotices(),
                receipts == null
                        ? null
                        : receipts.forThread(parts.clock, own, parts.neighbours.limit(), parts.neighbours::receiptId));
        return new StageContext(parts.slab, fields, parts.clock, parts.callbacks, ends, config.batchLimit());
    }

    /** The one wheel of the engine; before the gate and the departures, which belong to its thread. */
    private void newWheel() {
        wheel = new DelayWheel(
                config.slotCount(),
                config.slotCount(),
                config.tick().toNanos(),
                config.maxDelay().toNanos(),
                parts.clock.nanoTime(),
                tickOrder);
    }

    private OpenStage newOpenStage(StageContext context, boolean ownsWindows) {
        return new OpenStage(parts.arena, context, crypto, parts.neighbours, ownsWindows);
    }

    private PeelStage newPeelStage(StageContext context) {
        return new PeelStage(parts.arena, context, crypto, geometry);
    }

    private RouteStage newRouteStage(StageContext context) {
        return new RouteStage(context, parts.neighbours);
    }

    private DelayStage newDelayStage(StageContext context) {
        return new DelayStage(
                context, parts.epochs.waiting(), parts.sampler.draws(crypto, context.batchLimit()), wheel);
    }

    private SealStage newSealStage(StageContext context) {
        return new SealStage(parts.arena, context, crypto, geometry, wheel, parts.epochs.waiting(), parts.neighbours);
    }
}

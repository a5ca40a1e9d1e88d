package io.millrace.relay.receipts;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import com.lmax.disruptor.EventPoller;
import io.millrace.crypto.SecureRandomness;
import io.millrace.memory.TrackedArena;
import io.millrace.metrics.NanoClock;
import io.millrace.receipt.LogKey;
import io.millrace.receipt.PacketCommitter;
import io.millrace.receipt.Receipt;
import io.millrace.receipt.ReceiptBatch;
import io.millrace.receipt.ReceiptId;
import io.millrace.receipt.ReceiptLog;
import io.millrace.receipt.ReceiptOpening;
import io.millrace.receipt.ReceiptStore;
import io.millrace.relay.packet.LatencyRecorder;
import io.millrace.tlog.Hash;
import io.millrace.tlog.SignedNote;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The receipts thread's work: events into batches, batches into the log, checkpoints out. An operation id is a random
 * number of this run and the event's place in its ring.
 *
 * <p>Belongs to the receipts thread, but for the counters.
 */
final class ReceiptWriter implements EventPoller.Handler<ReceiptEvent>, AutoCloseable {
    private static final long PUBLISH_EACH_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long NOTHING = -1;

    private final TrackedArena arena = TrackedArena.shared();
    private final ReceiptStore store;
    private final ReceiptLog log;
    private final ReceiptId twin;
    private final int keyId;
    private final NanoClock clock;
    private final LatencyRecorder latency;
    private final Consumer<SignedNote> checkpoints;
    private final BiConsumer<Receipt, ReceiptOpening> openings; // null: forgotten
    private final ReceiptBatch batch;
    private final MemorySegment digest = arena.allocate(Hash.LENGTH, 8);
    private final PacketCommitter committer = new PacketCommitter(arena, new SecureRandomness());
    private final long[] offeredNs;
    private final long run;
    private long wallOffsetNs;
    private SignedNote unpublished;
    private long unpublishedPosition;
    private long publishedSize;
    private long lastPublishNs;
    private boolean failed;
    private final AtomicLong appended = new AtomicLong();
    private final AtomicLong batches = new AtomicLong();
    private final AtomicLong logFull = new AtomicLong();

    ReceiptWriter(
            ReceiptStore store,
            ReceiptLog log,
            LogKey key,
            ReceiptId twin,
            int batchLimit,
            NanoClock clock,
            LatencyRecorder latency,
            Consumer<SignedNote> checkpoints,
            BiConsumer<Receipt, ReceiptOpening> openings) {
        this.store = store;
        this.openings = openings;
        this.log = log;
        this.twin = twin;
        this.keyId = key.verifierKey().keyId();
        this.clock = clock;
        this.latency = latency;
        this.checkpoints = checkpoints;
        this.batch = new ReceiptBatch(arena, batchLimit);
        this.offeredNs = new long[batchLimit];
        new SecureRandomness().fill(digest);
        this.run = digest.get(JAVA_LONG, 0);
        this.publishedSize = NOTHING;
        this.lastPublishNs = clock.nanoTime();
    }

    @Override
    public boolean onEvent(ReceiptEvent event, long sequence, boolean endOfBatch) {
        if (batch.count() == 0) {
            // Receipts tell the wall clock's time; offers have the monotonic one.
            wallOffsetNs = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - clock.nanoTime();
        }
        long timestampNs = Math.max(0, event.offeredNs + wallOffsetNs);
        if (event.run != null) {
            timestampNs -= timestampNs % event.periodNs;
            commit(event, sequence, timestampNs);
        } else {
            digest.set(JAVA_LONG, 0, event.digest0);
            digest.set(JAVA_LONG, 8, event.digest1);
            digest.set(JAVA_LONG, 16, event.digest2);
            digest.set(JAVA_LONG, 24, event.digest3);
        }
        offeredNs[batch.count()] = event.offeredNs;
        batch.add(
                run,
                sequence,
                twin.high(),
                twin.low(),
                event.operation,
                event.actorHigh,
                event.actorLow,
                timestampNs,
                digest,
                0,
                event.result,
                keyId);
        if (endOfBatch || batch.isFull()) {
            append();
            return false;
        }
        return true;
    }

    ReceiptCounters counters(long offered, long queueFull) {
        return new ReceiptCounters(offered, appended.get(), batches.get(), queueFull, logFull.get());
    }

    /** Nothing can be appended any more. */
    void fail() {
        failed = true;
        logFull.addAndGet(batch.count());
        batch.clear();
        unpublished = null;
    }

    /** Whether a signed checkpoint waits for its receipts to be durable. */
    boolean awaitsDurability() {
        return unpublished != null;
    }

    /** Signs a checkpoint about once a second and publishes it when it is durable; at once if it is the last. */
    void publishIfDue(boolean last) throws IOException {
        if (failed) {
            return;
        }
        final long now = clock.nanoTime();
        final boolean due = last || now - lastPublishNs >= PUBLISH_EACH_NS;
        if (unpublished == null && due && log.size() != publishedSize && log.isOpen()) {
            unpublished = log.checkpoint();
            unpublishedPosition = store.position();
            publishedSize = log.size();
            lastPublishNs = now;
        }
        if (last) {
            store.commit();
        }
        if (unpublished != null && store.durablePosition() >= unpublishedPosition) {
            checkpoints.accept(unpublished);
            unpublished = null;
        }
        if (last && log.size() != publishedSize && log.isOpen()) {
            publishIfDue(true);
        }
    }

    /** Frees its memory; after the thread has ended. */
    @Override
    public void close() {
        arena.close();
    }

    private void commit(ReceiptEvent event, long sequence, long timestampNs) {
        committer.commit(event.run.tags, event.run.count, digest);
        event.run.free();
        event.run = null;
        if (openings != null) {
            final byte[] opening = new byte[committer.openingLength()];
            committer.copyOpening(MemorySegment.ofArray(opening), 0);
            openings.accept(receipt(event, sequence, timestampNs), ReceiptOpening.of(opening));
        }
    }

    private Receipt receipt(ReceiptEvent event, long sequence, long timestampNs) {
        return new Receipt(
                new ReceiptId(run, sequence),
                twin,
                event.operation,
                new ReceiptId(event.actorHigh, event.actorLow),
                timestampNs,
                Hash.of(digest.toArray(JAVA_BYTE)),
                event.result,
                keyId);
    }

    private void append() {
        final int count = batch.count();
        final boolean taken = !failed && log.append(batch);
        batch.clear();
        if (!taken) {
            logFull.addAndGet(count);
            return;
        }
        final long now = clock.nanoTime();
        for (int i = 0; i < count; i++) {
            latency.record(0, now - offeredNs[i]);
        }
        batches.incrementAndGet();
        appended.addAndGet(count);
    }
}

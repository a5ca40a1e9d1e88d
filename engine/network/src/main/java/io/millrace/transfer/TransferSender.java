package io.millrace.transfer;

import io.millrace.transfer.TransferMessage.Ack;
import io.millrace.transfer.TransferMessage.Chunk;
import io.millrace.transfer.TransferMessage.Close;
import io.millrace.transfer.TransferMessage.Done;
import io.millrace.transfer.TransferMessage.Offer;
import io.millrace.transfer.TransferMessage.Refused;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * The sending end of one transfer.
 *
 * <p>The caller hands in every message that arrives and asks {@link #poll} for messages to send until it returns null,
 * again at {@link #dueNs} at the latest. Times are nanoseconds of any monotonic clock. Memory is bounded by the window.
 *
 * <p>Not thread safe.
 */
public final class TransferSender {
    private final TransferId id;
    private final OfferedFile file;
    private final ReturnRoute returnRoute;
    private final ChunkSource source;
    private final long patienceNs;
    private final long startNs;
    private final SendWindow window;
    private final RoundTrip roundTrip;
    private final CongestionWindow congestion;
    private final long[] lastLostNs = new long[1];
    private TransferState state = TransferState.OFFERED;
    private String failure;
    private boolean closePending;
    private long progressNs;
    private long heardNs;
    private long doubledNs;
    private long nextOfferNs;
    private long lastEcho;
    private long messages;
    private long retransmissions;
    private long ignored;

    /**
     * Prepares to offer {@code file}.
     *
     * @param id fresh.
     * @param file name, length and hash on offer.
     * @param returnRoute how the receiver's answers reach this end.
     * @param source the file's bytes.
     * @param timing waits and limits.
     * @param now present time in nanoseconds.
     */
    public TransferSender(
            TransferId id,
            OfferedFile file,
            ReturnRoute returnRoute,
            ChunkSource source,
            TransferTiming timing,
            long now) {
        this.id = id;
        this.file = file;
        this.returnRoute = returnRoute;
        this.source = source;
        this.patienceNs = timing.patience().toNanos();
        this.startNs = now;
        this.window = new SendWindow(file.chunkCount());
        this.roundTrip = new RoundTrip(timing);
        this.congestion = new CongestionWindow(now);
        this.progressNs = now;
        this.heardNs = now;
        this.doubledNs = now;
        this.nextOfferNs = now;
    }

    /** State of the transfer. */
    public TransferState state() {
        return state;
    }

    /** Whether it has ended, well or not, and {@link #poll} has nothing more to say. */
    public boolean ended() {
        return (state == TransferState.DONE || state == TransferState.FAILED) && !closePending;
    }

    /** Why it failed, one line for people; null unless {@link TransferState#FAILED}. */
    public String failure() {
        return failure;
    }

    /** Bytes of the file that the receiver has confirmed. */
    public long confirmedLength() {
        return state == TransferState.DONE
                ? file.length()
                : Math.min(file.length(), (long) window.acknowledged() * file.chunkLength());
    }

    /** The counters so far. */
    public SenderCounters counters() {
        return new SenderCounters(messages, retransmissions, ignored);
    }

    /** Smoothed round trip in nanoseconds, 0 before the first was measured. */
    public long roundTripNs() {
        return roundTrip.smoothedNs();
    }

    /**
     * Takes a message that arrived; a useless one is counted and otherwise ignored.
     *
     * @param bytes of one message; not kept.
     * @param now present time in nanoseconds.
     */
    public void onMessage(ByteBuffer bytes, long now) {
        final TransferMessage message = MessageCodec.decode(bytes);
        if (message == null || !message.id().equals(id) || failure != null) {
            ignored++;
            return;
        }
        switch (message) {
            case Ack ack -> onAck(ack, now);
            case Done done -> {
                state = TransferState.DONE;
                closePending = true;
            }
            case Refused refused -> {
                if (state == TransferState.DONE) {
                    ignored++;
                } else {
                    fail("the receiver refused: " + refused.reason().text());
                }
            }
            case Offer offer -> ignored++;
            case Chunk chunk -> ignored++;
            case Close close -> ignored++;
        }
    }

    /**
     * Gives the transfer up; {@link #poll} tells the receiver.
     *
     * @param why reason, for people.
     */
    public void cancel(String why) {
        if (state != TransferState.DONE && failure == null) {
            fail(why);
            closePending = true;
        }
    }

    /**
     * The next message to send, or null if none is due.
     *
     * @param now present time in nanoseconds.
     * @throws IOException if the file cannot be read; {@link #cancel} is then up to the caller.
     */
    public TransferMessage poll(long now) throws IOException {
        if (failure == null && state != TransferState.DONE && now - progressNs >= patienceNs) {
            cancel(String.format(
                    Locale.ROOT,
                    now - heardNs >= patienceNs
                            ? "no answer from the receiver for %d s: are the receiver and every relay of both ways up?"
                            : "no progress for %d s though the receiver answers: are the relays dropping packets?",
                    Math.max(1, patienceNs / 1_000_000_000)));
        }
        final TransferMessage message = switch (state) {
            case OFFERED -> pollOffer(now);
            case MOVING -> pollChunk(now);
            case DONE, FAILED -> pollClose();
        };
        if (message != null) {
            messages++;
        }
        return message;
    }

    /** When {@link #poll} may next return something, if nothing arrives before; may lie in the past. */
    public long dueNs() {
        if (state == TransferState.DONE || state == TransferState.FAILED) {
            return progressNs;
        }
        long due = progressNs + patienceNs;
        if (state == TransferState.OFFERED || window.complete()) {
            due = earlier(due, nextOfferNs);
        } else if (window.inFlight() < congestion.limit() && window.candidate() >= 0) {
            due = earlier(due, congestion.nextNs());
        }
        return window.inFlight() == 0 ? due : earlier(due, window.oldestSentNs() + roundTrip.timeoutNs());
    }

    private void onAck(Ack ack, long now) {
        if (state == TransferState.DONE) {
            ignored++;
            return;
        }
        heardNs = now;
        roundTrip.heard();
        final long sample = now - startNs + 1 - ack.echo();
        if (ack.echo() > lastEcho && sample >= 0) {
            lastEcho = ack.echo();
            roundTrip.sample(sample);
        }
        if (state == TransferState.OFFERED) {
            state = TransferState.MOVING;
            progressNs = now;
        }
        final int inFlight = window.inFlight();
        final int fresh = window.acknowledge(ack.cumulative(), ack.selective());
        if (fresh > 0) {
            progressNs = now;
            congestion.acknowledged(fresh, inFlight);
        }
    }

    private TransferMessage pollOffer(long now) {
        if (now - nextOfferNs < 0) {
            return null;
        }
        if (messages > 0) {
            roundTrip.doubleTimeout();
        }
        nextOfferNs = now + roundTrip.timeoutNs();
        return new Offer(id, stamp(now), file, returnRoute);
    }

    private TransferMessage pollChunk(long now) throws IOException {
        if (window.complete()) {
            return pollOffer(now); // asks a receiver that has every chunk, or says so, how it ended
        }
        final int lost = window.expire(now, roundTrip.timeoutNs(), lastLostNs);
        if (lost > 0) {
            congestion.lost(lastLostNs[0], now);
            if (lastLostNs[0] - heardNs > 0 && lastLostNs[0] - doubledNs > 0) {
                doubledNs = now;
                roundTrip.doubleTimeout();
            }
        }
        if (now - congestion.nextNs() < 0 || window.inFlight() >= congestion.limit()) {
            return null;
        }
        final int index = window.candidate();
        if (index < 0) {
            return null;
        }
        final ByteBuffer data = ByteBuffer.allocate(file.lengthOf(index));
        source.read(file.positionOf(index), data);
        if (window.sent(index, now)) {
            retransmissions++;
        }
        congestion.sent(now, roundTrip.smoothedNs());
        nextOfferNs = now + roundTrip.timeoutNs();
        return new Chunk(id, index, stamp(now), data.flip());
    }

    private TransferMessage pollClose() {
        if (!closePending) {
            return null;
        }
        closePending = false;
        return new Close(id, state == TransferState.DONE);
    }

    private void fail(String why) {
        failure = why;
        state = TransferState.FAILED;
    }

    /** Time since the start, from 1, so that 0 can mean none. */
    private long stamp(long now) {
        return now - startNs + 1;
    }

    private static long earlier(long a, long b) {
        return a - b < 0 ? a : b;
    }
}

package io.millrace.transfer;

import io.millrace.transfer.TransferMessage.Ack;
import io.millrace.transfer.TransferMessage.Chunk;
import io.millrace.transfer.TransferMessage.Close;
import io.millrace.transfer.TransferMessage.Done;
import io.millrace.transfer.TransferMessage.Offer;
import io.millrace.transfer.TransferMessage.Refused;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;

/**
 * The receiving end: takes one transfer at a time, refuses others meanwhile, and goes on answering for those that ended.
 *
 * <p>The caller hands in every message that arrives and asks {@link #poll} for answers to send until it returns null,
 * again at {@link #dueNs} at the latest. Times are nanoseconds of any monotonic clock. Memory is bounded by the window and
 * by the number of ended transfers that are remembered.
 *
 * <p>Not thread safe.
 */
public final class TransferReceiver implements AutoCloseable {
    private static final int REMEMBERED = 64;
    private static final int OUTBOX_LIMIT = 64;
    private static final int RESULT_LIMIT = 64;

    private final Inbox inbox;
    private final TransferTiming timing;
    private final Queue<Answer> outbox = new ArrayDeque<>();
    private final Queue<ReceivedFile> results = new ArrayDeque<>();
    private final Map<TransferId, Answer> ended = new LinkedHashMap<>();
    private Reception current;
    private boolean closed;
    private long messages;
    private long chunks;
    private long duplicates;
    private long ignored;

    /**
     * Receives files into {@code inbox}.
     *
     * @param inbox keeps the files.
     * @param timing waits and limits.
     */
    public TransferReceiver(Inbox inbox, TransferTiming timing) {
        this.inbox = inbox;
        this.timing = timing;
    }

    /** How the next transfer that has ended did; null if there is none that was not asked for yet. */
    public ReceivedFile takeResult() {
        return results.poll();
    }

    /** Whether a file is being received. */
    public boolean busy() {
        return current != null;
    }

    /** Whether the sender of the last transfer that ended knows how it ended. */
    public boolean senderKnows() {
        return closed;
    }

    /** The counters so far. */
    public ReceiverCounters counters() {
        return new ReceiverCounters(messages, chunks, duplicates, ignored);
    }

    /**
     * Takes a message that arrived; a useless one is counted and otherwise ignored.
     *
     * @param bytes of one message; not kept.
     * @param now present time in nanoseconds.
     */
    public void onMessage(ByteBuffer bytes, long now) {
        final TransferMessage message = MessageCodec.decode(bytes);
        if (message == null) {
            ignored++;
            return;
        }
        final boolean ours = current != null && current.id().equals(message.id());
        final Answer past = ended.get(message.id());
        switch (message) {
            case Offer offer -> {
                if (ours) {
                    current.oweAck(offer.stamp(), true, now);
                } else if (past == null) {
                    onNewOffer(offer, now);
                } else {
                    answer(past);
                }
            }
            case Chunk chunk -> {
                if (ours) {
                    onChunk(chunk, now);
                } else {
                    answerOrIgnore(past);
                }
            }
            case Close close -> onClose(close, ours, past, now);
            case Ack ack -> ignored++;
            case Done done -> ignored++;
            case Refused refused -> ignored++;
        }
    }

    /**
     * The next answer to send, or null if none is due.
     *
     * @param now present time in nanoseconds.
     */
    public Answer poll(long now) {
        if (current != null && now - current.progressNs() >= timing.patience().toNanos()) {
            end(
                    new Refused(current.id(), RefusalReason.TIMED_OUT),
                    now,
                    "nothing new from the sender for "
                            + Math.max(1, timing.patience().toSeconds())
                            + " s: are the sender and every relay of both ways up?");
        }
        Answer answer = outbox.poll();
        if (answer == null && current != null && current.ackDue(now)) {
            answer = new Answer(current.returnRoute(), current.ack());
        }
        if (answer != null) {
            messages++;
        }
        return answer;
    }

    /**
     * When {@link #poll} may next return something, if nothing arrives before; may lie in the past.
     *
     * @param now present time in nanoseconds.
     * @param idleNs returned when there is nothing to wait for.
     */
    public long dueNs(long now, long idleNs) {
        if (!outbox.isEmpty()) {
            return now;
        }
        if (current == null) {
            return idleNs;
        }
        final long giveUp = current.progressNs() + timing.patience().toNanos();
        return current.owesAck() && current.ackDueNs() - giveUp < 0 ? current.ackDueNs() : giveUp;
    }

    /**
     * Gives up a transfer under way, if any; {@link #poll} tells the sender.
     *
     * @param now present time in nanoseconds.
     */
    public void cancel(long now) {
        if (current != null) {
            end(new Refused(current.id(), RefusalReason.STOPPED), now, "the receiver was stopped");
        }
    }

    /** Deletes an unfinished file. */
    @Override
    public void close() throws IOException {
        if (current != null) {
            current.partial().close();
            current = null;
        }
    }

    private void onNewOffer(Offer offer, long now) {
        if (current != null) {
            answer(new Answer(offer.returnRoute(), new Refused(offer.id(), RefusalReason.BUSY)));
            return;
        }
        try {
            final RefusalReason refusal = inbox.refusal(offer.file());
            if (refusal != null) {
                refuse(offer, refusal);
                return;
            }
            current = new Reception(offer, inbox.create(offer.file(), offer.id()), timing, now);
        } catch (IOException e) {
            refuse(offer, RefusalReason.WRITE_FAILED);
            return;
        }
        closed = false;
        if (current.complete()) {
            finish(now);
        } else {
            current.oweAck(offer.stamp(), true, now);
        }
    }

    private void refuse(Offer offer, RefusalReason reason) {
        if (results.size() < RESULT_LIMIT) {
            results.add(ReceivedFile.of(offer.id(), offer.file(), null, 0, "refused: " + reason.text()));
        }
        closed = true;
        remember(new Answer(offer.returnRoute(), new Refused(offer.id(), reason)));
    }

    private void onClose(Close close, boolean ours, Answer past, long now) {
        if (ours) {
            end(new Refused(close.id(), RefusalReason.STOPPED), now, "the sender gave up");
            closed = true;
        } else if (past == null) {
            ignored++;
        } else {
            closed = true;
        }
    }

    private void onChunk(Chunk chunk, long now) {
        if (!current.fits(chunk)) {
            ignored++;
        } else if (current.has(chunk)) {
            duplicates++;
            current.oweAck(chunk.stamp(), false, now);
        } else if (!current.inReach(chunk)) {
            ignored++;
        } else {
            chunks++;
            try {
                current.take(chunk, now);
            } catch (IOException e) {
                endByFault(e, now);
                return;
            }
            if (current.complete()) {
                finish(now);
            } else {
                current.oweAck(chunk.stamp(), false, now);
            }
        }
    }

    private void finish(long now) {
        if (!current.authentic()) {
            end(
                    new Refused(current.id(), RefusalReason.HASH_MISMATCH),
                    now,
                    "what arrived has not the SHA-256 that was offered");
            return;
        }
        try {
            current.partial().publish();
            end(new Done(current.id()), now, null);
        } catch (FileAlreadyExistsException e) {
            end(
                    new Refused(current.id(), RefusalReason.EXISTS),
                    now,
                    "exists already: " + current.partial().target());
        } catch (IOException e) {
            endByFault(e, now);
        }
    }

    private void endByFault(IOException fault, long now) {
        end(new Refused(current.id(), RefusalReason.WRITE_FAILED), now, "cannot write: " + fault.getMessage());
    }

    /** The one way out of a reception. */
    private void end(TransferMessage last, long now, String failure) {
        String said = failure;
        try {
            current.partial().close();
        } catch (IOException e) {
            said = failure + "; and cannot delete the temporary file: " + e.getMessage();
        }
        results.add(current.result(now, said));
        final ReturnRoute to = current.returnRoute();
        current = null;
        remember(new Answer(to, last));
    }

    private void remember(Answer last) {
        ended.put(last.message().id(), last);
        if (ended.size() > REMEMBERED) {
            ended.remove(ended.keySet().iterator().next());
        }
        answer(last);
    }

    private void answerOrIgnore(Answer past) {
        if (past == null) {
            ignored++;
        } else {
            answer(past);
        }
    }

    private void answer(Answer answer) {
        if (outbox.size() < OUTBOX_LIMIT) {
            outbox.add(answer);
        }
    }
}

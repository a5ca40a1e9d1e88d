package io.millrace.transfer;

import io.millrace.transfer.TransferMessage.Ack;
import io.millrace.transfer.TransferMessage.Chunk;
import io.millrace.transfer.TransferMessage.Offer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * One file while it is received: arrived chunks, digest, and time of the next acknowledgement.
 *
 * <p>The digest runs over the temporary file, read back, in order, as soon as the order is complete.
 */
final class Reception {
    /** Chunks that one acknowledgement stands for at most. */
    private static final int ACK_EVERY = 8;

    private final Offer offer;
    private final OfferedFile file;
    private final PartialFile partial;
    private final MessageDigest sha256 = Sha256.begin();
    private final ReceiveWindow window = new ReceiveWindow();
    private final ByteBuffer scratch;
    private final long ackDelayNs;
    private final long startNs;
    private long progressNs;
    private int unanswered;
    private long echo;
    private long ackDueNs;

    Reception(Offer offer, PartialFile partial, TransferTiming timing, long now) {
        this.offer = offer;
        this.file = offer.file();
        this.partial = partial;
        this.scratch = ByteBuffer.allocate(file.chunkLength());
        this.ackDelayNs = timing.ackDelay().toNanos();
        this.startNs = now;
        this.progressNs = now;
    }

    TransferId id() {
        return offer.id();
    }

    ReturnRoute returnRoute() {
        return offer.returnRoute();
    }

    PartialFile partial() {
        return partial;
    }

    /** Time of the last new chunk, or of the offer. */
    long progressNs() {
        return progressNs;
    }

    boolean complete() {
        return window.cumulative() == file.chunkCount();
    }

    /** Whether the digest of the complete file is the one that was offered; to be asked once. */
    boolean authentic() {
        return MessageDigest.isEqual(sha256.digest(), HexFormat.of().parseHex(file.sha256()));
    }

    ReceivedFile result(long now, String failure) {
        return ReceivedFile.of(id(), file, partial.target(), now - startNs, failure);
    }

    /** Whether the chunk is one of this file, of the right length. */
    boolean fits(Chunk chunk) {
        return chunk.index() < file.chunkCount() && chunk.data().remaining() == file.lengthOf(chunk.index());
    }

    boolean inReach(Chunk chunk) {
        return window.inReach(chunk.index());
    }

    boolean has(Chunk chunk) {
        return window.has(chunk.index());
    }

    /** Writes a chunk that fits, is in reach and has not arrived before. */
    void take(Chunk chunk, long now) throws IOException {
        partial.write(file.positionOf(chunk.index()), chunk.data());
        window.add(chunk.index());
        progressNs = now;
        while (window.cumulative() < file.chunkCount() && window.nextArrived()) {
            digest(window.cumulative());
            window.advance();
        }
    }

    /** Notes that a message with this stamp wants an acknowledgement, soon or at once. */
    void oweAck(long stamp, boolean atOnce, long now) {
        if (unanswered == 0) {
            echo = stamp;
            ackDueNs = now + ackDelayNs;
        }
        unanswered++;
        if (atOnce || unanswered >= ACK_EVERY) {
            ackDueNs = now;
        }
    }

    boolean ackDue(long now) {
        return unanswered > 0 && now - ackDueNs >= 0;
    }

    boolean owesAck() {
        return unanswered > 0;
    }

    long ackDueNs() {
        return ackDueNs;
    }

    Ack ack() {
        unanswered = 0;
        return new Ack(id(), window.cumulative(), echo, window.selective());
    }

    private void digest(int index) throws IOException {
        scratch.clear().limit(file.lengthOf(index));
        partial.read(file.positionOf(index), scratch);
        sha256.update(scratch.flip());
    }
}

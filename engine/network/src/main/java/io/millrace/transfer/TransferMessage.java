package io.millrace.transfer;

import java.nio.ByteBuffer;
import java.util.BitSet;

/** Message between the two ends. {@link MessageCodec} has the layouts. */
public sealed interface TransferMessage {
    /** How many chunks beyond the first missing one a receiver takes, and reports in one acknowledgement. */
    int WINDOW = 1024;

    /** The transfer it belongs to. */
    TransferId id();

    /**
     * From the sender: a file is on offer. Repeated until it is answered, and again as a probe at the end.
     *
     * @param id of the transfer.
     * @param stamp the sender's own time, more than zero; comes back in an acknowledgement.
     * @param file on offer.
     * @param returnRoute where answers go.
     */
    record Offer(TransferId id, long stamp, OfferedFile file, ReturnRoute returnRoute) implements TransferMessage {}

    /**
     * From the sender: a piece of the file.
     *
     * @param id of the transfer.
     * @param index 0 to {@code chunkCount - 1}.
     * @param stamp as in {@link Offer}.
     * @param data the bytes from {@code index * chunkLength} on; its position and limit are the reader's.
     */
    record Chunk(TransferId id, int index, long stamp, ByteBuffer data) implements TransferMessage {}

    /**
     * From the receiver: the arrived chunks.
     *
     * @param id of the transfer.
     * @param cumulative every chunk below this index is there.
     * @param echo the stamp of the first message that this one answers, or 0.
     * @param selective bit {@code i} says that chunk {@code cumulative + i} is there, below {@link #WINDOW}.
     */
    record Ack(TransferId id, int cumulative, long echo, BitSet selective) implements TransferMessage {}

    /**
     * From the receiver: the whole file is there under its name, and its SHA-256 is right.
     *
     * @param id of the transfer.
     */
    record Done(TransferId id) implements TransferMessage {}

    /**
     * From the receiver: it does not take the file, or takes no more of it.
     *
     * @param id of the transfer.
     * @param reason why the receiver refuses.
     */
    record Refused(TransferId id, RefusalReason reason) implements TransferMessage {}

    /**
     * From the sender: it sends nothing more.
     *
     * @param id of the transfer.
     * @param completed true after {@link Done}; false if the sender gave up.
     */
    record Close(TransferId id, boolean completed) implements TransferMessage {}
}

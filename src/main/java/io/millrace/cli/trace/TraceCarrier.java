package io.millrace.cli.trace;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.DatagramBatch;
import io.millrace.link.LinkFrame;
import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;

/**
 * The links of the relay under attack: hands over prepared frames when their time has come, and keeps the times at which
 * frames arrive and leave, as an observer of the links does.
 *
 * <p>Threading: the relay's I/O thread; the times are read after it has ended.
 */
final class TraceCarrier implements Carrier {
    /** The peer from which all frames come. */
    static final int SENDER = 0;

    private final MemorySegment frames;
    private final long[] scheduleNs;
    private final long[] arrivedNs;
    private final long[] leftNs;
    private final int[] leftFor;
    private long startNs;
    private boolean started;
    private int arrived;
    private int left;

    /**
     * Hands over frames.
     *
     * @param frames native, one after the other.
     * @param scheduleNs when each arrives, in nanoseconds from the first look, ascending.
     */
    TraceCarrier(MemorySegment frames, long[] scheduleNs) {
        this.frames = frames;
        this.scheduleNs = scheduleNs;
        this.arrivedNs = new long[scheduleNs.length];
        this.leftNs = new long[scheduleNs.length];
        this.leftFor = new int[scheduleNs.length];
    }

    @Override
    public int receive(DatagramBatch batch, int limit, int roomLength) {
        final long now = System.nanoTime();
        if (!started) {
            started = true;
            startNs = now; // the relay is ready: it has not been for some time after this was made
        }
        int count = 0;
        while (count < limit && arrived < scheduleNs.length && now - startNs >= scheduleNs[arrived]) {
            MemorySegment.copy(
                    frames,
                    (long) arrived * LinkFrame.FRAME_LENGTH,
                    batch.memory(),
                    batch.position(count),
                    LinkFrame.FRAME_LENGTH);
            batch.filled(count++, LinkFrame.FRAME_LENGTH, SENDER);
            arrivedNs[arrived++] = now;
        }
        return count;
    }

    @Override
    public int send(int peer, DatagramBatch batch, int from, int count) {
        final long now = System.nanoTime();
        for (int i = 0; i < count; i++) {
            leftNs[left] = now;
            leftFor[left++] = peer;
        }
        return count;
    }

    /** When each frame arrived, by {@link System#nanoTime}. */
    long[] arrivedNs() {
        return arrivedNs;
    }

    /** When frames left for {@code peer}, ascending. */
    long[] leftNs(int peer) {
        return IntStream.range(0, left)
                .filter(i -> leftFor[i] == peer)
                .mapToLong(i -> leftNs[i])
                .toArray();
    }

    @Override
    public long receiveErrors() {
        return 0;
    }

    @Override
    public long sendErrors() {
        return 0;
    }

    @Override
    public void close() {}
}

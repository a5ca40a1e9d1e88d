package io.millrace.store;

import io.millrace.memory.TrackedArena;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;

/**
 * A file of records that are appended, read and never changed. A record that was appended survives the death of the
 * process at once. The first torn or missing record ends the log when it is opened again; a log that ends before
 * its durable length is damaged, and opening it fails rather than to forget.
 *
 * <p>The file is mapped in chunks that are written with zeros before they are mapped, so that a full disk is an answer
 * here and not a signal to the process. The committing thread prepares the next chunk before this one is used up.
 *
 * <p>A record is checked whenever it is read or passed over, so that a bit that flipped on the disk is never given out: the
 * call throws, and from then on the log takes nothing more. A log that is opened with {@link LogCheck#WHEN_READ} after a
 * clean stop believes the {@link StopMark}, and checks at opening only the part behind it. In every other case opening
 * checks all records.
 *
 * <p>Appending allocates nothing. Threading: one thread appends; any thread may read records that were appended
 * before it was told of it. Not to be used while or after the store closes. Format: {@link LogFormat}.
 */
public final class AppendLog extends DurableFile {
    /** There is no room on the disk, or it was not made in time: nothing was appended. It may work later. */
    public static final long NO_ROOM = -1;

    /** The file has failed ({@link #failure()}): nothing was appended, and nothing will be. */
    public static final long FAILED = -2;

    private static final long WAIT_NS = Duration.ofSeconds(2).toNanos();
    private static final long LOOK_AGAIN_NS = 20_000;

    private final LogLayout layout;
    private final GroupCommitter committer;
    private final FileChannel channel;
    private final TrackedArena arena = TrackedArena.shared();
    private final MemorySegment header;
    private final CRC32C crc = new CRC32C();
    private final CalledWriter writer; // null: stores to mapped memory

    /** All that are mapped so far; replaced by a longer array when one is added. */
    private volatile Chunk[] chunks;

    /** Where the next record begins, for the appending thread. */
    private long end;

    /** The same for everybody else. */
    private volatile long published;

    private volatile StoreException shortage;
    private long appended;

    /** Number of records and where the last one begins (0: none), for the appending thread. */
    private long records;

    private long last;

    /** Opens the log; {@code believing} its mark of a clean stop, if it has one. */
    AppendLog(Path file, LogLayout layout, GroupCommitter committer, boolean believing) throws IOException {
        super(file, 0);
        this.layout = layout;
        this.committer = committer;
        this.channel =
                OwnerOnly.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        this.writer = layout.writing() == LogLayout.Writing.CALLED
                ? new CalledWriter(channel, arena, layout.maxRecordLength())
                : null;
        try {
            this.header = LogFormat.header(channel, arena, file, layout);
            this.chunks = Chunk.all(channel, arena, layout);
            recover(believing ? StopMark.read(header) : Optional.empty());
        } catch (IOException | RuntimeException e) {
            release();
            throw e;
        }
    }

    /**
     * Appends one record.
     *
     * @param record native or on the heap.
     * @param offset of the record in {@code record}, in bytes.
     * @param length in bytes, 1 to {@link LogLayout#maxRecordLength()}.
     * @return the position that is durable when the record is: where it ends; or {@link #NO_ROOM}, {@link #FAILED}.
     */
    public long append(MemorySegment record, long offset, int length) {
        final long at = reserve(length);
        if (at < 0) {
            return at;
        }
        if (writer != null) {
            return write(at, record, offset, length);
        }
        MemorySegment.copy(record, offset, memory(at), payload(at), length);
        return publish(length);
    }

    /**
     * As {@link #append}, but waits up to 2 seconds for the committing thread to make room: not for threads that packets
     * wait for.
     *
     * @param record native or on the heap.
     * @param offset of the record in {@code record}, in bytes.
     * @param length in bytes.
     * @return as {@link #append}.
     */
    public long appendPatiently(MemorySegment record, long offset, int length) {
        long end = append(record, offset, length);
        if (end == NO_ROOM) {
            final long start = System.nanoTime();
            while (end == NO_ROOM && shortage == null && System.nanoTime() - start < WAIT_NS) {
                LockSupport.parkNanos(LOOK_AGAIN_NS);
                end = append(record, offset, length);
            }
        }
        return end;
    }

    /**
     * Length in bytes of a record.
     *
     * @param position where it begins; see {@link #read}.
     * @throws StoreException if it is damaged.
     */
    public int length(long position) throws StoreException {
        final int length = Chunk.of(memory(position)).wholeLength(new CRC32C(), offset(position), position, layout);
        if (length <= 0) {
            final StoreException damage = damaged(position);
            fail(damage);
            throw damage;
        }
        return length;
    }

    /**
     * Copies a record out.
     *
     * @param position where it begins: {@link #begin()}, {@link #last()} or the result of {@link #next}, before
     *     {@link #position()}.
     * @param target receives the record.
     * @return its length in bytes; nothing is copied if {@code target} is shorter.
     * @throws StoreException if it is damaged.
     */
    public int read(long position, MemorySegment target) throws StoreException {
        final int length = length(position);
        if (length <= target.byteSize()) {
            MemorySegment.copy(memory(position), payload(position), target, 0, length);
        }
        return length;
    }

    /**
     * Bytes that a record takes up in the file, its header and padding included.
     *
     * @param length of the record in bytes.
     */
    public static int spaceOf(int length) {
        return LogFormat.spaceOf(length);
    }

    /** Where the first record begins. */
    public long begin() {
        return LogFormat.HEADER_LENGTH;
    }

    /**
     * Where the record after the one at {@code position} begins; {@link #position()} if it is the last.
     *
     * @param position where a record begins.
     * @throws StoreException if it is damaged.
     */
    public long next(long position) throws StoreException {
        final long after = position + LogFormat.spaceOf(length(position));
        return after < published && isUnused(after) ? nextChunk(after) : after;
    }

    /**
     * Shows every record up to the end, in order.
     *
     * @param visitor called for each record.
     * @throws StoreException if one is damaged; those before it were shown.
     */
    public void forEach(Visitor visitor) throws StoreException {
        final long last = published;
        for (long at = begin(); at < last; at = next(at)) {
            visitor.record(memory(at), payload(at), length(at));
        }
    }

    /** Number of records. Belongs to the appending thread. */
    public long count() {
        return records;
    }

    /** Where the last record begins; 0 if there is none. Belongs to the appending thread. */
    public long last() {
        return last;
    }

    /** Why there was no room the last time that more was made; empty if there is. */
    public Optional<IOException> shortage() {
        return Optional.ofNullable(shortage);
    }

    @Override
    public long position() {
        return published;
    }

    /**
     * Finds the place of the next record; its payload is written there before {@link #publish(int)}.
     *
     * @return where it begins; or {@link #NO_ROOM}, {@link #FAILED}.
     */
    long reserve(int length) {
        assert length > 0 && length <= layout.maxRecordLength();
        if (hasFailed()) {
            return FAILED;
        }
        final int left = layout.chunkLength() - (int) offset(end);
        if (LogFormat.spaceOf(length) > left) {
            if (isMapped(nextChunk(end))) {
                LogFormat.word(memory(end), offset(end), LogFormat.UNUSED);
                end = nextChunk(end);
                return end;
            }
        } else if (isMapped(end)) {
            return end;
        }
        committer.wake();
        return NO_ROOM;
    }

    /** Ends the record that was reserved. */
    long publish(int length) {
        final Chunk chunk = chunks[index(end)];
        final long at = offset(end);
        LogFormat.word(chunk.memory(), at, LogFormat.word(chunk.sum(crc, at, length), end, length));
        return appended(length);
    }

    private long write(long at, MemorySegment record, long offset, int length) {
        try {
            writer.write(crc, at, record, offset, length);
        } catch (IOException e) {
            fail(new StoreException("cannot write to the log: file=" + file() + ": " + e.getMessage(), e));
            return FAILED;
        }
        return appended(length);
    }

    private long appended(int length) {
        records++;
        last = end;
        end += LogFormat.spaceOf(length);
        published = end;
        committer.done(++appended);
        return end;
    }

    /** The memory in which a position lies. */
    MemorySegment memory(long position) {
        return chunks[index(position)].memory();
    }

    /** Offset in {@link #memory} of the payload of the record that begins at {@code position}. */
    long payload(long position) {
        return offset(position) + LogFormat.RECORD_HEADER_LENGTH;
    }

    @Override
    protected void force() throws IOException {
        final long target = published;
        channel.force(false);
        // Reaches the disk with the next force, so it is never ahead of the records.
        LogFormat.durable(header, target);
    }

    @Override
    protected void prepare() {
        final Chunk[] now = chunks;
        final long mapped = LogFormat.HEADER_LENGTH + (long) now.length * layout.chunkLength();
        if (mapped - published > layout.chunkLength()) {
            return;
        }
        try {
            FileRoom.writeZeros(channel, mapped, layout.chunkLength());
            final Chunk[] longer = Arrays.copyOf(now, now.length + 1);
            longer[now.length] = Chunk.of(LogFormat.map(channel, arena, mapped, layout.chunkLength()));
            chunks = longer;
            shortage = null;
        } catch (IOException e) {
            shortage = new StoreException("no room for the log; make some: file=" + file() + ": " + e.getMessage(), e);
            giveBack(mapped);
        }
    }

    /** Cuts off the part of a chunk that did not fit, which keeps the disk full for others. */
    private void giveBack(long length) {
        try {
            channel.truncate(length);
        } catch (IOException e) {
            shortage.addSuppressed(e);
        }
    }

    @Override
    protected void leaveMark() throws IOException {
        if (published == durablePosition()) {
            new StopMark(published, records, last).write(header);
            channel.force(false);
        }
    }

    @Override
    protected void release() throws IOException {
        arena.close();
        channel.close();
    }

    private void recover(Optional<StopMark> mark) throws IOException {
        final Optional<StopMark> believed = mark.filter(each -> isMapped(each.end() - 1));
        final StopMark found = Chunk.end(chunks, layout, believed.orElse(StopMark.EMPTY));
        end = found.end();
        records = found.records();
        last = found.last();
        published = end;
        if (end < LogFormat.durable(header)) {
            throw damaged(end);
        }
        prepare();
        if (!isMapped(end)) {
            throw shortage;
        }
        if (!believed.equals(Optional.of(found))) {
            for (long at = end; isMapped(at); at = nextChunk(at)) {
                memory(at).asSlice(offset(at)).fill((byte) 0);
            }
        }
        commit();
    }

    private StoreException damaged(long position) {
        return new StoreException("the log is damaged in its durable part; restore it from a copy, or remove it"
                + " and lose its records: file=" + file() + ", damagedAt=" + position + ", durable="
                + LogFormat.durable(header));
    }

    private boolean isUnused(long position) {
        return isMapped(position) && LogFormat.word(memory(position), offset(position)) == LogFormat.UNUSED;
    }

    private boolean isMapped(long position) {
        return index(position) < chunks.length;
    }

    private int index(long position) {
        return (int) ((position - LogFormat.HEADER_LENGTH) / layout.chunkLength());
    }

    private long offset(long position) {
        return (position - LogFormat.HEADER_LENGTH) % layout.chunkLength();
    }

    private long nextChunk(long position) {
        return position - offset(position) + layout.chunkLength();
    }

    /** Sees the records of a log. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * One record.
         *
         * @param memory holds it; valid during the call.
         * @param offset of its first byte.
         * @param length in bytes.
         */
        void record(MemorySegment memory, long offset, int length);
    }
}

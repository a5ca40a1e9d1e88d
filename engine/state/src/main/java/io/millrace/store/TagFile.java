package io.millrace.store;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import io.millrace.memory.TrackedArena;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A file of replay tags without their order: masked under a key, each in a random slot of the area that is being filled. A
 * reader without the key learns an upper bound of the number of tags; one with the key learns the tags, and their order
 * no finer than an area of {@value TagArea#SLOTS}.
 *
 * <pre>
 *  offset  length  field
 *       0       8  magic          "MRTAGS\0\0"
 *       8       4  version        1
 *      12       4  area length    65536
 *      16       8  durable        tags that the file held at the last commit
 *    4096          areas, see {@link TagArea}, written with zeros 16 at a time before they are mapped
 * </pre>
 *
 * <p>A tag that was appended survives the death of the process at once. The committing thread makes areas ready ahead.
 *
 * <p>Appending allocates nothing. Threading: one thread appends; areas are made ready under the file's monitor.
 */
final class TagFile extends DurableFile {
    private static final int HEADER_LENGTH = 4096;
    private static final long VERSION_OFFSET = 8;
    private static final long AREA_OFFSET = 12;
    private static final long DURABLE_OFFSET = 16;
    private static final int VERSION = 1;
    private static final long MAGIC = 0x0000_5347_4154_524dL;

    /** Areas that are written with zeros and mapped together. */
    private static final int CHUNK_AREAS = 16;

    private static final int CHUNK_LENGTH = CHUNK_AREAS * TagArea.LENGTH;

    /** Areas that are ready ahead: room for 65,472 tags while the committing thread waits for the disk. */
    private static final int READY = 24;

    private static final ValueLayout.OfLong LE_LONG = JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt LE_INT = JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final GroupCommitter committer;
    private final SecretKey key;
    private final Randomness randomness;
    private final FileChannel channel;
    private final TrackedArena arena = TrackedArena.shared();
    private final MemorySegment header;
    private final List<MemorySegment> chunks = new ArrayList<>();
    private final List<Place> used = new ArrayList<>();
    private final Deque<Place> free = new ArrayDeque<>();
    private final TagArea[] areas = new TagArea[READY];

    /** Areas made ready so far; the committing thread's. */
    private volatile long made;

    /** Areas filled so far: the one being filled is {@code areas[filled % READY]}. The appending thread's. */
    private volatile long filled;

    private volatile long count;
    private volatile StoreException shortage;
    private long appends;

    /**
     * Opens the file, and makes it where there is none.
     *
     * @param key 32 bytes; copied.
     */
    TagFile(Path file, SecretKey key, Randomness randomness, GroupCommitter committer) throws IOException {
        super(file, 0);
        this.committer = committer;
        this.key = SecretKey.copyOf(key.segment());
        this.randomness = randomness;
        this.channel =
                OwnerOnly.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            for (int i = 0; i < READY; i++) {
                areas[i] = new TagArea(arena);
            }
            this.header = header();
            mapAll();
            recover();
        } catch (IOException | RuntimeException e) {
            release();
            throw e;
        }
    }

    /**
     * Appends the tags of one batch, all or none of them.
     *
     * @param tags 1 to {@link ReplayJournal#MAX_BATCH}.
     * @return whether there was room and the file has not failed.
     */
    boolean append(int tags, long[] lows, long[] highs) {
        long current = filled;
        final long ready = made;
        if (hasFailed() || room(current, ready) < tags) {
            committer.wake();
            return false;
        }
        TagArea area = areas[(int) (current % READY)];
        for (int i = 0; i < tags; i++) {
            if (area.free() == 0) {
                area = areas[(int) (++current % READY)];
            }
            area.add(lows[i], highs[i]);
        }
        filled = current; // gives the full ones back
        final long before = count; // one writer
        count = before + tags;
        committer.done(++appends);
        return true;
    }

    /** Shows every tag, in no order. */
    synchronized void forEach(TagArea.Visitor visitor) {
        try (Arena scratch = Arena.ofConfined()) {
            final TagArea reader = new TagArea(scratch);
            try {
                for (Place place : used) {
                    reader.read(place.chunk(), place.offset(), key, visitor);
                }
            } finally {
                reader.wipe();
            }
        }
    }

    /** Why there was no room the last time that more was made; empty if there is. */
    Optional<IOException> shortage() {
        return Optional.ofNullable(shortage);
    }

    @Override
    public long position() {
        return count;
    }

    @Override
    protected void force() throws IOException {
        final long target = count;
        channel.force(false);
        // Reaches the disk with the next force, so it is never ahead of the tags.
        header.set(LE_LONG, DURABLE_OFFSET, target);
    }

    @Override
    protected void prepare() {
        try {
            while (made - filled < READY) {
                if (free.isEmpty()) {
                    makeChunk();
                }
                final Place place = free.removeFirst();
                areas[(int) (made % READY)].prepare(place.chunk(), place.offset(), key, randomness);
                used.add(place);
                final long before = made; // one writer
                made = before + 1;
            }
            shortage = null;
        } catch (IOException e) {
            shortage =
                    new StoreException("no room for the journal; make some: file=" + file() + ": " + e.getMessage(), e);
        }
    }

    @Override
    protected void release() throws IOException {
        for (TagArea area : areas) {
            if (area != null) {
                area.wipe();
            }
        }
        key.close();
        arena.close();
        channel.close();
    }

    private long room(long current, long ready) {
        return ready == current ? 0 : areas[(int) (current % READY)].free() + (ready - current - 1) * TagArea.SLOTS;
    }

    private MemorySegment header() throws IOException {
        if (channel.size() < HEADER_LENGTH) {
            FileRoom.writeZeros(channel, 0, HEADER_LENGTH);
        }
        final MemorySegment mapped = LogFormat.map(channel, arena, 0, HEADER_LENGTH);
        if (mapped.get(LE_LONG, 0) == 0) {
            mapped.set(LE_INT, VERSION_OFFSET, VERSION);
            mapped.set(LE_INT, AREA_OFFSET, TagArea.LENGTH);
            mapped.set(LE_LONG, 0, MAGIC);
            channel.force(true);
        } else if (mapped.get(LE_LONG, 0) != MAGIC || mapped.get(LE_INT, AREA_OFFSET) != TagArea.LENGTH) {
            throw new StoreException("not a replay journal of this program: file=" + file());
        } else if (mapped.get(LE_INT, VERSION_OFFSET) != VERSION) {
            throw new StoreException("written by another version of this program; use that one: file=" + file()
                    + ", version=" + mapped.get(LE_INT, VERSION_OFFSET) + ", known=" + VERSION);
        }
        return mapped;
    }

    private void makeChunk() throws IOException {
        final long at = HEADER_LENGTH + (long) chunks.size() * CHUNK_LENGTH;
        FileRoom.writeZeros(channel, at, CHUNK_LENGTH);
        addChunk(at);
    }

    private void addChunk(long at) throws IOException {
        final MemorySegment chunk = LogFormat.map(channel, arena, at, CHUNK_LENGTH);
        chunks.add(chunk);
        for (long offset = 0; offset < CHUNK_LENGTH; offset += TagArea.LENGTH) {
            final Place place = new Place(chunk, offset);
            if (TagArea.isEmpty(chunk, offset)) {
                free.add(place);
            } else {
                used.add(place);
            }
        }
    }

    private void mapAll() throws IOException {
        for (long at = HEADER_LENGTH; at + CHUNK_LENGTH <= channel.size(); at += CHUNK_LENGTH) {
            addChunk(at);
        }
    }

    private void recover() throws IOException {
        final long[] tags = new long[1];
        forEach((low, high) -> tags[0]++);
        final long durable = header.get(LE_LONG, DURABLE_OFFSET);
        if (tags[0] < durable) {
            throw new StoreException(
                    "the journal has lost tags that were durable, or belongs to another key; restore it"
                            + " from a copy, or go on to a new key and remove it: file=" + file() + ", tags=" + tags[0]
                            + ", durable=" + durable);
        }
        count = tags[0];
        prepare();
        if (made == 0) {
            throw shortage;
        }
        commit();
    }

    /** Where an area lies. */
    private record Place(MemorySegment chunk, long offset) {}
}

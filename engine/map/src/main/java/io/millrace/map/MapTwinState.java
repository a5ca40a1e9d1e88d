package io.millrace.map;

import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.Dot;
import io.millrace.crdt.type.Frontier;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.PnCounter;
import io.millrace.crdt.type.Stamp;
import io.millrace.crdt.type.StoredTwinState;
import io.millrace.crdt.type.Twin;
import io.millrace.crdt.type.TwinId;
import io.millrace.crdt.type.TwinOperation;
import io.millrace.crdt.type.Value;
import io.millrace.crypto.Randomness;
import io.millrace.memory.TrackedArena;
import io.millrace.store.CommitPolicy;
import io.millrace.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * State of a document on disk, off the heap: a store with maps, opened in a time that does not depend on their size.
 *
 * <p>The log of signed operations is the truth; this is derived from it. Every operation ends with a checkpoint: the part of
 * the log that the state contains, the number of entries, and the sum of their hashes. After a clean stop the checkpoint is
 * believed if the maps have its number of entries. After an unclean stop every entry is read and hashed again: where the sum
 * differs, or a map cannot be read, the state is forgotten and the replica builds it anew from the log. {@link #verify} does
 * the same pass at any time. The sum finds accidents. A program that can write to the folder can also write a sum that fits:
 * only a replay of the log finds that ({@code millrace twin verify}).
 *
 * <p>It needs the JVM flags of {@link StoreMaps}. Not thread safe; one process at a time.
 */
public final class MapTwinState implements StoredTwinState {
    private static final long FIRST_CAPACITY = 1L << 16;

    private final TwinId id;
    private final Store store;
    private final Randomness randomness;
    private final TrackedArena arena = TrackedArena.shared();
    private final MemorySegment scratch = arena.allocate(2L * TwinEntries.MAX_LENGTH, 8);
    private final TwinEntries entries;
    private final TwinProperties properties;
    private final TwinLists lists;
    private final TwinHead head;
    private final FrontierFile frontierFile;
    private Optional<Coverage> coverage = Optional.empty();
    private Optional<Frontier> frontier = Optional.empty();
    private boolean left; // the frontier is to be written
    private String rebuilt = "";
    private boolean incomplete;
    private boolean closed;

    private MapTwinState(TwinId id, Store store, Randomness randomness, TwinHead head, long firstCapacity) {
        this.id = id;
        this.store = store;
        this.randomness = randomness;
        this.entries = new TwinEntries(store, firstCapacity);
        this.properties = new TwinProperties(entries, arena, scratch);
        this.lists = new TwinLists(entries, arena);
        this.head = head;
        this.frontierFile = new FrontierFile(store.directory());
    }

    /**
     * Opens a state, and makes it where there is none.
     *
     * @param directory of the state and nothing else; made if it is missing.
     * @param twin name of the document.
     * @param randomness for the key of a new state's hashes.
     * @return the state; without coverage if it is new or cannot be believed.
     * @throws io.millrace.store.StoreException if another process has it open.
     * @throws IOException if it cannot be read or written.
     */
    public static MapTwinState open(Path directory, TwinId twin, Randomness randomness) throws IOException {
        return open(directory, twin, randomness, FIRST_CAPACITY);
    }

    /** As above, with another capacity of the first map, so that a test sees several. */
    static MapTwinState open(Path directory, TwinId twin, Randomness randomness, long firstCapacity)
            throws IOException {
        final Store store = Store.open(directory, CommitPolicy.DEFAULT);
        try {
            final TwinHead head = new TwinHead(store.directory().resolve("head"));
            final MapTwinState state = new MapTwinState(twin, store, randomness, head, firstCapacity);
            try {
                state.load();
                return state;
            } catch (IOException | RuntimeException e) {
                state.giveUp();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private void load() throws IOException {
        final Optional<TwinHead.Checkpoint> found = head.isOf(idBytes()) ? head.read() : Optional.empty();
        rebuilt = load(found);
        if (rebuilt.isEmpty()) {
            coverage = found.map(TwinHead.Checkpoint::coverage);
            frontier = frontierFile.read(head.secret());
        } else {
            clear();
        }
    }

    /** The store is going to be closed cleanly: entries that were not checked after an unclean stop get no checkpoint. */
    private void giveUp() {
        if (store.wasMended()) {
            head.begin(idBytes(), head.secret());
        }
        closeMemory();
    }

    @Override
    public TwinId id() {
        return id;
    }

    @Override
    public Optional<Coverage> coverage() {
        return coverage;
    }

    /** Why the state was forgotten when it was opened; empty if it was not. */
    public String rebuilt() {
        return rebuilt;
    }

    /** Number of entries in all maps. */
    public long size() {
        return entries.counted();
    }

    /** Number of maps. */
    int generations() {
        return entries.generations();
    }

    /** Whether every entry, read and hashed again, agrees with the checkpoint. A pass over the whole state. */
    public boolean verify() {
        return !incomplete
                && head.read()
                        .filter(checkpoint -> entries.hasSumOf(checkpoint))
                        .isPresent();
    }

    @Override
    public void cover(Coverage covered) {
        requireComplete();
        coverage = Optional.of(covered);
        entries.checkpoint(head, covered);
    }

    @Override
    public Optional<Frontier> frontier() {
        return frontier.filter(end -> coverage.filter(end.coverage()::equals).isPresent());
    }

    @Override
    public void leave(Frontier end) {
        frontier = Optional.of(end);
        left = true;
    }

    @Override
    public void clear() {
        try (Arena own = Arena.ofConfined()) {
            final MemorySegment secret = own.allocate(TwinHead.SECRET_LENGTH, 8);
            randomness.fill(secret);
            head.begin(idBytes(), secret);
            entries.clear(head.secret());
            coverage = Optional.empty();
            frontier = Optional.empty();
            incomplete = false;
        } catch (IOException e) {
            incomplete = true;
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean apply(OperationId operation, ActorId actor, long time, List<TwinOperation> operations) {
        requireComplete();
        try {
            boolean changed = false;
            for (int i = 0; i < operations.size(); i++) {
                changed |= apply(operations.get(i), new Stamp(time, actor, new Dot(operation, i)));
            }
            return changed;
        } catch (IOException | RuntimeException e) {
            incomplete = true;
            throw new IllegalStateException(
                    "the state cannot be written; open it again: directory=" + store.directory() + ": "
                            + e.getMessage(),
                    e);
        }
    }

    private boolean apply(TwinOperation operation, Stamp stamp) throws IOException {
        return switch (operation) {
            case TwinOperation.Set set -> properties.write(set.key(), set.value(), stamp);
            case TwinOperation.Delete delete -> properties.write(delete.key(), null, stamp);
            case TwinOperation.Add add -> {
                lists.find(TwinCells.ELEMENT, add.set(), add.element());
                yield lists.add(stamp.dot(), null);
            }
            case TwinOperation.Remove remove -> {
                lists.find(TwinCells.ELEMENT, remove.set(), remove.element());
                yield removeAll(remove.seen());
            }
            case TwinOperation.Count count ->
                lists.raise(count.counter(), stamp.actor(), count.increments(), count.decrements());
            case TwinOperation.Assign assign -> {
                lists.find(TwinCells.REGISTER, assign.register(), null);
                final boolean added = lists.add(stamp.dot(), assign.value());
                final boolean removed = removeAll(assign.overwritten());
                yield added || removed;
            }
        };
    }

    private boolean removeAll(List<Dot> dots) throws IOException {
        boolean changed = false;
        for (final Dot dot : dots) {
            changed |= lists.remove(dot);
        }
        return changed;
    }

    @Override
    public Optional<Value> property(String property) {
        requireComplete();
        return properties.get(property);
    }

    /**
     * Copies the value of a property, off the heap; allocates nothing.
     *
     * @param property UTF-8 of its key, native.
     * @param propertyLength of the key in bytes, 1 to {@link TwinOperation#MAX_NAME_LENGTH}.
     * @param target receives the value, if it is long enough; this thread may use it.
     * @return length of the value in bytes; -1 if there is none.
     */
    public int property(MemorySegment property, int propertyLength, MemorySegment target) {
        requireComplete();
        if (propertyLength < 1 || propertyLength > TwinOperation.MAX_NAME_LENGTH) {
            throw new IllegalArgumentException(
                    "a key has 1 to " + TwinOperation.MAX_NAME_LENGTH + " bytes: propertyLength=" + propertyLength);
        }
        Span.requireUsable(target);
        return properties.copy(property, propertyLength, target);
    }

    @Override
    public boolean contains(String set, String element) {
        requireComplete();
        return lists.find(TwinCells.ELEMENT, set, element) && lists.liveCount() > 0;
    }

    @Override
    public List<Dot> dotsOf(String set, String element) {
        requireComplete();
        return lists.find(TwinCells.ELEMENT, set, element) ? liveDots() : List.of();
    }

    @Override
    public PnCounter.Sums sums(String counter, ActorId actor) {
        requireComplete();
        return lists.sums(counter, actor);
    }

    @Override
    public Map<String, PnCounter.Sums> sumsOf(ActorId actor) {
        requireComplete();
        final Map<String, PnCounter.Sums> sums = new TreeMap<>();
        lists.forEachShare(actor, sums::put);
        return sums;
    }

    @Override
    public BigInteger count(String counter) {
        requireComplete();
        final BigInteger[] value = {BigInteger.ZERO};
        lists.forEachShare(
                counter,
                (ignored, sums) -> value[0] = value[0].add(BigInteger.valueOf(sums.increments()))
                        .subtract(BigInteger.valueOf(sums.decrements())));
        return value[0];
    }

    @Override
    public List<Value> values(String register) {
        requireComplete();
        final Map<Dot, Value> live = new TreeMap<>();
        if (lists.find(TwinCells.REGISTER, register, null)) {
            lists.forEachLive(
                    (dot, entry, length) -> live.put(dot, TwinCells.value(entry, TwinCells.DOT_VALUE, length)));
        }
        return live.values().stream().distinct().toList();
    }

    @Override
    public List<Dot> currentDots(String register) {
        requireComplete();
        return lists.find(TwinCells.REGISTER, register, null) ? liveDots() : List.of();
    }

    @Override
    public Twin toTwin() {
        requireComplete();
        return new TwinCopy(id, entries, scratch).make();
    }

    /**
     * Closes it. The next opening believes its last checkpoint, and the end of the graph if it was left.
     *
     * @throws UncheckedIOException if that fails; then the next opening reads all of it.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (incomplete) {
                head.begin(idBytes(), head.secret());
            } else if (left) {
                frontier().ifPresent(end -> frontierFile.write(end, head.secret()));
            }
            head.force();
            store.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            closeMemory();
        }
    }

    private void closeMemory() {
        try {
            head.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            entries.close();
            arena.close();
        }
    }

    /** Gives why the state is not believed; empty if it is. */
    private String load(Optional<TwinHead.Checkpoint> found) throws IOException {
        if (found.isEmpty()) {
            return "there is no checkpoint of this document";
        }
        final TwinHead.Checkpoint checkpoint = found.get();
        final String damage = entries.open(checkpoint, head.secret());
        if (damage.isEmpty() && store.wasMended() && !entries.hasSumOf(checkpoint)) {
            return "the entries have not the hash of the checkpoint";
        }
        return damage;
    }

    private List<Dot> liveDots() {
        final List<Dot> dots = new ArrayList<>();
        lists.forEachLive((dot, ignored, length) -> dots.add(dot));
        dots.sort(null);
        return dots;
    }

    private void requireComplete() {
        if (incomplete || closed) {
            throw new IllegalStateException("the state is " + (closed ? "closed" : "incomplete; open it again")
                    + ": directory=" + store.directory());
        }
    }

    private MemorySegment idBytes() {
        return MemorySegment.ofArray(id.toBytes());
    }
}

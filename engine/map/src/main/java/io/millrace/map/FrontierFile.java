package io.millrace.map;

import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.CoverageHash;
import io.millrace.crdt.type.Frontier;
import io.millrace.crdt.type.Frontier.Head;
import io.millrace.crdt.type.Frontier.Tip;
import io.millrace.crdt.type.Identifier;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.StoredTwinState.Coverage;
import io.millrace.crypto.Blake2b;
import io.millrace.store.OwnerOnly;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The file {@code frontier} of a twin's state: the end of the document's hash graph, so that signing does not need the rest.
 * It is written whole when the state closes, under another name first.
 *
 * <pre>
 *  offset  length  field; numbers little endian
 *       0      32  hash            BLAKE2b-256 of the rest, under the secret of the file {@code head}
 *      32      32  coverage        hash of the log's beginning
 *      64       4  records         of the log's beginning
 *      68       4  operations      in the graph
 *      72       4  withoutPayload  valid operations whose payload is missing
 *      76       4  tips            number of them, T
 *      80       4  heads           number of them, H
 *      84       4  unused
 *      88       8  latestReading   of the hybrid clock
 *      96    80 T  tips            actor 32, operation 32, effective time 8, sequence 4, unused 4
 *            40 H  heads           operation 32, effective time 8
 * </pre>
 *
 * <p>The hash finds accidents, and a file of another state. Not thread safe.
 */
final class FrontierFile {
    private static final int COVERAGE = 32;
    private static final int RECORDS = 64;
    private static final int OPERATIONS = 68;
    private static final int WITHOUT_PAYLOAD = 72;
    private static final int TIP_COUNT = 76;
    private static final int HEAD_COUNT = 80;
    private static final int LATEST_READING = 88;
    private static final int HEADER_LENGTH = 96;
    private static final int TIP_LENGTH = 80;
    private static final int HEAD_LENGTH = 40;
    private static final int TIME = 64; // of a tip
    private static final int SEQUENCE = 72; // of a tip
    private static final int MAX_LENGTH = HEADER_LENGTH + Frontier.MAX_COUNT * (TIP_LENGTH + HEAD_LENGTH);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final MemorySegment DOMAIN =
            Arena.global().allocateFrom(ValueLayout.JAVA_BYTE, "millrace-twin-fr".getBytes(StandardCharsets.US_ASCII));

    private final Path file;

    FrontierFile(Path folder) {
        this.file = folder.resolve("frontier");
    }

    /**
     * Reads it.
     *
     * @param secret key of the hash.
     * @return empty if there is no file, or it is not one that was written whole under this key.
     * @throws IOException if it cannot be read.
     */
    Optional<Frontier> read(MemorySegment secret) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            final long length = channel.size();
            if (length < HEADER_LENGTH || length > MAX_LENGTH) {
                return Optional.empty();
            }
            final MemorySegment bytes = arena.allocate(length, Long.BYTES);
            final ByteBuffer buffer = bytes.asByteBuffer();
            int read = 0;
            while (read >= 0 && buffer.hasRemaining()) {
                read = channel.read(buffer);
            }
            return read < 0 || !hash(arena, bytes, secret).equals(CoverageHash.read(bytes, 0))
                    ? Optional.empty()
                    : Optional.of(decode(bytes));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * Writes it. The state is right without it: if that fails, the next process fills the graph from the log.
     *
     * @param secret key of the hash.
     */
    void write(Frontier frontier, MemorySegment secret) {
        final Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment bytes = encode(arena, frontier);
            hash(arena, bytes, secret).writeTo(bytes, 0);
            try (FileChannel channel = OwnerOnly.open(
                    unfinished,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                final ByteBuffer buffer = bytes.asByteBuffer();
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            unfinished.toFile().delete(); // a part of it keeps the disk full for others
        }
    }

    private static MemorySegment encode(Arena arena, Frontier frontier) {
        final int tips = frontier.tips().size();
        final int heads = frontier.heads().size();
        final MemorySegment bytes = arena.allocate(lengthOf(tips, heads), Long.BYTES);
        frontier.coverage().hash().writeTo(bytes, COVERAGE);
        bytes.set(INT, RECORDS, frontier.coverage().records());
        bytes.set(INT, OPERATIONS, frontier.operations());
        bytes.set(INT, WITHOUT_PAYLOAD, frontier.withoutPayload());
        bytes.set(INT, TIP_COUNT, tips);
        bytes.set(INT, HEAD_COUNT, heads);
        bytes.set(LONG, LATEST_READING, frontier.latestReading());
        long at = HEADER_LENGTH;
        for (final Tip tip : frontier.tips()) {
            tip.actor().writeTo(bytes, at);
            tip.operation().writeTo(bytes, at + Identifier.LENGTH);
            bytes.set(LONG, at + TIME, tip.time());
            bytes.set(INT, at + SEQUENCE, tip.sequence());
            at += TIP_LENGTH;
        }
        for (final Head head : frontier.heads()) {
            head.operation().writeTo(bytes, at);
            bytes.set(LONG, at + Identifier.LENGTH, head.time());
            at += HEAD_LENGTH;
        }
        return bytes;
    }

    /** Of bytes that have their hash: they were written by {@link #encode}. */
    private static Frontier decode(MemorySegment bytes) {
        final int tipCount = bytes.get(INT, TIP_COUNT);
        final int headCount = bytes.get(INT, HEAD_COUNT);
        assert bytes.byteSize() == lengthOf(tipCount, headCount);
        final List<Tip> tips = new ArrayList<>(tipCount);
        long at = HEADER_LENGTH;
        for (int i = 0; i < tipCount; i++, at += TIP_LENGTH) {
            tips.add(new Tip(
                    ActorId.read(bytes, at),
                    bytes.get(INT, at + SEQUENCE),
                    OperationId.read(bytes, at + Identifier.LENGTH),
                    bytes.get(LONG, at + TIME)));
        }
        final List<Head> heads = new ArrayList<>(headCount);
        for (int i = 0; i < headCount; i++, at += HEAD_LENGTH) {
            heads.add(new Head(OperationId.read(bytes, at), bytes.get(LONG, at + Identifier.LENGTH)));
        }
        return new Frontier(
                new Coverage(bytes.get(INT, RECORDS), CoverageHash.read(bytes, COVERAGE)),
                bytes.get(INT, OPERATIONS),
                bytes.get(INT, WITHOUT_PAYLOAD),
                bytes.get(LONG, LATEST_READING),
                tips,
                heads);
    }

    private static long lengthOf(int tips, int heads) {
        return HEADER_LENGTH + (long) tips * TIP_LENGTH + (long) heads * HEAD_LENGTH;
    }

    private static CoverageHash hash(Arena arena, MemorySegment bytes, MemorySegment secret) {
        final MemorySegment hash = arena.allocate(Identifier.LENGTH, Long.BYTES);
        Blake2b.hash(hash, bytes.asSlice(COVERAGE), secret, MemorySegment.NULL, DOMAIN);
        return CoverageHash.read(hash, 0);
    }
}

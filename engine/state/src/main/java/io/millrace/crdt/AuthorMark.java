package io.millrace.crdt;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.cbor.CborReader;
import io.millrace.cbor.CborWriter;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.Identifier;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.PnCounter;
import io.millrace.crdt.type.TwinId;
import io.millrace.crdt.type.TwinOperation;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The last operation that an actor has signed in a document, with the actor's sums of every counter: kept durably and apart
 * from every replica, so that an author notices a replica that lacks the author's operations or payloads.
 *
 * <p>A replica that is given the mark ({@link Replica#remember}) signs nothing for the actor until it has the operation and
 * counts at least those sums. Encoding: {@code [1, twin: bstr, actor: bstr, sequence, operation: bstr, [* [counter: tstr,
 * increments, decrements]]]}.
 *
 * @param twin the document.
 * @param actor the author.
 * @param sequence number of the operation, 0 or more.
 * @param operation its name.
 * @param sums of the actor by counter, without those at 0.
 */
public record AuthorMark(
        TwinId twin, ActorId actor, int sequence, OperationId operation, SortedMap<String, PnCounter.Sums> sums) {
    private static final int VERSION = 1;
    private static final int FIELDS = 6;
    private static final int FIXED_LENGTH = 160;
    private static final int SUMS_LENGTH = 32;

    /** Copies the map. */
    public AuthorMark {
        if (sequence < 0) {
            throw new IllegalArgumentException("must not be negative: sequence=" + sequence);
        }
        sums = Collections.unmodifiableSortedMap(new TreeMap<>(sums));
    }

    /** The encoding. */
    public byte[] encode() {
        long length = FIXED_LENGTH;
        for (final String counter : sums.keySet()) {
            length += SUMS_LENGTH + counter.getBytes(StandardCharsets.UTF_8).length;
        }
        final CborWriter writer = new CborWriter().wrap(MemorySegment.ofArray(new byte[Math.toIntExact(length)]), 0);
        writer.array(FIELDS)
                .unsigned(VERSION)
                .bytes(twin.toBytes())
                .bytes(actor.toBytes())
                .unsigned(sequence)
                .bytes(operation.toBytes())
                .array(sums.size());
        for (final Map.Entry<String, PnCounter.Sums> each : sums.entrySet()) {
            writer.array(3)
                    .text(each.getKey())
                    .unsigned(each.getValue().increments())
                    .unsigned(each.getValue().decrements());
        }
        return writer.written().toArray(JAVA_BYTE);
    }

    /**
     * Reads a mark.
     *
     * @param encoded bytes of any length.
     * @return empty if they are not the encoding of one.
     */
    public static Optional<AuthorMark> decode(byte[] encoded) {
        final CborReader reader = new CborReader().wrap(MemorySegment.ofArray(encoded));
        reader.arrayOf(FIELDS);
        if (reader.unsigned(VERSION) != VERSION) {
            return Optional.empty();
        }
        final byte[] twin = reader.exactly(TwinId.LENGTH);
        final byte[] actor = reader.exactly(Identifier.LENGTH);
        final int sequence = (int) reader.unsigned(Integer.MAX_VALUE);
        final byte[] operation = reader.exactly(Identifier.LENGTH);
        final int count = reader.array(encoded.length);
        final SortedMap<String, PnCounter.Sums> sums = new TreeMap<>();
        for (int i = 0; i < count && !reader.failed(); i++) {
            reader.arrayOf(3);
            final String counter = reader.text(TwinOperation.MAX_NAME_LENGTH);
            sums.put(counter, new PnCounter.Sums(reader.unsigned(Long.MAX_VALUE), reader.unsigned(Long.MAX_VALUE)));
        }
        if (!reader.finish() || sums.size() != count) {
            return Optional.empty();
        }
        return Optional.of(new AuthorMark(
                TwinId.read(MemorySegment.ofArray(twin), 0),
                ActorId.read(MemorySegment.ofArray(actor), 0),
                sequence,
                OperationId.read(MemorySegment.ofArray(operation), 0),
                sums));
    }
}

package io.millrace.crdt;

import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.OperationCodec;
import io.millrace.crdt.op.OperationLog;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.CoverageHash;
import io.millrace.crdt.type.Identifier;
import io.millrace.crdt.type.StoredTwinState.Coverage;
import io.millrace.crdt.type.TwinId;
import io.millrace.crypto.Blake2b;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * Tells which beginning of a log a stored state belongs to, at the price of one record: the hash of the document's name, the
 * number of records, the last one of them, and all revocations.
 *
 * <p>The last record names the operations before it by their hashes, and its index says how many they are. A log with another
 * beginning has another record there.
 *
 * <p>Not thread safe. Its memory belongs to the collector.
 */
final class LogCoverage {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final MemorySegment DOMAIN =
            Arena.global().allocateFrom(ValueLayout.JAVA_BYTE, "millrace-twin-cv".getBytes(StandardCharsets.US_ASCII));
    private static final int RECORDS_OFFSET = TwinId.LENGTH;
    private static final int REVOCATIONS_OFFSET = RECORDS_OFFSET + Integer.BYTES;
    private static final int RECORD_OFFSET = REVOCATIONS_OFFSET + Identifier.LENGTH;

    private final MemorySegment input;
    private final MemorySegment hash;

    LogCoverage(TwinId twin, ActorRegistry registry) {
        final Arena arena = Arena.ofAuto();
        this.input = arena.allocate(RECORD_OFFSET + OperationCodec.MAX_LENGTH, Long.BYTES);
        this.hash = arena.allocate(Identifier.LENGTH, Long.BYTES);
        MemorySegment.copy(MemorySegment.ofArray(twin.toBytes()), 0, input, 0, TwinId.LENGTH);
        hashRevocations(arena, registry);
    }

    /** The first {@code records} of a log, whose last one is {@code last}; empty for none. */
    Coverage of(int records, byte[] last) {
        input.set(INT, RECORDS_OFFSET, records);
        MemorySegment.copy(last, 0, input, ValueLayout.JAVA_BYTE, RECORD_OFFSET, last.length);
        Blake2b.hash(
                hash,
                input.asSlice(0, (long) RECORD_OFFSET + last.length),
                MemorySegment.NULL,
                MemorySegment.NULL,
                DOMAIN);
        return new Coverage(records, CoverageHash.read(hash, 0));
    }

    /** Whether the log begins with this part. */
    boolean isOf(Coverage coverage, OperationLog log) throws IOException {
        final int records = coverage.records();
        if (records > log.size()) {
            return false;
        }
        return of(records, records == 0 ? new byte[0] : log.read(records - 1)).equals(coverage);
    }

    private void hashRevocations(Arena arena, ActorRegistry registry) {
        final MemorySegment part = arena.allocate(2L * Identifier.LENGTH);
        final MemorySegment chain = arena.allocate(3L * Identifier.LENGTH);
        registry.actors().keySet().stream()
                .sorted()
                .forEach(actor -> registry.revocation(actor).ifPresent(revocation -> {
                    chain(chain, part, actor, actor);
                    revocation.lastValid().stream().sorted().forEach(point -> chain(chain, part, actor, point));
                }));
        MemorySegment.copy(chain, 0, input, REVOCATIONS_OFFSET, Identifier.LENGTH);
    }

    /** A revoked actor, followed by each point of its revocation. */
    private static void chain(MemorySegment chain, MemorySegment part, ActorId actor, Identifier point) {
        actor.writeTo(chain, Identifier.LENGTH);
        point.writeTo(chain, 2L * Identifier.LENGTH);
        final MemorySegment next = part.asSlice(0, Identifier.LENGTH);
        Blake2b.hash(next, chain, MemorySegment.NULL, MemorySegment.NULL, DOMAIN);
        MemorySegment.copy(next, 0, chain, 0, Identifier.LENGTH);
    }
}

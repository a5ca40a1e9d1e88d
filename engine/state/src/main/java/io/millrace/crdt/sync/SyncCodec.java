package io.millrace.crdt.sync;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.cbor.CborReader;
import io.millrace.cbor.CborWriter;
import io.millrace.crdt.op.OperationCodec;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.Identifier;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.TwinId;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Encoding of {@link SyncMessage}: deterministic CBOR, an array that begins with the type.
 *
 * <pre>
 * tips request = [1, twin: bstr, from]
 * tips         = [2, [* [actor: bstr, operation: bstr]], more: bool]
 * wants        = [3, twin: bstr, [* [tip: bstr, [* have: bstr]]], [* payload of: bstr]]
 * operations   = [4, [* operation: bstr]]
 * </pre>
 *
 * <p>Not thread safe.
 */
final class SyncCodec {
    private static final int TIPS_REQUEST = 1;
    private static final int TIPS = 2;
    private static final int WANTS = 3;
    private static final int OPERATIONS = 4;
    private static final int ROOM = SyncMessage.MAX_LENGTH + OperationCodec.MAX_LENGTH;

    private final MemorySegment scratch = MemorySegment.ofArray(new byte[ROOM]);
    private final CborWriter writer = new CborWriter();
    private final CborReader reader = new CborReader();

    byte[] encode(SyncMessage message) {
        writer.wrap(scratch, 0);
        switch (message) {
            case SyncMessage.TipsRequest request ->
                writer.array(3)
                        .unsigned(TIPS_REQUEST)
                        .bytes(request.twin().toBytes())
                        .unsigned(request.from());
            case SyncMessage.Tips answer -> {
                writer.array(3).unsigned(TIPS).array(answer.tips().size());
                for (final SyncMessage.Tip tip : answer.tips()) {
                    writer.array(2)
                            .bytes(tip.actor().toBytes())
                            .bytes(tip.operation().toBytes());
                }
                writer.bool(answer.more());
            }
            case SyncMessage.Wants request -> {
                writer.array(4)
                        .unsigned(WANTS)
                        .bytes(request.twin().toBytes())
                        .array(request.wants().size());
                for (final SyncMessage.Want want : request.wants()) {
                    writer.array(2).bytes(want.tip().toBytes());
                    writeIds(want.haves());
                }
                writeIds(request.payloads());
            }
            case SyncMessage.Operations answer -> {
                writer.array(2).unsigned(OPERATIONS).array(answer.operations().size());
                answer.operations().forEach(writer::bytes);
            }
        }
        return writer.written().toArray(JAVA_BYTE);
    }

    /** Empty if the bytes are not a message. */
    Optional<SyncMessage> decode(byte[] message) {
        if (message.length > SyncMessage.MAX_LENGTH) {
            return Optional.empty();
        }
        reader.wrap(MemorySegment.ofArray(message));
        final int fields = reader.array(4);
        final int type = (int) reader.unsigned(OPERATIONS);
        if (fields != fieldCount(type)) {
            return Optional.empty();
        }
        final SyncMessage decoded = switch (type) {
            case TIPS_REQUEST -> new SyncMessage.TipsRequest(readTwin(), (int) reader.unsigned(Integer.MAX_VALUE));
            case TIPS -> new SyncMessage.Tips(list(SyncMessage.MAX_TIPS, this::readTip), reader.bool());
            case WANTS ->
                new SyncMessage.Wants(
                        readTwin(),
                        list(SyncMessage.MAX_WANTS, this::readWant),
                        list(SyncMessage.MAX_PAYLOADS, this::readId));
            default ->
                new SyncMessage.Operations(
                        list(SyncMessage.MAX_OPERATIONS, () -> reader.bytes(OperationCodec.MAX_LENGTH)));
        };
        return reader.finish() ? Optional.of(decoded) : Optional.empty();
    }

    private static int fieldCount(int type) {
        return switch (type) {
            case TIPS_REQUEST, TIPS -> 3;
            case WANTS -> 4;
            case OPERATIONS -> 2;
            default -> -1;
        };
    }

    private void writeIds(List<OperationId> ids) {
        writer.array(ids.size());
        for (final OperationId id : ids) {
            writer.bytes(id.toBytes());
        }
    }

    private <T> List<T> list(int maxCount, Supplier<T> item) {
        final int count = reader.array(maxCount);
        final List<T> items = new ArrayList<>();
        for (int i = 0; i < count && !reader.failed(); i++) {
            items.add(item.get());
        }
        return items;
    }

    private SyncMessage.Tip readTip() {
        reader.arrayOf(2);
        return new SyncMessage.Tip(ActorId.read(thirtyTwo(), 0), readId());
    }

    private SyncMessage.Want readWant() {
        reader.arrayOf(2);
        return new SyncMessage.Want(readId(), list(SyncMessage.MAX_HAVES, this::readId));
    }

    private OperationId readId() {
        return OperationId.read(thirtyTwo(), 0);
    }

    private TwinId readTwin() {
        final byte[] bytes = reader.exactly(TwinId.LENGTH);
        return TwinId.read(MemorySegment.ofArray(bytes.length == 0 ? new byte[TwinId.LENGTH] : bytes), 0);
    }

    /** Zeros once the reader has failed: its answers are thrown away then. */
    private MemorySegment thirtyTwo() {
        final byte[] bytes = reader.exactly(Identifier.LENGTH);
        return MemorySegment.ofArray(bytes.length == 0 ? new byte[Identifier.LENGTH] : bytes);
    }
}

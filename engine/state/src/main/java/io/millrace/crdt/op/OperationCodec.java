package io.millrace.crdt.op;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.cbor.CborReader;
import io.millrace.cbor.CborWriter;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.Identifier;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.PayloadHash;
import io.millrace.crdt.type.TwinId;
import io.millrace.crypto.Blake2b;
import io.millrace.crypto.Ed25519;
import io.millrace.crypto.Ed25519KeyPair;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Canonical bytes of signed operations. One operation has one encoding; the decoder refuses every other.
 *
 * <pre>
 * operation = [header: bstr, signature: bstr .size 64, payload: bstr / null]
 * header    = [1, twin: bstr .size 16, actor: bstr .size 32, sequence, time, backlink: bstr .size 32 / null,
 *              predecessors: [* bstr .size 32], payload length, payload hash: bstr .size 32]
 *
 * id           = BLAKE2b-256(header,  personal "millrace-twin-op")
 * payload hash = BLAKE2b-256(payload, personal "millrace-twin-pl")
 * signed bytes = "millrace-twin-op-v1" | id
 * </pre>
 *
 * <p>Holds scratch memory off the heap; not thread safe. The owner closes it.
 */
public final class OperationCodec implements AutoCloseable {
    /** Longest encoding of an operation in bytes. */
    public static final int MAX_LENGTH = 68_608;

    /** Length of the bytes that are signed. */
    static final int MESSAGE_LENGTH = 19 + Identifier.LENGTH;

    private static final int VERSION = 1;
    private static final int HEADER_FIELDS = 9;
    private static final int MAX_HEADER_LENGTH = 2560;
    private static final MemorySegment MESSAGE_PREFIX = ascii("millrace-twin-op-v1");
    private static final MemorySegment HEADER_DOMAIN = ascii("millrace-twin-op");
    private static final MemorySegment PAYLOAD_DOMAIN = ascii("millrace-twin-pl");

    private final Arena arena = Arena.ofShared();
    private final MemorySegment scratch = arena.allocate(MAX_LENGTH, 64);
    private final MemorySegment hash = arena.allocate(Identifier.LENGTH, 64);
    private final CborReader outer = new CborReader();
    private final CborReader inner = new CborReader();
    private final CborWriter writer = new CborWriter();

    /** Allocates the scratch memory. */
    public OperationCodec() {}

    /**
     * Encodes an operation.
     *
     * @param operation any.
     */
    public byte[] encode(SignedOperation operation) {
        writer.wrap(scratch, 0).array(3).bytes(operation.headerBytes()).bytes(operation.signature());
        if (operation.isWhole()) {
            writer.bytes(operation.payloadBytes());
        } else {
            writer.nil();
        }
        return writer.written().toArray(JAVA_BYTE);
    }

    /**
     * Decodes an operation and computes its name.
     *
     * @param encoded bytes of one operation.
     * @return empty if the bytes are not the canonical encoding of one, or the payload has not the length that was signed.
     *     Whether it is the payload that was signed is for {@link #payloadMatches} to say.
     */
    public Optional<SignedOperation> decode(byte[] encoded) {
        if (encoded.length > MAX_LENGTH) {
            return Optional.empty();
        }
        MemorySegment.copy(encoded, 0, scratch, JAVA_BYTE, 0, encoded.length);
        outer.wrap(scratch, 0, encoded.length).arrayOf(3);
        final int headerLength = outer.skipBytes(1, MAX_HEADER_LENGTH);
        final long headerOffset = outer.position() - headerLength;
        final byte[] signature = outer.exactly(Ed25519.SIGNATURE_LENGTH);
        final byte[] payload = outer.takeNull() ? null : outer.bytes(PayloadCodec.MAX_LENGTH);
        if (!outer.finish()) {
            return Optional.empty();
        }
        final MemorySegment headerBytes = scratch.asSlice(headerOffset, headerLength);
        final OperationHeader header = decodeHeader(headerBytes);
        if (header == null || (payload != null && payload.length != header.payloadLength())) {
            return Optional.empty();
        }
        Blake2b.hash(hash, headerBytes, MemorySegment.NULL, MemorySegment.NULL, HEADER_DOMAIN);
        final OperationId id = OperationId.read(hash, 0);
        return Optional.of(new SignedOperation(id, header, headerBytes.toArray(JAVA_BYTE), signature, payload));
    }

    /**
     * Whether the payload, if there is one, is the one that was signed.
     *
     * @param operation decoded.
     */
    public boolean payloadMatches(SignedOperation operation) {
        return !operation.isWhole()
                || hashOf(operation.payloadBytes()).equals(operation.header().payloadHash());
    }

    /**
     * Hash of a payload.
     *
     * @param payload at most 65,536 bytes.
     */
    public PayloadHash hashOf(byte[] payload) {
        MemorySegment.copy(payload, 0, scratch, JAVA_BYTE, 0, payload.length);
        Blake2b.hash(hash, scratch.asSlice(0, payload.length), MemorySegment.NULL, MemorySegment.NULL, PAYLOAD_DOMAIN);
        return PayloadHash.read(hash, 0);
    }

    /**
     * Signs an operation.
     *
     * @param key of the header's actor; stays the caller's.
     * @param header of the operation.
     * @param payload whose length and hash the header has; not changed any more.
     */
    public SignedOperation sign(Ed25519KeyPair key, OperationHeader header, byte[] payload) {
        final byte[] headerBytes = encode(header);
        final OperationId id = idOf(headerBytes);
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment message = arena.allocate(MESSAGE_LENGTH);
            final MemorySegment signature = arena.allocate(Ed25519.SIGNATURE_LENGTH);
            writeMessage(message, 0, id);
            key.sign(signature, message);
            return new SignedOperation(id, header, headerBytes, signature.toArray(JAVA_BYTE), payload);
        }
    }

    /** Encodes a header. */
    byte[] encode(OperationHeader header) {
        writer.wrap(scratch, 0)
                .array(HEADER_FIELDS)
                .unsigned(VERSION)
                .bytes(header.twin().toBytes())
                .bytes(header.actor().toBytes())
                .unsigned(header.sequence())
                .unsigned(header.time());
        if (header.backlink() == null) {
            writer.nil();
        } else {
            writer.bytes(header.backlink().toBytes());
        }
        writer.array(header.predecessors().size());
        for (final OperationId predecessor : header.predecessors()) {
            writer.bytes(predecessor.toBytes());
        }
        writer.unsigned(header.payloadLength()).bytes(header.payloadHash().toBytes());
        return writer.written().toArray(JAVA_BYTE);
    }

    /** Name of the operation with this header. */
    OperationId idOf(byte[] header) {
        MemorySegment.copy(header, 0, scratch, JAVA_BYTE, 0, header.length);
        Blake2b.hash(hash, scratch.asSlice(0, header.length), MemorySegment.NULL, MemorySegment.NULL, HEADER_DOMAIN);
        return OperationId.read(hash, 0);
    }

    /** Writes the {@link #MESSAGE_LENGTH} bytes that are signed. */
    static void writeMessage(MemorySegment target, long offset, OperationId id) {
        MemorySegment.copy(MESSAGE_PREFIX, 0, target, offset, MESSAGE_PREFIX.byteSize());
        id.writeTo(target, offset + MESSAGE_PREFIX.byteSize());
    }

    private OperationHeader decodeHeader(MemorySegment bytes) {
        inner.wrap(bytes).arrayOf(HEADER_FIELDS);
        if (inner.unsigned(VERSION) != VERSION) {
            return null;
        }
        final byte[] twin = inner.exactly(TwinId.LENGTH);
        final byte[] actor = inner.exactly(Identifier.LENGTH);
        final int sequence = (int) inner.unsigned(Integer.MAX_VALUE);
        final long time = inner.unsigned(Long.MAX_VALUE);
        final OperationId backlink = inner.takeNull() ? null : readId();
        final List<OperationId> predecessors = readPredecessors();
        final int payloadLength = (int) inner.unsigned(PayloadCodec.MAX_LENGTH);
        final byte[] payloadHash = inner.exactly(Identifier.LENGTH);
        if (!inner.finish() || payloadLength == 0 || (sequence == 0) != (backlink == null)) {
            return null;
        }
        return new OperationHeader(
                TwinId.read(MemorySegment.ofArray(twin), 0),
                ActorId.read(MemorySegment.ofArray(actor), 0),
                sequence,
                time,
                backlink,
                predecessors,
                payloadLength,
                PayloadHash.read(MemorySegment.ofArray(payloadHash), 0));
    }

    private List<OperationId> readPredecessors() {
        final int count = inner.array(OperationHeader.MAX_PREDECESSORS);
        final List<OperationId> predecessors = new ArrayList<>(count);
        for (int i = 0; i < count && !inner.failed(); i++) {
            final OperationId id = readId();
            if (id != null) {
                if (i > 0 && predecessors.get(i - 1).compareTo(id) >= 0) {
                    inner.fail();
                }
                predecessors.add(id);
            }
        }
        return predecessors;
    }

    private OperationId readId() {
        final byte[] bytes = inner.exactly(Identifier.LENGTH);
        return inner.failed() ? null : OperationId.read(MemorySegment.ofArray(bytes), 0);
    }

    private static MemorySegment ascii(String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return Arena.global().allocateFrom(JAVA_BYTE, bytes);
    }

    /** Frees the scratch memory. */
    @Override
    public void close() {
        arena.close();
    }
}

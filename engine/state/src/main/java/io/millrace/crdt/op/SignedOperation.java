package io.millrace.crdt.op;

import io.millrace.crdt.type.OperationId;
import java.util.Optional;

/**
 * A header, its signature, and a payload unless that was compacted away. Made by {@link OperationCodec}, which has checked
 * that it is well formed and that the payload is the one that was signed; the signature is checked by
 * {@link OperationVerifier}.
 *
 * <p>Immutable: the arrays never change.
 */
public final class SignedOperation {
    private final OperationId id;
    private final OperationHeader header;
    private final byte[] headerBytes;
    private final byte[] signature;
    private final byte[] payload;

    SignedOperation(OperationId id, OperationHeader header, byte[] headerBytes, byte[] signature, byte[] payload) {
        this.id = id;
        this.header = header;
        this.headerBytes = headerBytes;
        this.signature = signature;
        this.payload = payload;
    }

    /** Its name, the hash of its header. */
    public OperationId id() {
        return id;
    }

    /** The signed bytes. */
    public OperationHeader header() {
        return header;
    }

    /** The payload; empty if it was compacted away. */
    public Optional<byte[]> payload() {
        return Optional.ofNullable(payload).map(byte[]::clone);
    }

    /** Whether the payload is there. */
    public boolean isWhole() {
        return payload != null;
    }

    byte[] headerBytes() {
        return headerBytes;
    }

    /** The signature of the header, 64 bytes; a copy. */
    public byte[] signature() {
        return signature.clone();
    }

    byte[] payloadBytes() {
        return payload;
    }

    /** The same operation without its payload: as verifiable, but without effect. */
    public SignedOperation withoutPayload() {
        return new SignedOperation(id, header, headerBytes, signature, null);
    }

    /**
     * The same operation with its payload.
     *
     * @param whole the payload, which the caller has compared with the hash; not changed any more.
     */
    public SignedOperation withPayload(byte[] whole) {
        return new SignedOperation(id, header, headerBytes, signature, whole);
    }

    /** Whether both have the same name, which is the same header. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SignedOperation that && id.equals(that.id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "SignedOperation[" + id + ", actor=" + header.actor() + ", sequence=" + header.sequence() + "]";
    }
}

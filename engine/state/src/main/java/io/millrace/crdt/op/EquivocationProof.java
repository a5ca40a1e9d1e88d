package io.millrace.crdt.op;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.cbor.CborReader;
import io.millrace.cbor.CborWriter;
import io.millrace.crdt.type.ActorId;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Two operations that one actor signed with the same sequence number in the same document: something that an honest actor
 * never does. Anyone can check the two, without the document, the registry or a replica, because an actor is named
 * by the key.
 *
 * <p>Encoding: {@code ["millrace-equivocation-v1", operation: bstr, operation: bstr]}, both without payload, the one with
 * the lesser name first. Immutable.
 *
 * @param first the operation with the lesser name.
 * @param second the other one.
 */
public record EquivocationProof(SignedOperation first, SignedOperation second) {
    /** Longest encoding of a proof in bytes. */
    public static final int MAX_LENGTH = 6144;

    private static final String LABEL = "millrace-equivocation-v1";

    /** Puts both in order and drops their payloads. */
    public EquivocationProof {
        if (first.id().compareTo(second.id()) > 0) {
            final SignedOperation swapped = first;
            first = second;
            second = swapped;
        }
        first = first.withoutPayload();
        second = second.withoutPayload();
    }

    /** Who did it. */
    public ActorId actor() {
        return first.header().actor();
    }

    /** The sequence number that was used twice. */
    public int sequence() {
        return first.header().sequence();
    }

    /**
     * Whether this is a proof: both by one actor, in one document, with one sequence number, and signed.
     *
     * @param verifier checks the signatures.
     */
    public boolean isValid(OperationVerifier verifier) {
        final OperationHeader one = first.header();
        final OperationHeader other = second.header();
        return !first.id().equals(second.id())
                && one.actor().equals(other.actor())
                && one.twin().equals(other.twin())
                && one.sequence() == other.sequence()
                && verifier.verify(first)
                && verifier.verify(second);
    }

    /**
     * The encoding.
     *
     * @param codec encodes the operations.
     */
    public byte[] encode(OperationCodec codec) {
        final CborWriter writer = new CborWriter().wrap(MemorySegment.ofArray(new byte[MAX_LENGTH]), 0);
        writer.array(3).text(LABEL).bytes(codec.encode(first)).bytes(codec.encode(second));
        return writer.written().toArray(JAVA_BYTE);
    }

    /**
     * Reads a proof, valid or not; empty if the bytes are not the encoding of one.
     *
     * @param encoded bytes of one proof.
     * @param codec decodes the operations.
     */
    public static Optional<EquivocationProof> decode(byte[] encoded, OperationCodec codec) {
        final CborReader reader = new CborReader().wrap(MemorySegment.ofArray(encoded));
        reader.arrayOf(3);
        if (!reader.text(LABEL.length()).equals(LABEL)) {
            return Optional.empty();
        }
        final byte[] first = reader.bytes(MAX_LENGTH);
        final byte[] second = reader.bytes(MAX_LENGTH);
        if (!reader.finish()) {
            return Optional.empty();
        }
        return codec.decode(first)
                .flatMap(one -> codec.decode(second)
                        .filter(other ->
                                !one.isWhole() && !other.isWhole() && one.id().compareTo(other.id()) <= 0)
                        .map(other -> new EquivocationProof(one, other)));
    }
}

package io.millrace.crdt.op;

import io.millrace.crypto.Ed25519;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Checks the signature of one operation after another, under the pinned rule of {@link Ed25519}.
 *
 * <p>Holds scratch memory off the heap; not thread safe. The owner closes it.
 */
public final class OperationVerifier implements SignatureCheck, AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment message = arena.allocate(OperationCodec.MESSAGE_LENGTH, 64);
    private final MemorySegment signature = arena.allocate(Ed25519.SIGNATURE_LENGTH, 64);
    private final MemorySegment key = arena.allocate(Ed25519.PUBLIC_KEY_LENGTH, 64);

    /** Allocates the scratch memory. */
    public OperationVerifier() {}

    /**
     * Whether the header of {@code operation} is signed by its author.
     *
     * @param operation decoded.
     */
    public boolean verify(SignedOperation operation) {
        OperationCodec.writeMessage(message, 0, operation.id());
        MemorySegment.copy(operation.signature(), 0, signature, ValueLayout.JAVA_BYTE, 0, Ed25519.SIGNATURE_LENGTH);
        operation.header().actor().writeTo(key, 0);
        return Ed25519.verify(signature, message, key);
    }

    @Override
    public boolean[] verifyAll(List<SignedOperation> operations) {
        final boolean[] valid = new boolean[operations.size()];
        for (int i = 0; i < valid.length; i++) {
            valid[i] = verify(operations.get(i));
        }
        return valid;
    }

    /** Frees the scratch memory. */
    @Override
    public void close() {
        arena.close();
    }
}

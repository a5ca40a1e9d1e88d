package io.millrace.crdt.op;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Ed25519;
import io.millrace.crypto.SignatureBatch;
import io.millrace.crypto.VerificationPool;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks signatures on several threads.
 *
 * <p>Belongs to one thread, which waits meanwhile. The owner closes it.
 */
public final class PooledCheck implements SignatureCheck, AutoCloseable {
    private static final int BATCH = 64;
    private static final int BATCHES_PER_THREAD = 4;

    private final VerificationPool pool;
    private final List<SignatureBatch> all = new ArrayList<>();
    private final ArrayDeque<SignatureBatch> free = new ArrayDeque<>();

    /**
     * Starts {@code threads} threads, 1 or more.
     *
     * @param threads 1 or more.
     */
    public PooledCheck(int threads) {
        this.pool = new VerificationPool(threads, threads * BATCHES_PER_THREAD);
        for (int i = 0; i < threads * BATCHES_PER_THREAD; i++) {
            all.add(new SignatureBatch(BATCH, OperationCodec.MESSAGE_LENGTH));
        }
        free.addAll(all);
    }

    @Override
    public boolean[] verifyAll(List<SignedOperation> operations) {
        final boolean[] valid = new boolean[operations.size()];
        int submitted = 0;
        int taken = 0;
        while (taken < valid.length) {
            if (submitted < valid.length && !free.isEmpty()) {
                final int end = Math.min(valid.length, submitted + BATCH);
                pool.submit(fill(free.remove(), operations.subList(submitted, end)));
                submitted = end;
            } else {
                final SignatureBatch done = pool.take();
                for (int i = 0; i < done.count(); i++) {
                    valid[taken++] = done.isValid(i);
                }
                free.add(done);
            }
        }
        return valid;
    }

    private static SignatureBatch fill(SignatureBatch batch, List<SignedOperation> operations) {
        batch.clear();
        for (final SignedOperation operation : operations) {
            final int index = batch.add();
            OperationCodec.writeMessage(batch.message(index), 0, operation.id());
            MemorySegment.copy(
                    operation.signature(), 0, batch.signature(index), JAVA_BYTE, 0, Ed25519.SIGNATURE_LENGTH);
            operation.header().actor().writeTo(batch.publicKey(index), 0);
        }
        return batch;
    }

    /** Ends the threads and frees the memory. */
    @Override
    public void close() {
        pool.close();
        all.forEach(SignatureBatch::close);
    }
}

package io.millrace.relay.receipts;

import io.millrace.receipt.MemoryReceiptStore;
import io.millrace.receipt.ReceiptStore;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;

/** A store in memory whose writer waits before the first record. */
final class WaitingReceiptStore implements ReceiptStore {
    private final MemoryReceiptStore records = new MemoryReceiptStore();
    private final CountDownLatch go;

    WaitingReceiptStore(CountDownLatch go) {
        this.go = go;
    }

    @Override
    public boolean append(MemorySegment record, int length) {
        try {
            go.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return records.append(record, length);
    }

    @Override
    public long position() {
        return records.position();
    }

    @Override
    public long durablePosition() {
        return records.durablePosition();
    }

    @Override
    public void commit() {
        records.commit();
    }

    @Override
    public void forEach(Visitor visitor) {
        records.forEach(visitor);
    }

    @Override
    public void close() {
        records.close();
    }
}

package io.millrace.map;

import io.millrace.receipt.LogKey;
import io.millrace.receipt.Receipt;
import io.millrace.receipt.ReceiptBatch;
import io.millrace.receipt.ReceiptId;
import io.millrace.receipt.ReceiptIndex;
import io.millrace.receipt.ReceiptLog;
import io.millrace.receipt.ReceiptRetention;
import io.millrace.receipt.ReceiptStore;
import io.millrace.receipt.SigningMode;
import io.millrace.receipt.StoredReceipts;
import io.millrace.store.CommitPolicy;
import io.millrace.tlog.Hash;
import io.millrace.tlog.RefusedException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Optional;

/** A receipt log with its index, in a folder; the operation id of a receipt follows from its index. */
final class IndexedLog implements AutoCloseable {
    private static final byte[] SEED = new byte[32];

    final ReceiptStore store;
    final ReceiptIndex index;
    final ReceiptLog log;
    private final Arena arena = Arena.ofConfined();
    private final LogKey key;
    private final ReceiptBatch batch = new ReceiptBatch(arena, ReceiptBatch.MAX_CAPACITY);

    private IndexedLog(Path folder, ReceiptRetention retention, ReceiptIndex index)
            throws IOException, RefusedException {
        this.key = LogKey.ofSeed("test/index", arena.allocate(SEED.length));
        this.index = index;
        this.store = StoredReceipts.open(folder, CommitPolicy.DEFAULT, retention);
        this.log = ReceiptLog.open(store, key, SigningMode.BATCH, Optional.empty(), index);
    }

    static IndexedLog open(Path folder, ReceiptRetention retention, ReceiptIndex index) throws Exception {
        return new IndexedLog(folder, retention, index);
    }

    /** Appends receipts as one batch. */
    void append(int count) {
        batch.clear();
        for (int i = 0; i < count; i++) {
            final ReceiptId id = id(log.size() + i);
            batch.add(new Receipt(id, id, 300, id, 1, Hash.of(SEED), 0, 1));
        }
        if (!log.append(batch)) {
            throw new IllegalStateException("the log is full");
        }
    }

    /** Index of the receipt with the operation id of {@code number}. */
    long find(long number) {
        return index.find(id(number).high(), id(number).low());
    }

    static ReceiptId id(long number) {
        return new ReceiptId(number * 0x9e37_79b9_7f4a_7c15L, ~number);
    }

    @Override
    public void close() throws IOException {
        log.close();
        store.close();
        key.close();
        index.close();
        arena.close();
    }
}

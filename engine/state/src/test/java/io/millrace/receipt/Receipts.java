package io.millrace.receipt;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.tlog.Hash;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Receipts, keys and logs for tests. */
final class Receipts {
    static final String ORIGIN = "relay.example/receipts";

    private Receipts() {}

    /** A key whose seed is {@code fill} repeated. */
    static LogKey key(String origin, int fill) {
        try (Arena arena = Arena.ofConfined()) {
            return LogKey.ofSeed(origin, arena.allocate(32).fill((byte) fill));
        }
    }

    static Receipt receipt(SplittableRandom random, int keyId) {
        final byte[] digest = new byte[Hash.LENGTH];
        random.nextBytes(digest);
        return new Receipt(
                new ReceiptId(random.nextLong(), random.nextLong()),
                new ReceiptId(random.nextLong(), random.nextLong()),
                random.nextInt(1 << random.nextInt(17)),
                new ReceiptId(random.nextLong(), random.nextLong()),
                random.nextLong() >>> (1 + random.nextInt(63)),
                Hash.of(digest),
                random.nextInt(1 << random.nextInt(17)),
                keyId);
    }

    /** Appends batches of these sizes; returns the encodings in the log's order. */
    static List<byte[]> append(ReceiptLog log, SplittableRandom random, int keyId, int... batches) {
        final List<byte[]> encodings = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            final ReceiptBatch batch = new ReceiptBatch(arena, ReceiptBatch.MAX_CAPACITY);
            for (int count : batches) {
                batch.clear();
                for (int i = 0; i < count; i++) {
                    final Receipt receipt = receipt(random, keyId);
                    batch.add(receipt);
                    encodings.add(ReceiptEncoding.encode(receipt));
                }
                if (!log.append(batch)) {
                    throw new AssertionError("the log is full");
                }
            }
        }
        return encodings;
    }

    /** The bytes as native memory of {@code arena}. */
    static java.lang.foreign.MemorySegment nativeCopy(Arena arena, byte[] bytes) {
        return arena.allocateFrom(JAVA_BYTE, bytes);
    }
}

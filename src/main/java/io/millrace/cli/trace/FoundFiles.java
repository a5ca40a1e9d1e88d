package io.millrace.cli.trace;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.receipt.LogReader;
import io.millrace.receipt.Operation;
import io.millrace.receipt.Receipt;
import io.millrace.receipt.ReceiptEncoding;
import io.millrace.receipt.ReceiptLogView;
import io.millrace.store.CommitPolicy;
import io.millrace.store.ReplayJournal;
import io.millrace.store.Store;
import io.millrace.tlog.MalformedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The relay's files as an attacker reads them.
 *
 * @param journal bytes of the journal's file.
 * @param tags of the journal in the file's order, low and high word, read with the key that the epoch's secret gives.
 * @param receipts for forwarded packets, in the log's order.
 */
record FoundFiles(ByteBuffer journal, List<long[]> tags, List<Receipt> receipts) {
    static FoundFiles read(Path journalFolder, Path receiptsFolder, SecretKey key) throws IOException {
        final List<long[]> tags = new ArrayList<>();
        final ByteBuffer journal;
        try (Stream<Path> files = Files.list(journalFolder)) {
            final Path file = files.filter(each -> each.getFileName().toString().startsWith("replay-"))
                    .findFirst()
                    .orElseThrow();
            journal = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        }
        try (Store store = Store.open(journalFolder, CommitPolicy.DEFAULT)) {
            ReplayJournal.open(store, TracedRelay.JOURNAL, TracedRelay.EPOCH, key, new SecureRandomness(), false)
                    .forEach((count, lows, highs) -> {
                        for (int i = 0; i < count; i++) {
                            tags.add(new long[] {lows[i], highs[i]});
                        }
                    });
        }
        return new FoundFiles(journal, tags, receipts(receiptsFolder));
    }

    /** How many of the tags, by their first words, occur in the journal's bytes. */
    int tagsInClear(long[] lows) {
        final Set<Long> words = new HashSet<>();
        for (int at = 0; at + Long.BYTES <= journal.capacity(); at++) {
            words.add(journal.getLong(at));
        }
        int found = 0;
        for (long low : lows) {
            found += words.contains(low) ? 1 : 0;
        }
        return found;
    }

    private static List<Receipt> receipts(Path folder) throws IOException {
        final List<Receipt> receipts = new ArrayList<>();
        try (ReceiptLogView view = ReceiptLogView.open(folder)) {
            new LogReader(view).forEach(0, entry -> {
                try {
                    final Receipt receipt = ReceiptEncoding.decode(entry.encoding());
                    if (receipt.operation() == Operation.FORWARDED.code()) {
                        receipts.add(receipt);
                    }
                } catch (MalformedException e) {
                    throw new IllegalStateException("the relay wrote a receipt that is none", e);
                }
                return true;
            });
        }
        return receipts;
    }
}

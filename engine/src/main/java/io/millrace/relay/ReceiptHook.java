package io.millrace.relay;

import io.millrace.crypto.Sha256;
import io.millrace.metrics.NanoClock;
import io.millrace.receipt.Operation;
import io.millrace.receipt.ReceiptId;
import io.millrace.sphinx.RelayId;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;

/**
 * What an engine signs for, and to whom.
 *
 * @param service takes the receipts; stays its owner's.
 * @param operations for which receipts are made.
 */
record ReceiptHook(ReceiptService service, Set<Operation> operations) {
    ReceiptHook {
        operations = Set.copyOf(operations);
    }

    /** The receipts of one engine thread. */
    PacketReceipts forThread(Arena arena, NanoClock clock, RelayId own, List<Peer> peers) {
        return new PacketReceipts(
                arena,
                service,
                clock,
                operations,
                receiptId(own),
                peers.stream().map(peer -> receiptId(peer.id())).toList());
    }

    /** Sessions with all linked neighbours begin or end; the digest is SHA-256 over the relay's id and theirs. */
    void sessions(Operation operation, RelayId own, List<Peer> peers, long nowNs) {
        if (!operations.contains(operation)) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment ids = arena.allocate(2 * RelayId.LENGTH);
            final MemorySegment digest = arena.allocate(Sha256.LENGTH);
            for (Peer peer : peers) {
                if (!peer.isDirect()) {
                    own.writeTo(ids, 0);
                    peer.id().writeTo(ids, RelayId.LENGTH);
                    Sha256.hash(digest, ids);
                    final ReceiptId actor = receiptId(peer.id());
                    service.offer(operation.code(), actor.high(), actor.low(), nowNs, digest, 0, 0);
                }
            }
        }
    }

    private static ReceiptId receiptId(RelayId id) {
        return ReceiptId.ofHex(id.toString());
    }
}

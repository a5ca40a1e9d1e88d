package io.millrace.relay.receipts;

import io.millrace.crypto.Sha256;
import io.millrace.link.LinkListener;
import io.millrace.link.LinkTransition;
import io.millrace.metrics.NanoClock;
import io.millrace.receipt.Operation;
import io.millrace.receipt.ReceiptId;
import io.millrace.sphinx.RelayId;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Operations that an engine signs receipts for.
 *
 * @param service takes the receipts; stays its owner's.
 * @param operations for which receipts are made.
 * @param packets how coarse those for packets are.
 */
public record ReceiptPolicy(ReceiptService service, Set<Operation> operations, PacketReceiptOptions packets) {
    /** Hashed before the handshake hash: {@code millrace-session/v1} and a zero byte. */
    private static final byte[] SESSION_PREFIX = "millrace-session/v1\0".getBytes(StandardCharsets.US_ASCII);

    /** Copies the operations. */
    public ReceiptPolicy {
        operations = Set.copyOf(operations);
    }

    /**
     * The receipts of one engine thread.
     *
     * @param clock of the engine.
     * @param own id of this relay.
     * @param peerLimit peers are numbered 0 to {@code peerLimit - 1}.
     * @param peers id of a peer in receipts, by its number.
     */
    public PacketReceipts forThread(NanoClock clock, RelayId own, int peerLimit, IntFunction<ReceiptId> peers) {
        return new PacketReceipts(service.packets(), clock, packets, operations, receiptId(own), peerLimit, peers);
    }

    /** Receipts for the sessions of handshaked links, made of their transitions. */
    public LinkListener sessions() {
        return transition -> {
            if (transition.ended().length > 0) {
                session(Operation.SESSION_ENDED, transition, transition.ended());
            }
            if (transition.began().length > 0) {
                session(Operation.SESSION_BEGAN, transition, transition.began());
            }
        };
    }

    private void session(Operation operation, LinkTransition transition, byte[] handshakeHash) {
        if (!operations.contains(operation)) {
            return;
        }
        final ReceiptId actor = ReceiptId.ofHex(HexFormat.of().formatHex(transition.peerId()));
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment digest = arena.allocate(Sha256.LENGTH);
            Sha256.hash(
                    digest,
                    arena.allocateFrom(ValueLayout.JAVA_BYTE, SESSION_PREFIX),
                    arena.allocateFrom(ValueLayout.JAVA_BYTE, handshakeHash));
            service.offer(
                    operation.code(),
                    actor.high(),
                    actor.low(),
                    transition.nowNs(),
                    digest,
                    0,
                    transition.cause().code());
        }
    }

    /**
     * Id of a relay in receipts.
     *
     * @param id of the relay.
     */
    public static ReceiptId receiptId(RelayId id) {
        return ReceiptId.ofHex(id.toString());
    }
}

package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.carrier.LoopbackPorts;
import io.millrace.carrier.UdpCarrier;
import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.link.LinkIdentity;
import io.millrace.receipt.LogKey;
import io.millrace.receipt.LogReader;
import io.millrace.receipt.MemoryReceiptStore;
import io.millrace.receipt.Operation;
import io.millrace.receipt.Receipt;
import io.millrace.receipt.ReceiptEncoding;
import io.millrace.receipt.ReceiptId;
import io.millrace.receipt.SigningMode;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.peer.Peer;
import io.millrace.relay.receipts.ReceiptOptions;
import io.millrace.relay.receipts.ReceiptService;
import io.millrace.relay.thread.Duty;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.tlog.MalformedException;
import io.millrace.vrf.DelaySampler;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Receipts for sessions: only for handshakes that were completed, with the same digest at both ends. */
@Timeout(120)
class SessionReceiptsTest {
    private static final int ROUNDS_WITHOUT_ANSWER = 5_000;

    private final Arena arena = Arena.ofShared();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        arena.close();
    }

    @Test
    void aNeighbourThatNeverAnsweredHasNoReceipt() throws Exception {
        final Party own = new Party(1);
        final Party silent = new Party(2);
        own.start(silent);
        for (int i = 0; i < ROUNDS_WITHOUT_ANSWER; i++) {
            own.step();
        }
        assertThat(own.engine.isLinkUp(0)).isFalse();
        own.stop();

        assertThat(own.receipts()).isEmpty();
    }

    @Test
    void bothEndsSignForTheSameHandshake() throws Exception {
        final Party first = new Party(1);
        final Party second = new Party(2);
        first.start(second);
        second.start(first);
        while (!first.engine.isLinkUp(0) || !second.engine.isLinkUp(0)) {
            first.step();
            second.step();
        }
        first.stop();
        second.stop();

        assertThat(first.receipts()).extracting(Receipt::operation).containsExactly(3, 4);
        assertThat(second.receipts()).extracting(Receipt::operation).containsExactly(3, 4);
        assertThat(first.receipts()).extracting(Receipt::result).containsExactly(0, 5);
        assertThat(first.receipts())
                .extracting(Receipt::requestDigest)
                .isEqualTo(
                        second.receipts().stream().map(Receipt::requestDigest).toList());
        assertThat(first.receipts()).extracting(Receipt::actorId).containsOnly(second.receiptId());
        assertThat(second.receipts()).extracting(Receipt::actorId).containsOnly(first.receiptId());
    }

    /** A relay with one neighbour and a log. */
    private final class Party {
        private final MemoryReceiptStore store = new MemoryReceiptStore();
        private final LogKey key;
        private final SecretKey secret = SecretKey.generate(new SecureRandomness());
        private final RelaySphinxKey sphinx = new RelaySphinxKey(SecretKey.copyOf(secret.segment()));
        private final byte[] publicKey = sphinx.publicKeyBytes();
        private final RelayId id = sphinx.id();
        private final InetSocketAddress address;
        private ReceiptService service;
        private RelayEngine engine;

        Party(int number) throws IOException {
            key = LogKey.ofSeed(
                    "relay.example/" + number, arena.allocate(SecretKey.LENGTH).fill((byte) number));
            open.add(key);
            open.add(secret);
            address = LoopbackPorts.next();
        }

        void start(Party neighbour) throws Exception {
            service = ReceiptService.start(
                    store, key, receiptId(), ReceiptOptions.of(SigningMode.BATCH), checkpoint -> {});
            open.add(service);
            final byte[] own = new byte[RelayId.LENGTH];
            id.writeTo(MemorySegment.ofArray(own), 0);
            engine = RelayEngine.builder()
                    .config(EngineConfig.builder()
                            .threading(ThreadingMode.SHARED)
                            .slotCount(128)
                            .ringSize(64)
                            .build())
                    .keyEpoch(new SphinxEpoch(1, sphinx, new ReplaySet(1_000, 1, 2)))
                    .delay(DelaySampler.sender(0))
                    .identity(new LinkIdentity(secret, own))
                    .peer(Peer.handshaked("neighbour", neighbour.id, neighbour.publicKey))
                    .carrier(UdpCarrier.open(address, List.of(neighbour.address)))
                    .receipts(service, EnumSet.allOf(Operation.class))
                    .build();
            open.add(engine);
            engine.open();
        }

        ReceiptId receiptId() {
            return ReceiptId.ofHex(id.toString());
        }

        void step() {
            engine.parts().duties().forEach(Duty::doWork);
        }

        void stop() {
            engine.close();
            service.close();
        }

        List<Receipt> receipts() throws IOException {
            final List<Receipt> receipts = new ArrayList<>();
            new LogReader(store).forEach(0, entry -> {
                try {
                    return receipts.add(ReceiptEncoding.decode(entry.encoding()));
                } catch (MalformedException e) {
                    throw new AssertionError(e);
                }
            });
            return receipts;
        }
    }
}

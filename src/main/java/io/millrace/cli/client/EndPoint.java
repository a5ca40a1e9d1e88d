package io.millrace.cli.client;

import io.millrace.cli.client.AddressBook.Route;
import io.millrace.cli.config.NodeEntry;
import io.millrace.cli.config.PeerEntry;
import io.millrace.cli.keys.KeyFile;
import io.millrace.cli.node.EngineSettings;
import io.millrace.cli.node.Node;
import io.millrace.crypto.BatchCrypto;
import io.millrace.crypto.SecureRandomness;
import io.millrace.relay.Delivery;
import io.millrace.relay.EngineCounters;
import io.millrace.relay.Offer;
import io.millrace.relay.RelayListener;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxWrapper;
import io.millrace.vrf.DelaySampler;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Sends and receives messages as the payloads of Sphinx packets: an engine that is the last hop of its packets.
 *
 * <p>Messages may be lost, repeated or reordered. Arrived messages that nobody takes are bounded: the engine then refuses
 * and counts them.
 *
 * <p>Threading: {@link #send} and {@link #receive} belong to one thread.
 */
final class EndPoint implements AutoCloseable {
    /** Longest message in bytes. */
    static final int MESSAGE_LIMIT = SphinxGeometry.MR1.payloadCapacity();

    private static final int INBOX_LIMIT = 4096;
    private static final Duration DRAIN = Duration.ofSeconds(1);

    private final BlockingQueue<ByteBuffer> inbox;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment packet =
            arena.allocate(SphinxGeometry.MR1.packetLength() + SphinxGeometry.SPILL_LENGTH, 64);
    private final SphinxWrapper wrapper;
    private final Node node;

    private EndPoint(Node node, BatchCrypto crypto, BlockingQueue<ByteBuffer> inbox) {
        this.inbox = inbox;
        this.node = node;
        this.wrapper = new SphinxWrapper(arena, crypto, new SecureRandomness(), SphinxGeometry.MR1, 1);
    }

    /** Opens the socket and starts the engine. */
    static EndPoint open(NodeEntry entry, KeyFile keys, List<PeerEntry> neighbours) {
        final EngineSettings settings = EngineSettings.ofClient();
        final BlockingQueue<ByteBuffer> inbox = new ArrayBlockingQueue<>(INBOX_LIMIT);
        final Node node = Node.open(entry, keys, neighbours, settings, DelaySampler.sender(0), new Deliveries(inbox));
        node.engine().start();
        return new EndPoint(node, settings.crypto(), inbox);
    }

    /** Where it receives. */
    InetSocketAddress address() {
        return node.address();
    }

    /** What the engine has counted. */
    EngineCounters counters() {
        return node.engine().counters();
    }

    /**
     * Waits until packets can leave that way: before, they would be lost.
     *
     * @return whether they can; false after {@code waitNs}.
     */
    boolean awaitLink(Route route, long waitNs) throws InterruptedException {
        final long start = System.nanoTime();
        while (!node.engine().isLinkUp(route.neighbour())) {
            if (System.nanoTime() - start >= waitNs) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
        return true;
    }

    /**
     * Wraps a message and sends it on its way; without room in the engine it is lost, as on the network.
     *
     * @throws IllegalStateException if the engine does not run, with its failure as the cause.
     */
    void send(Route route, ByteBuffer message) {
        wrapper.wrap(route.path(), MemorySegment.ofBuffer(message), packet, 0);
        if (node.engine().originate(route.neighbour(), packet, 0) == Offer.CLOSED) {
            throw new IllegalStateException(
                    "the engine does not run: state=" + node.engine().state(),
                    node.engine().failure().orElse(null));
        }
    }

    /** The next message that arrived, waiting for it up to {@code waitNs}; null if there is none. */
    ByteBuffer receive(long waitNs) throws InterruptedException {
        return waitNs <= 0 ? inbox.poll() : inbox.poll(waitNs, TimeUnit.NANOSECONDS);
    }

    /** Lets what was sent leave, then stops. */
    @Override
    public void close() {
        node.engine().stop(DRAIN);
        node.close();
        arena.close();
    }

    /** Copies what arrives, because it is only there during the call. */
    private record Deliveries(BlockingQueue<ByteBuffer> inbox) implements RelayListener {
        @Override
        public boolean onDeliver(Delivery delivery) {
            return inbox.offer(ByteBuffer.wrap(delivery.payload().toArray(ValueLayout.JAVA_BYTE)));
        }
    }
}

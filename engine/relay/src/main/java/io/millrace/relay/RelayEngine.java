package io.millrace.relay;

import io.millrace.config.ThreadingMode;
import io.millrace.relay.epoch.EpochReport;
import io.millrace.relay.epoch.EpochStatus;
import io.millrace.relay.epoch.RetiredEpoch;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.live.EnginePeers;
import io.millrace.relay.packet.Latency;
import io.millrace.relay.packet.LatencyRecorder;
import io.millrace.relay.packet.PacketSource;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.packet.Verdict;
import io.millrace.relay.peer.LinkReport;
import io.millrace.relay.peer.Peer;
import io.millrace.relay.peer.PeerKey;
import io.millrace.relay.queue.RelayEvent;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.Histogram;

/**
 * A relay: takes packets from its carrier or from the application, peels, delays and sends them on.
 *
 * <p>Life: {@link #builder()}, {@link #start()}, any number of packets, {@link #stop(Duration)}, {@link #close()}.
 *
 * <p>Each packet ends in exactly one {@link Verdict}; {@link #counters()} shows that none is lost. Nothing waits for
 * room: a full queue refuses, drops and counts.
 *
 * <p>Threading: {@link #start()}, {@link #stop(Duration)} and {@link #close()} belong to one owner; everything else may be
 * called from any thread.
 */
public final class RelayEngine implements AutoCloseable {
    private final EngineAssembly parts;
    private final EngineLife life;

    /**
     * Makes an engine that has not started.
     *
     * @param settings of the threads; the parts are made already.
     */
    RelayEngine(EngineAssembly parts, RelayEngineBuilder settings) {
        this.parts = parts;
        this.life = new EngineLife(parts, settings);
    }

    /** Starts from the documented defaults. */
    public static RelayEngineBuilder builder() {
        return new RelayEngineBuilder();
    }

    /**
     * Starts the threads; under {@link ThreadingMode#INVOKER} there are none, and packets are taken for {@link #doWork()}.
     *
     * @throws IllegalStateException if it was started before, or the thread factory made no thread.
     */
    public void start() {
        life.start();
    }

    /**
     * Does the work that is there now, without waiting, in the caller's thread: under {@link ThreadingMode#INVOKER} only. Call
     * it again and again, by one thread at a time; a packet waits until the next call. An Agrona idle strategy fits: {@code
     * idle.idle(engine.doWork())}.
     *
     * @return how much work was done, in packets and messages; 0 if there was none.
     * @throws IllegalStateException if the engine has threads, is not started or is stopped, if a callback or a second thread
     *     calls it, or if the engine has failed, with the failure as its cause.
     */
    public int doWork() {
        return life.doWork();
    }

    /**
     * Offers a bare Sphinx packet to be peeled under the running key epoch; it is copied.
     *
     * @param memory holds the packet; native or on the heap.
     * @param position of its first byte.
     * @return whether the engine took it.
     */
    public Offer offer(MemorySegment memory, long position) {
        return offer(PacketSource.APPLICATION, memory, position);
    }

    /**
     * As {@link #offer(MemorySegment, long)}, of a packet that came to the application from a source.
     *
     * @param source told with a drop of the packet: index of a peer, or a number of the application's, see
     *     {@link PacketSource}.
     * @param memory holds the packet; native or on the heap.
     * @param position of its first byte.
     * @return whether the engine took it.
     */
    public Offer offer(int source, MemorySegment memory, long position) {
        return offer(source, parts.epochs().current().runningNumber(), memory, position);
    }

    /**
     * Offers a bare Sphinx packet to be peeled; it is copied.
     *
     * @param source told with a drop of the packet: index of a peer, or a number of the application's, see
     *     {@link PacketSource}.
     * @param epoch number of this relay's key epoch that it was wrapped for; if that is not accepted, the packet is dropped
     *     as {@link Verdict#EPOCH_OVER}.
     * @param memory holds the packet; native or on the heap.
     * @param position of its first byte.
     * @return whether the engine took it.
     */
    public Offer offer(int source, long epoch, MemorySegment memory, long position) {
        parts.door().requireSource(source);
        return parts.door().publish(memory, position, RelayEvent.PACKET, EnginePeers.LOCAL, source, epoch);
    }

    /**
     * As {@link #originate(int, long, MemorySegment, long)}, to a first hop without key epochs.
     *
     * @param peer index of the first hop.
     * @param memory holds the packet; native or on the heap.
     * @param position of its first byte.
     * @return whether the engine took it.
     */
    public Offer originate(int peer, MemorySegment memory, long position) {
        return originate(peer, 0, memory, position);
    }

    /**
     * Offers a Sphinx packet that was wrapped here, to be sent to its first hop without delay; it is copied.
     *
     * @param peer index of the first hop.
     * @param epoch number of the first hop's key epoch that the packet was wrapped for; its low 8 bits go into the frame.
     * @param memory holds the packet; native or on the heap.
     * @param position of its first byte.
     * @return whether the engine took it.
     */
    public Offer originate(int peer, long epoch, MemorySegment memory, long position) {
        parts.door().requirePeer(peer);
        return parts.door().publish(memory, position, RelayEvent.ORIGINATED, peer, PacketSource.APPLICATION, epoch);
    }

    /**
     * Makes claims: slots of the engine that the application fills in place and commits in batches, without a copy.
     *
     * @param limit slots that may be held at once, 1 to {@link PacketClaims#MAX_LIMIT}.
     * @return belongs to one thread of the application; closed by it, or with the engine.
     */
    public PacketClaims newClaims(int limit) {
        if (limit < 1 || limit > PacketClaims.MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be 1 to " + PacketClaims.MAX_LIMIT + ": limit=" + limit);
        }
        return parts.door().newClaims(limit);
    }

    /**
     * Accepts packets under one more key epoch from now on, as a relay does shortly before the epoch begins.
     *
     * @param next with a higher number than all epochs so far, whose low 8 bits no live epoch has; closed by the engine from
     *     here on.
     * @throws IllegalArgumentException if the number is too low, the key was used in this engine before, or the replay set
     *     is not fresh; the epoch stays the caller's.
     * @throws IllegalStateException if four epochs are live.
     */
    public void acceptKeyEpoch(SphinxEpoch next) {
        parts.epochs().accept(next);
    }

    /**
     * Makes an accepted key epoch the running one: the application's packets belong to it unless they name another. It
     * changes nothing for packets from peers, which name theirs.
     *
     * @param number of the epoch.
     * @throws IllegalArgumentException if no such epoch is accepted.
     */
    public void runKeyEpoch(long number) {
        parts.epochs().run(number);
    }

    /**
     * Accepts nothing more under a key epoch. Packets that it has accepted leave when they are due.
     *
     * @param number of the epoch, not the running one.
     * @return completes, never on an engine thread, when the last packet whose delay the epoch gave has been sent or
     *     dropped and no engine thread uses the epoch any more. Its Sphinx key is wiped and its replay set freed by then.
     *     Also completes when the engine is closed. The caller closes the result.
     * @throws IllegalArgumentException if no such epoch is accepted, or it is the running one.
     */
    public CompletableFuture<RetiredEpoch> retireKeyEpoch(long number) {
        return parts.epochs().retire(number);
    }

    /**
     * Goes on to the next key epoch: accepts it, makes it the running one, and retires the epoch before the running one,
     * whose journal is deleted and whose delays are never disclosed. For applications that disclose nothing.
     *
     * @param next as for {@link #acceptKeyEpoch}.
     * @throws IllegalArgumentException as from {@link #acceptKeyEpoch}.
     * @throws IllegalStateException if four epochs are live, because packets of earlier ones still wait, or the journal of
     *     an earlier epoch could not be deleted.
     */
    public void rollKeyEpoch(SphinxEpoch next) {
        parts.epochs().roll(next);
    }

    /** Number of the running key epoch. */
    public long keyEpoch() {
        return parts.epochs().current().runningNumber();
    }

    /** The live key epochs at this instant, in the order of their numbers. */
    public List<EpochReport> epochs() {
        return parts.epochs().reports();
    }

    /** How the engine's own schedule gets on; {@link EpochStatus#NONE} if the application rolls the epochs. */
    public EpochStatus epochStatus() {
        return parts.roller() == null ? EpochStatus.NONE : parts.roller().status();
    }

    /**
     * Adds a peer while the engine lives.
     *
     * @param peer whose link keys the engine takes over, and wipes if it refuses the peer.
     * @param address of a linked peer, where its carrier reaches it; null for a direct peer.
     * @return its index: the lowest that is free.
     * @throws IllegalArgumentException if another peer has one of its keys or its address, or the engine has no identity for
     *     handshakes.
     * @throws IllegalStateException if the engine has as many peers as it has places.
     * @throws UnsupportedOperationException if the carrier takes no further peers.
     */
    public int addPeer(Peer peer, InetSocketAddress address) {
        return parts.peerChanges().add(Objects.requireNonNull(peer, "peer"), address);
    }

    /**
     * Gives a linked peer another address, or its first if its carrier had none for it. A handshaked link stays up and begins a
     * handshake at once, by which a peer at a wildcard address learns from which of its addresses it is to send.
     *
     * @param peer index of the peer.
     * @param address where its carrier reaches it, resolved; that of no other peer.
     * @throws IllegalArgumentException if there is no such peer, it has no link, another peer has the address, or the carrier
     *     does not reach it; nothing has changed.
     * @throws UnsupportedOperationException if the carrier moves no peers.
     */
    public void movePeer(int peer, InetSocketAddress address) {
        parts.peerChanges().move(peer, address);
    }

    /**
     * Removes a peer: nothing is routed, sent or originated to it any more, and nothing accepted from it. Its packets that
     * wait are dropped as {@link Verdict#LINK_DOWN}.
     *
     * @param peer index of the peer.
     * @return completes, never on an engine thread, when no packet and no thread refers to the peer: its link keys are
     *     wiped, and the index may be given to another peer. Also completes when the engine is closed.
     * @throws IllegalArgumentException if there is no such peer.
     */
    public CompletableFuture<Void> removePeer(int peer) {
        return parts.peerChanges().remove(peer);
    }

    /**
     * Replaces the Sphinx keys by which packets are routed to a peer, for instance when the peer has announced the next
     * ones. Packets that are routed already go where they were routed.
     *
     * @param peer index of the peer.
     * @param keys at most {@link Peer#MAX_KEYS}; copied.
     * @throws IllegalArgumentException if there is no such peer or another peer has one of the keys; nothing has changed.
     */
    public void updatePeerKeys(int peer, List<PeerKey> keys) {
        parts.door().requirePeer(peer);
        parts.neighbours().updateKeys(peer, keys);
    }

    /**
     * Begins the handshakes of a peer that was made by {@link Peer#withoutLinkKey}. Does nothing if the key is known.
     *
     * @param peer index of the peer.
     * @param linkKey its static public key for links, X25519, 32 bytes; copied.
     * @return whether the link is under that key; false if another one was known before, which stays.
     * @throws IllegalArgumentException if there is no such peer, its link is not handshaked, or the key is of low order.
     */
    public boolean updatePeerLink(int peer, byte[] linkKey) {
        parts.door().requirePeer(peer);
        return parts.peerChanges().know(peer, linkKey);
    }

    /** The counters at this instant; the conservation law holds in every reading. */
    public EngineCounters counters() {
        return EngineCounters.of(parts.ledger().read());
    }

    /** Occupancy of every bounded part, each read at its own instant. Counters and copies only: no packet waits for it. */
    public EngineOccupancy occupancy() {
        return parts.occupancy();
    }

    /** The handshaked links at this instant, in the order of their peers. */
    public List<LinkReport> links() {
        return parts.links();
    }

    /**
     * Whether packets can be sent to a peer now; always, where its link is not handshaked.
     *
     * @param peer index of the peer.
     */
    public boolean isLinkUp(int peer) {
        return parts.isLinkUp(peer);
    }

    /** Calls of the {@link RelayListener} that failed, told by {@link RelayListener#onFailure} or not. */
    public long callbackFailures() {
        return parts.callbacks().failures();
    }

    /** Drops that {@link RelayListener#onDrop} was not told of, because too many waited; {@link #counters()} has all. */
    public long untoldDrops() {
        return parts.callbacks().untoldDrops();
    }

    /** As {@link #untoldDrops()}, of {@link RelayListener#onLinkUp} and {@link RelayListener#onLinkDown}. */
    public long untoldTransitions() {
        return parts.callbacks().untoldTransitions();
    }

    /**
     * A copy of a stage's histogram, in nanoseconds.
     *
     * @param stage one of them.
     */
    public Histogram histogram(Latency stage) {
        return parts.histogram(stage);
    }

    /**
     * Adds a stage's histogram to one that the caller keeps; unlike {@link #histogram} it makes no object.
     *
     * @param stage whose values are added, in nanoseconds.
     * @param target from {@link LatencyRecorder#newHistogram()}; stays the caller's.
     */
    public void addHistogram(Latency stage, Histogram target) {
        parts.addHistogram(stage, target);
    }

    /** Forgets the histograms so far, for instance after warming up. */
    public void resetHistograms() {
        parts.resetHistograms();
    }

    /** Packets in the ring that no engine thread is done with yet. */
    public long queueLength() {
        return parts.ring().length();
    }

    /** Where the engine is in its life. */
    public EngineState state() {
        return life.state();
    }

    /** The failure of a thread, if the state is {@link EngineState#FAILED}. */
    public Optional<Throwable> failure() {
        return life.threads().failure();
    }

    /** The running threads: their names tell their work, {@code millrace-engine} and the like. None under INVOKER. */
    public List<Thread> threads() {
        return life.threads().threads();
    }

    /**
     * Takes no more packets, lets those inside leave as they are due, and ends the threads. A packet that has not
     * left within {@code drain} is dropped as {@link Verdict#SHUTDOWN}.
     *
     * @param drain longest wait for packets inside, 0 or more.
     * @return whether everything left in time.
     * @throws IllegalStateException if a thread of the engine calls it, as in a callback.
     */
    public boolean stop(Duration drain) {
        return life.stop(drain);
    }

    /** Stops without waiting if it still runs, then wipes keys and gives all memory back. */
    @Override
    public void close() {
        life.close();
    }

    /** Opens the door without threads, for a test that runs the agents itself. */
    void open() {
        life.open();
    }

    EngineAssembly parts() {
        return parts;
    }
}

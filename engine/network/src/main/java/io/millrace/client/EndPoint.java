package io.millrace.client;

import io.millrace.client.AddressBook.Contact;
import io.millrace.client.AddressBook.Route;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.directory.DescriptorWatch;
import io.millrace.directory.EpochPublicKey;
import io.millrace.directory.ProbeHop;
import io.millrace.relay.Offer;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.epoch.NetworkClock;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxProfile;
import io.millrace.sphinx.SphinxWrapper;
import io.millrace.sphinx.WrapBatch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Sends and receives messages as the payloads of Sphinx packets, through an engine that is the last hop of its packets.
 *
 * <p>Messages may be lost, repeated or reordered. Arrived messages that are not taken are bounded: the engine then refuses
 * and counts them.
 *
 * <p>Threading: {@link #send}, {@link #sendProbe} and {@link #receive} belong to one thread.
 */
public final class EndPoint implements AutoCloseable {
    /** Longest message in bytes. */
    public static final int MESSAGE_LIMIT = SphinxGeometry.MR1.payloadCapacity();

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment packet =
            arena.allocate(SphinxGeometry.MR1.packetLength() + SphinxGeometry.SPILL_LENGTH, 64);
    private final Map<SphinxProfile, Wrapping> wrappings = new EnumMap<>(SphinxProfile.class);
    private final RelayEngine engine;
    private final Arrivals arrivals;
    private final DescriptorWatch watch;
    private final RouteKeys keys;

    /**
     * Sends and receives through an engine.
     *
     * @param engine that runs; its peers are the neighbours of the address book, in the same order; stays the caller's.
     * @param arrivals the engine's listener.
     * @param watch over the parties of the address book, in the same order; stays the caller's.
     * @param clock network time, which chooses the keys of relays with epochs.
     * @param crypto wraps packets.
     */
    public EndPoint(
            RelayEngine engine, Arrivals arrivals, DescriptorWatch watch, NetworkClock clock, BatchCrypto crypto) {
        this.engine = engine;
        this.arrivals = arrivals;
        this.watch = watch;
        this.keys = new RouteKeys(watch, clock);
        for (SphinxProfile profile : SphinxProfile.values()) {
            final SphinxGeometry geometry = SphinxGeometry.of(profile);
            wrappings.put(
                    profile,
                    new Wrapping(
                            new SphinxWrapper(arena, crypto, new SecureRandomness(), geometry, 1),
                            new WrapBatch(geometry, packet, 1)));
        }
    }

    /**
     * Waits until packets can leave that way: before, they would be lost.
     *
     * @param route that they are to take.
     * @param waitNs longest wait in nanoseconds.
     * @return whether they can; false after {@code waitNs}.
     * @throws InterruptedException if the thread was interrupted while it waited.
     */
    public boolean awaitLink(Route route, long waitNs) throws InterruptedException {
        final long start = System.nanoTime();
        while (!engine.isLinkUp(route.neighbour())) {
            if (System.nanoTime() - start >= waitNs) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
        return true;
    }

    /**
     * Waits until all relays of a route have announced their keys.
     *
     * @param route that packets are to take.
     * @param waitNs longest wait in nanoseconds.
     * @return why they have not after {@code waitNs}, or why no packet can go that way with their keys; empty if one can.
     * @throws InterruptedException if the thread was interrupted while it waited.
     */
    public Optional<String> awaitKeys(Route route, long waitNs) throws InterruptedException {
        final List<Integer> rolling = route.contacts().stream()
                .filter(Contact.Rolling.class::isInstance)
                .map(contact -> ((Contact.Rolling) contact).party())
                .toList();
        final Optional<Integer> missing = watch.await(rolling, Duration.ofNanos(waitNs));
        return missing.map(party -> "no descriptor of " + watch.party(party).name() + ": "
                        + watch.trouble(party).orElse("none came yet"))
                .or(() -> keys.trouble(route));
    }

    /**
     * Wraps a message and sends it on its way; without room in the engine, or while a relay of the route has no key, it is
     * lost, as on the network.
     *
     * @param route of an address book.
     * @param message at most {@link #MESSAGE_LIMIT} bytes.
     * @throws IllegalStateException if the engine does not run, with its failure as the cause.
     */
    public void send(Route route, ByteBuffer message) {
        final Optional<RouteKeys.Keyed> keyed = keys.of(route);
        if (keyed.isEmpty()) {
            return; // a relay without a key for now: the watch complains of it
        }
        wrapping(keyed.get()).wrapper().wrap(keyed.get().path(), MemorySegment.ofBuffer(message), packet, 0);
        if (engine.originate(route.neighbour(), keyed.get().firstEpoch(), packet, 0) == Offer.CLOSED) {
            throw new IllegalStateException(
                    "the engine does not run: state=" + engine.state(),
                    engine.failure().orElse(null));
        }
    }

    /**
     * Sends a probe on a loop of relays with key epochs; it comes back to {@link #receive}.
     *
     * @param loop ends at this client; see {@link AddressBook#loop}.
     * @param payload of the probe, at most {@link #MESSAGE_LIMIT} bytes.
     * @return the relays on its way and its delay tags; empty if it did not leave.
     */
    public List<ProbeHop> sendProbe(Route loop, ByteBuffer payload) {
        final Optional<RouteKeys.Keyed> keyed = keys.of(loop);
        if (keyed.isEmpty()) {
            return List.of();
        }
        final WrapBatch batch = wrapping(keyed.get()).batch();
        batch.add(keyed.get().path(), MemorySegment.ofBuffer(payload), 0);
        try {
            wrapping(keyed.get()).wrapper().wrap(batch);
            if (engine.originate(loop.neighbour(), keyed.get().firstEpoch(), packet, 0) != Offer.OK) {
                return List.of();
            }
            final List<ProbeHop> hops = new ArrayList<>();
            for (int hop = 0; hop < loop.contacts().size() - 1; hop++) {
                final Contact.Rolling relay = (Contact.Rolling) loop.contacts().get(hop);
                final EpochPublicKey key = (EpochPublicKey) keyed.get().choice().get(hop);
                hops.add(new ProbeHop(
                        watch.party(relay.party()).identity(),
                        key.number(),
                        batch.delayTagLow(0, hop),
                        batch.delayTagHigh(0, hop)));
            }
            return hops;
        } finally {
            batch.clear();
        }
    }

    /**
     * The next message that arrived.
     *
     * @param waitNs longest wait for it in nanoseconds; none at 0 or less.
     * @return the message; null if there is none.
     * @throws InterruptedException if the thread was interrupted while it waited.
     */
    public ByteBuffer receive(long waitNs) throws InterruptedException {
        return arrivals.take(waitNs);
    }

    private Wrapping wrapping(RouteKeys.Keyed keyed) {
        return wrappings.get(keyed.path().profile());
    }

    /** Wrapper and batch of one profile. */
    private record Wrapping(SphinxWrapper wrapper, WrapBatch batch) {}

    /** Frees the memory for packets; by the thread that made this. Engine and watch stay the caller's. */
    @Override
    public void close() {
        arena.close();
    }
}

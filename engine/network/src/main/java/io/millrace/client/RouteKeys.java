package io.millrace.client;

import io.millrace.client.AddressBook.Contact;
import io.millrace.client.AddressBook.Route;
import io.millrace.directory.DescriptorWatch;
import io.millrace.directory.EpochPublicKey;
import io.millrace.directory.RelayDescriptor;
import io.millrace.relay.epoch.NetworkClock;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import io.millrace.sphinx.SphinxProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses the Sphinx key of each hop: that of the epoch which contains the packet's expected arrival, which is now plus
 * the median delay of every relay before. The overlap of the epochs covers the rest.
 *
 * <p>Not thread safe.
 */
final class RouteKeys {
    private static final long NS_PER_MS = 1_000_000;

    /** Uniform bits that give the median of any distribution: half of all 64-bit numbers are below. */
    private static final long MEDIAN = 1L << 63;

    private static final int MOST_ROUTES = 64;

    private final DescriptorWatch watch;
    private final NetworkClock clock;
    private final Map<Route, Keyed> keyed = new HashMap<>();

    RouteKeys(DescriptorWatch watch, NetworkClock clock) {
        this.watch = watch;
        this.clock = clock;
    }

    /**
     * The keys for a packet that leaves now; empty if a relay has announced none for then, or the keys allow no path:
     * {@link #trouble} says why.
     */
    Optional<Keyed> of(Route route) {
        clock.observe();
        long arrivalMs = clock.nowMs();
        final List<Object> choice = new ArrayList<>();
        final List<SphinxHop> hops = new ArrayList<>();
        long firstEpoch = 0;
        for (Contact contact : route.contacts()) {
            switch (contact) {
                case Contact.Static alone -> hops.add(new SphinxHop(alone.key(), 0));
                case Contact.Rolling rolling -> {
                    final Optional<RelayDescriptor> descriptor = watch.newest(rolling.party());
                    final long at = arrivalMs;
                    final Optional<EpochPublicKey> key = descriptor.flatMap(each -> each.keyAt(at));
                    if (key.isEmpty()) {
                        return Optional.empty();
                    }
                    if (hops.isEmpty()) {
                        firstEpoch = key.get().number();
                    }
                    hops.add(new SphinxHop(key.get().key(), 0));
                    choice.add(key.get());
                    arrivalMs += descriptor.get().law().distribution().delayNs(MEDIAN) / NS_PER_MS;
                }
            }
        }
        final Keyed known = keyed.get(route);
        if (known != null && known.choice().equals(choice)) {
            return Optional.of(known);
        }
        if (refusal(hops).isPresent()) {
            return Optional.empty();
        }
        final Keyed fresh = new Keyed(SphinxPath.toRecipient(hops, 0, 0), firstEpoch, List.copyOf(choice));
        if (keyed.size() >= MOST_ROUTES) {
            keyed.clear();
        }
        keyed.put(route, fresh);
        return Optional.of(fresh);
    }

    /**
     * Why no packet can go along a route although all its relays have keys; empty if one can.
     *
     * @param route whose relays have announced their keys.
     */
    Optional<String> trouble(Route route) {
        final List<SphinxHop> hops = new ArrayList<>();
        for (Contact contact : route.contacts()) {
            switch (contact) {
                case Contact.Static alone -> hops.add(new SphinxHop(alone.key(), 0));
                case Contact.Rolling rolling ->
                    watch.newest(rolling.party())
                            .flatMap(each -> each.keyAt(clock.nowMs()))
                            .ifPresent(key -> hops.add(new SphinxHop(key.key(), 0)));
            }
        }
        return hops.size() < route.contacts().size() ? Optional.empty() : refusal(hops);
    }

    /** Relays of two profiles, or more than a header of the profile has room for. */
    private static Optional<String> refusal(List<SphinxHop> hops) {
        final SphinxProfile profile = hops.getLast().relay().profile();
        for (int i = 0; i < hops.size(); i++) {
            final SphinxProfile other = hops.get(i).relay().profile();
            if (other != profile) {
                return Optional.of("hop " + (i + 1) + " of the route speaks the Sphinx profile " + other
                        + ", and the last hop " + profile + ": all hops must have one profile");
            }
        }
        final int longest = SphinxGeometry.of(profile).hops();
        return hops.size() <= longest
                ? Optional.empty()
                : Optional.of("a path of the Sphinx profile " + profile + " has at most " + longest
                        + " hops, the receiver included: hops=" + hops.size());
    }

    /**
     * A route with keys.
     *
     * @param path for the wrapper.
     * @param firstEpoch number of the first hop's key epoch; 0 for one that keeps its key.
     * @param choice the keys of hops that change theirs.
     */
    record Keyed(SphinxPath path, long firstEpoch, List<Object> choice) {}
}

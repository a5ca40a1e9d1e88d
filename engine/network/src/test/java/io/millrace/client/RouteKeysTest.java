package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.AddressBook.Contact;
import io.millrace.client.AddressBook.Route;
import io.millrace.directory.Announced;
import io.millrace.directory.DescriptorListener;
import io.millrace.directory.DescriptorWatch;
import io.millrace.directory.Party;
import io.millrace.directory.RelayDescriptor;
import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.relay.epoch.NetworkClock;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.SphinxProfile;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RouteKeysTest {
    private static final EpochSchedule SCHEDULE = new EpochSchedule(0, 60_000, 10_000);

    private final Announced first = new Announced(SCHEDULE, "epoch-vrf uniform(2s,4s)");
    private final Announced second = new Announced(SCHEDULE, "epoch-vrf uniform(2s,4s)");
    private final Announced end = new Announced(SCHEDULE, "epoch-vrf uniform(0ns,0ns)");
    private final RelayPublicKey client = end.key(0);
    private final AtomicLong monotonicNs = new AtomicLong();
    private final NetworkClock clock = new NetworkClock(() -> 10 * 60_000, monotonicNs::get);

    @AfterEach
    void wipe() {
        first.close();
        second.close();
        end.close();
    }

    @Test
    void eachHopHasTheKeyOfTheEpochInWhichThePacketArrives() throws Exception {
        final Route route =
                new Route(List.of(new Contact.Rolling(0), new Contact.Rolling(1), new Contact.Static(client)), 0);
        try (DescriptorWatch watch =
                watch(Map.of("1", first.descriptor(9, 13), "2", second.descriptor(9, 13)), first, second)) {
            final RouteKeys keys = new RouteKeys(watch, clock);

            assertPath(keys.of(route).orElseThrow(), 10, 10, 10);
            pass(56_900);
            assertPath(keys.of(route).orElseThrow(), 10, 10, 10);
            pass(200); // 2.9 s before the end, and 3 s to the second relay
            assertPath(keys.of(route).orElseThrow(), 10, 10, 11);
            pass(2_900);
            assertPath(keys.of(route).orElseThrow(), 11, 11, 11);
            assertThat(keys.of(route).orElseThrow().path())
                    .as("made once")
                    .isSameAs(keys.of(route).orElseThrow().path());
            pass(3 * 60_000);
            assertThat(keys.of(route)).as("no key is announced for then").isEmpty();
        }
    }

    @Test
    void aRouteOfThoseWhoKeepTheirKeysHasEpochZero() throws Exception {
        try (DescriptorWatch watch = watch(Map.of())) {
            final RouteKeys.Keyed keyed = new RouteKeys(watch, clock)
                    .of(new Route(List.of(new Contact.Static(client)), 0))
                    .orElseThrow();

            assertThat(keyed.firstEpoch()).isZero();
            assertThat(keyed.path().hop(0).relay()).isEqualTo(client);
        }
    }

    @Test
    void aRouteOfTwoProfilesHasNoPathAndTheReasonIsTold() throws Exception {
        final Contact mr2 = new Contact.Static(
                RelayPublicKey.copyOf(MemorySegment.ofArray(client.toByteArray()), SphinxProfile.MR2));
        final Route mixed = new Route(List.of(new Contact.Rolling(0), mr2), 0);
        try (DescriptorWatch watch = watch(Map.of("1", first.descriptor(9, 13)), first)) {
            final RouteKeys keys = new RouteKeys(watch, clock);

            assertThat(keys.of(mixed)).isEmpty();
            assertThat(keys.trouble(mixed))
                    .contains("hop 1 of the route speaks the Sphinx profile mr1, and the last hop mr2: all hops must"
                            + " have one profile");
            assertThat(keys.trouble(new Route(List.of(new Contact.Rolling(0), new Contact.Static(client)), 0)))
                    .isEmpty();
        }
    }

    @Test
    void aRouteLongerThanTheProfileAllowsHasNoPathAndTheReasonIsTold() throws Exception {
        for (SphinxProfile profile : SphinxProfile.values()) {
            final Contact hop =
                    new Contact.Static(RelayPublicKey.copyOf(MemorySegment.ofArray(client.toByteArray()), profile));
            final int longest = profile == SphinxProfile.MR1 ? 20 : 12;
            try (DescriptorWatch watch = watch(Map.of())) {
                final RouteKeys keys = new RouteKeys(watch, clock);
                final Route fitting = new Route(Collections.nCopies(longest, hop), 0);
                final Route tooLong = new Route(Collections.nCopies(longest + 1, hop), 0);

                assertThat(keys.of(fitting).orElseThrow().path().profile()).isEqualTo(profile);
                assertThat(keys.trouble(fitting)).isEmpty();
                assertThat(keys.of(tooLong)).isEmpty();
                assertThat(keys.trouble(tooLong).orElseThrow())
                        .contains("a path of the Sphinx profile " + profile + " has at most " + longest + " hops")
                        .endsWith("hops=" + (longest + 1));
            }
        }
    }

    private void assertPath(RouteKeys.Keyed keyed, long firstEpoch, long ofFirst, long ofSecond) {
        assertThat(keyed.firstEpoch()).isEqualTo(firstEpoch);
        assertThat(keyed.path().hop(0).relay()).isEqualTo(first.key(ofFirst));
        assertThat(keyed.path().hop(1).relay()).isEqualTo(second.key(ofSecond));
        assertThat(keyed.path().hop(2).relay()).isEqualTo(client);
    }

    private void pass(long ms) {
        monotonicNs.addAndGet(ms * 1_000_000);
    }

    private static DescriptorWatch watch(Map<String, RelayDescriptor> published, Announced... relays)
            throws InterruptedException {
        final List<Party> parties = IntStream.range(0, relays.length)
                .mapToObj(i -> new Party("r" + (i + 1), relays[i].identity(), Integer.toString(i + 1)))
                .toList();
        final DescriptorWatch watch = DescriptorWatch.start(
                parties, location -> published.get(location).toByteArray(), new DescriptorListener() {
                    @Override
                    public void onDescriptor(int index, RelayDescriptor descriptor) {}

                    @Override
                    public void onMessage(String message) {
                        throw new AssertionError(message);
                    }
                });
        assertThat(watch.await(IntStream.range(0, relays.length).boxed().toList(), Duration.ofSeconds(60)))
                .isEmpty();
        return watch;
    }
}

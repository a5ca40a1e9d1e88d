package io.millrace.htx.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Which sessions keep their places when all are taken, on a simulated clock. */
class SessionPlacesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int PLACES = 4_096;

    private final List<String> ended = new ArrayList<>();

    /** Displaced and not freed yet. */
    private final ArrayDeque<SessionPlace> over = new ArrayDeque<>();

    private long nowNs;

    /** One /24 begins 20 sessions a second that read nothing: it has all places after 205 seconds. */
    @Test
    void slowReadersOfOneNetworkPayForEveryNewcomer() {
        final SessionPlaces places = new SessionPlaces(PLACES);
        final List<SessionPlace> honest = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            honest.add(admit(places, "10.0." + i + ".1", "honest at work"));
        }
        for (int second = 0; second < 600; second++) {
            nowNs += SECOND;
            for (int i = 0; i < 20; i++) {
                admit(places, "10.9.9." + (20 * second + i) % 256, "slow reader");
                free();
            }
            honest.forEach(each -> each.progress(nowNs));
            assertThat(admit(places, "192.0." + second % 200 + ".1", "newcomer"))
                    .as("newcomer in second %d", second)
                    .isNotNull()
                    .satisfies(SessionPlace::close);
            free();
        }
        assertThat(ended).isNotEmpty().containsOnly("slow reader");
        assertThat(places.count()).isEqualTo(PLACES - 1);
        assertThat(places.displaced()).isEqualTo(ended.size());
    }

    @Test
    void theHonestOfTheSlowReadersNetworkGetIn() {
        final SessionPlaces places = new SessionPlaces(PLACES);
        final List<SessionPlace> working = new ArrayList<>();
        for (int i = 0; i < PLACES; i++) {
            final SessionPlace place = admit(places, "10.9.9." + i % 256, i % 64 == 0 ? "honest" : "slow reader");
            if (i % 64 == 0) {
                working.add(place);
            }
        }
        assertThat(admit(places, "10.9.9.9", "honest")).as("all are fresh").isNull();
        assertThat(places.mayAdmit(prefix("10.9.9.9"), nowNs)).isFalse();
        assertThat(places.mayAdmit(prefix("10.0.0.1"), nowNs))
                .as("another network")
                .isTrue();
        nowNs += SessionPlaces.STALLED_NS;
        assertThat(places.mayAdmit(prefix("10.9.9.9"), nowNs)).isTrue();
        working.forEach(each -> each.progress(nowNs));
        for (int i = 0; i < PLACES / 2; i++) {
            assertThat(admit(places, "10.9.9.9", "honest")).isNotNull();
            free();
        }
        assertThat(ended).containsOnly("slow reader");
    }

    @Test
    void theSlash48sOfASlash32CountTogether() {
        final SessionPlaces places = new SessionPlaces(64);
        for (int i = 0; i < 60; i++) {
            admit(places, "2001:db8:" + Integer.toHexString(i) + "::1", "attacker");
        }
        for (int i = 0; i < 4; i++) {
            admit(places, "198.51.100." + i, "honest");
        }
        assertThat(admit(places, "203.0.113.1", "newcomer")).isNotNull();
        assertThat(ended).containsExactly("attacker");
    }

    @Test
    void theOneWithoutProgressForLongestGoes() {
        final SessionPlaces places = new SessionPlaces(3);
        final SessionPlace first = admit(places, "10.0.0.1", "first");
        admit(places, "10.0.0.1", "second");
        admit(places, "10.0.0.1", "third");
        nowNs += SECOND;
        first.progress(nowNs);
        admit(places, "10.0.1.1", "newcomer");
        assertThat(ended).containsExactly("second");
    }

    @Test
    void aNetworkWithItsShareEndsNoSessionAtWork() {
        final SessionPlaces places = new SessionPlaces(4);
        for (int i = 0; i < 4; i++) {
            admit(places, "10.0." + i + ".1", "of network " + i);
        }
        assertThat(admit(places, "10.1.0.1", "newcomer")).isNull();
        assertThat(admit(places, "10.0.0.1", "newcomer")).isNull();
        nowNs += SessionPlaces.STALLED_NS - 1;
        assertThat(admit(places, "10.1.0.1", "newcomer")).isNull();
        nowNs++;
        assertThat(admit(places, "10.1.0.1", "newcomer")).isNotNull();
        assertThat(ended).containsExactly("of network 0");
    }

    @Test
    void aGreedyNewcomerDisplacesNoIdleSessionOfASmallNetwork() {
        final SessionPlaces places = new SessionPlaces(16);
        admit(places, "10.0.0.1", "idle");
        nowNs += SECOND;
        for (int i = 0; i < 15; i++) {
            admit(places, "10.9.9.1", "greedy");
        }
        nowNs += SessionPlaces.STALLED_NS;
        for (int i = 0; i < 40; i++) {
            assertThat(admit(places, "10.9.9.1", "greedy")).isNotNull();
            free();
            nowNs += SessionPlaces.STALLED_NS;
        }
        assertThat(ended).containsOnly("greedy");
    }

    @Test
    void displacedSessionsThatAreNotFreedAreBounded() {
        final SessionPlaces places = new SessionPlaces(16);
        for (int i = 0; i < 16; i++) {
            admit(places, "10.9.9.1", "greedy");
        }
        assertThat(admit(places, "10.0.0.1", "newcomer")).isNotNull();
        assertThat(admit(places, "10.0.1.1", "newcomer")).isNotNull();
        assertThat(places.mayAdmit(prefix("10.0.2.1"), nowNs)).isFalse();
        assertThat(admit(places, "10.0.2.1", "newcomer")).isNull();
        assertThat(places.count()).isEqualTo(18).isEqualTo(SessionPlaces.most(16));
        over.getFirst().close();
        over.getFirst().close();
        assertThat(places.count()).isEqualTo(17);
        assertThat(admit(places, "10.0.2.1", "newcomer")).isNotNull();
    }

    @Test
    void aSessionThatIsDisplacedBeforeItBeganEndsAtOnce() {
        final SessionPlaces places = new SessionPlaces(2);
        final SessionPlace early = places.admit(prefix("10.0.0.1"), nowNs);
        admit(places, "10.0.0.1", "second");
        nowNs++;
        admit(places, "10.0.1.1", "newcomer");
        early.onDisplaced(() -> ended.add("early"));
        assertThat(ended).containsExactly("early");
    }

    @Test
    void noOrderOfEventsBreaksTheBoundsOrTakesFromASmallerNetworkAtWork() {
        final long seed = new SplittableRandom().nextLong();
        final SplittableRandom random = new SplittableRandom(seed);
        final SessionPlaces places = new SessionPlaces(24);
        final List<SessionPlace> present = new ArrayList<>();
        final Map<Long, Integer> sizes = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            nowNs += random.nextLong(SECOND);
            if (random.nextInt(4) == 0 && !present.isEmpty()) {
                final SessionPlace gone = present.remove(random.nextInt(present.size()));
                sizes.merge(gone.prefix(), -1, Integer::sum);
                gone.close();
            } else if (random.nextInt(3) == 0) {
                present.forEach(each -> each.progress(nowNs));
            } else {
                final long prefix = prefix("10.0." + random.nextInt(1 + random.nextInt(8)) + ".1");
                final SessionPlace place = places.admit(prefix, nowNs);
                if (place != null) {
                    place.onDisplaced(() -> over.add(place));
                    final SessionPlace loser = over.peekLast();
                    if (loser != null && present.remove(loser)) {
                        final int lost = sizes.merge(loser.prefix(), -1, Integer::sum);
                        final int gained = sizes.getOrDefault(prefix, 0) + 1;
                        assertThat(lost >= gained || nowNs - loser.progressNs() >= SessionPlaces.STALLED_NS)
                                .as("seed %d, step %d: lost %d, gained %d", seed, step, lost, gained)
                                .isTrue();
                    }
                    present.add(place);
                    sizes.merge(prefix, 1, Integer::sum);
                }
            }
            if (random.nextInt(3) == 0) {
                free();
            }
            assertThat(present).as("seed %d, step %d", seed, step).hasSizeLessThanOrEqualTo(24);
            assertThat(places.count()).isEqualTo(present.size() + over.size()).isLessThanOrEqualTo(27);
        }
    }

    @Test
    void refusesNoPlaces() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SessionPlaces(0))
                .withMessageContaining("places=0");
    }

    private SessionPlace admit(SessionPlaces places, String address, String name) {
        final SessionPlace place = places.admit(prefix(address), nowNs);
        if (place != null) {
            place.onDisplaced(() -> {
                ended.add(name);
                over.add(place);
            });
        }
        return place;
    }

    /** The application closes ended sessions. */
    private void free() {
        over.forEach(SessionPlace::close);
        over.clear();
    }

    private static long prefix(String address) {
        try {
            return SourcePrefix.of(InetAddress.getByName(address));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}

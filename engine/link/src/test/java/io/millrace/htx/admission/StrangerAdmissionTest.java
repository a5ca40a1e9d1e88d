package io.millrace.htx.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Who loses a place when all are taken, and how long strangers may take. */
class StrangerAdmissionTest {
    private static final int PLACES = 64;
    private static final long PATIENCE_NS = 5_000_000_000L;
    private static final long PRESSED_NS = PATIENCE_NS / 8;

    private final StrangerAdmission admission = new StrangerAdmission(PLACES, PATIENCE_NS);
    private final List<String> closed = new ArrayList<>();
    private long nowNs;

    @Test
    void oneNetworkThatHoldsSilentConnectionsDisplacesItsOwn() {
        final List<Stranger> honest = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            admit("10.9.9." + i % 256, "attacker");
            if (i % 500 == 250) {
                honest.add(admit("192.0." + i / 500 + ".1", "honest"));
            }
        }
        assertThat(closed).doesNotContain("honest").hasSize(10_000 + honest.size() - PLACES);
        assertThat(admission.count()).isEqualTo(PLACES);
        assertThat(admission.displaced()).isEqualTo(closed.size());
        assertThat(honest).allMatch(Stranger::leave);
    }

    @Test
    void oneIpv6NetworkDisplacesItsOwnFromAllItsParts() {
        final Stranger other = admit("2001:db9::1", "other /32");
        final Stranger neighbour = admit("2001:db8:ffff::1", "other /48");
        for (int i = 0; i < 10_000; i++) {
            admit("2001:db8:1:" + Integer.toHexString(i % 256 << 8) + "::1", "attacker");
        }
        assertThat(closed).containsOnly("attacker");
        assertThat(other.isDisplaced()).isFalse();
        assertThat(neighbour.isDisplaced()).isFalse();
    }

    @Test
    void manySmallNetworksOfOneLargeOneCountTogether() {
        for (int i = 0; i < PLACES - 4; i++) {
            admit("2001:db8:" + Integer.toHexString(i) + "::1", "attacker's /48 " + i);
        }
        for (int i = 0; i < 4; i++) {
            admit("198.51.100." + i, "honest");
        }
        admit("203.0.113.1", "newcomer");

        assertThat(closed)
                .as("4 of one /24 are more than 1 of a /48, but the /32 has 60")
                .containsExactly("attacker's /48 0");
    }

    @Test
    void amongEquallyGreedyNetworksTheOldestStrangerGoes() {
        for (int i = 0; i <= PLACES; i++) {
            admit("10.0." + i + ".1", "network " + i);
        }
        assertThat(closed).containsExactly("network 0");
    }

    @Test
    void aPlaceIsGivenBackOnce() {
        final Stranger stranger = admit("10.0.0.1", "a");
        assertThat(admission.count()).isEqualTo(1);
        assertThat(stranger.leave()).isTrue();
        assertThat(stranger.leave()).isFalse();
        stranger.close();
        assertThat(admission.count()).isZero();
        assertThat(stranger.isDisplaced()).isFalse();
    }

    @Test
    void aDisplacedStrangerHasNoPlaceToGiveBack() {
        final Stranger first = admit("10.0.0.1", "first");
        for (int i = 0; i < PLACES; i++) {
            admit("10.0.0.1", "later");
        }
        assertThat(first.isDisplaced()).isTrue();
        assertThat(first.leave()).isFalse();
        assertThat(admission.count()).isEqualTo(PLACES);
    }

    @Test
    void patienceShrinksUnderPressureForThoseWhoWaitToo() {
        final Stranger first = admit("10.0.0.1", "first");
        assertThat(first.remainingNs(nowNs + 1)).isEqualTo(PATIENCE_NS - 1);
        for (int i = 1; i < PLACES / 2; i++) {
            admit("10.0.0.1", "later");
        }
        assertThat(admission.patienceNs()).isEqualTo(PATIENCE_NS);
        for (int i = PLACES / 2; i < PLACES; i++) {
            final long before = admission.patienceNs();
            admit("10.0.0.1", "later");
            assertThat(admission.patienceNs()).isLessThan(before);
        }
        assertThat(admission.patienceNs()).isEqualTo(PRESSED_NS);
        assertThat(first.remainingNs(nowNs + PRESSED_NS)).isZero();
    }

    @Test
    void onePlaceIsAlwaysTheNewcomers() {
        final StrangerAdmission narrow = new StrangerAdmission(1, 1);
        for (int i = 0; i < 3; i++) {
            final Stranger stranger = narrow.admit(i, () -> closed.add("before"), 0);
            assertThat(stranger.isDisplaced()).isFalse();
            assertThat(narrow.patienceNs()).isEqualTo(1);
        }
        assertThat(closed).hasSize(2);
    }

    @Test
    void anyOrderOfArrivalsAndDeparturesKeepsTheBoundAndTheGreediestPays() {
        final long seed = new SplittableRandom().nextLong();
        final SplittableRandom random = new SplittableRandom(seed);
        final List<Stranger> present = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            if (random.nextInt(3) == 0 && !present.isEmpty()) {
                final Stranger leaving = present.remove(random.nextInt(present.size()));
                assertThat(leaving.leave()).as("seed %d, step %d", seed, step).isTrue();
                continue;
            }
            // A few large networks, skewed, so that greed differs.
            final long prefix =
                    (long) random.nextInt(1 + random.nextInt(8)) << 24 | random.nextInt(4) << 8 | random.nextInt(3);
            present.add(admission.admit(prefix, () -> closed.add("x"), step));
            if (present.size() > PLACES) {
                final Stranger loser = oneDisplaced(present, seed);
                present.remove(loser);
                final long count = present.stream()
                        .filter(each -> each.prefix() >>> 24 == loser.prefix() >>> 24)
                        .count();
                for (long network = 0; network < 8; network++) {
                    final long each = network;
                    assertThat(present.stream()
                                    .filter(s -> s.prefix() >>> 24 == each)
                                    .count())
                            .as("seed %d, step %d: no network has more than the loser's had", seed, step)
                            .isLessThanOrEqualTo(count + 1);
                }
            }
            assertThat(admission.count()).as("seed %d", seed).isEqualTo(present.size());
        }
    }

    @Test
    void refusesPlacesAndPatienceBelowOne() {
        assertThatIllegalArgumentException().isThrownBy(() -> new StrangerAdmission(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new StrangerAdmission(1, 0));
    }

    private static Stranger oneDisplaced(List<Stranger> present, long seed) {
        final List<Stranger> displaced =
                present.stream().filter(Stranger::isDisplaced).toList();
        assertThat(displaced).as("seed %d", seed).hasSize(1);
        return displaced.getFirst();
    }

    private Stranger admit(String address, String name) {
        try {
            return admission.admit(SourcePrefix.of(InetAddress.getByName(address)), () -> closed.add(name), nowNs);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}

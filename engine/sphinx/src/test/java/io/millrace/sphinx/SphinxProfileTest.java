package io.millrace.sphinx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.test.SeededRandomness;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two profiles in one program: neither reads the other's packets, and mistakes are refused before any multiplication. */
class SphinxProfileTest {
    /** The same seed, so that both networks have the same secret keys. */
    private static final long SEED = 20260114;

    @RegisterExtension
    final SphinxNetwork mr1 = new SphinxNetwork(SEED, SphinxProfile.MR1);

    @RegisterExtension
    final SphinxNetwork mr2 = new SphinxNetwork(SEED, SphinxProfile.MR2);

    @Test
    void aPacketOfTheOtherProfileIsABadMacEvenUnderTheSameKeyPair() {
        assertThat(mr2.relays.getFirst().publicKeyBytes())
                .isEqualTo(mr1.relays.getFirst().publicKeyBytes());
        assertThat(mr2.relays.getFirst().id()).isEqualTo(mr1.relays.getFirst().id());
        for (int length = 1; length <= 12; length++) {
            mr1.wrap(mr1.path(length), new byte[100], 0);
            mr2.wrap(mr2.path(length), new byte[100], 0);
            final byte[] blinded = mr1.packet(0);
            mr1.put(mr2.packet(0), 0);
            mr2.put(blinded, 0);

            assertThat(mr1.peel(0, 0)).isEqualTo(PeelStatus.BAD_MAC);
            assertThat(mr2.peel(0, 0)).isEqualTo(PeelStatus.BAD_MAC);
        }
    }

    @Test
    void noLabelIsSharedBetweenProfilesOrUses() {
        final Set<String> labels = new HashSet<>();
        try (Arena arena = Arena.ofConfined()) {
            for (SphinxProfile profile : SphinxProfile.values()) {
                final Domains domains = new Domains(arena, profile);
                for (MemorySegment label : List.of(
                        domains.kdf,
                        domains.expand,
                        domains.surb,
                        domains.mac,
                        domains.lionessFirst,
                        domains.lionessSecond)) {
                    labels.add(new String(label.toArray(JAVA_BYTE), StandardCharsets.US_ASCII));
                }
            }
        }
        assertThat(labels)
                .containsExactlyInAnyOrder(
                        "millrace-mr1-kdf",
                        "millrace-mr1-exp",
                        "millrace-mr1-srb",
                        "millrace-mr1-mac",
                        "millrace-mr1-lh1",
                        "millrace-mr1-lh2",
                        "millrace-mr2-kdf",
                        "millrace-mr2-exp",
                        "millrace-mr2-srb",
                        "millrace-mr2-mac",
                        "millrace-mr2-lh1",
                        "millrace-mr2-lh2");
    }

    @Test
    void aKeyOfTheOtherProfileIsRefusedByTheBatch() {
        mr2.batch.clear();
        assertThatThrownBy(() -> mr2.batch.add(mr2.slot(0), mr1.relays.getFirst()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key=mr1, batch=mr2");
        mr2.batch.add(mr2.slot(0));
        assertThatThrownBy(() -> mr2.peeler.authenticate(mr1.relays.getFirst(), mr2.batch))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key=mr1, batch=mr2");
    }

    @Test
    void aBatchOfTheOtherProfileIsRefusedByThePeeler() {
        assertThatThrownBy(() -> mr2.peeler.authenticate(mr1.batch)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> mr1.peeler.transform(mr2.batch)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPathHasOneProfile() {
        final List<SphinxHop> mixed = new ArrayList<>(mr1.hops(2));
        mixed.add(mr2.hops(3).getLast());
        assertThatThrownBy(() -> SphinxPath.toRecipient(mixed, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one profile: first=mr1")
                .hasMessageContaining("profile=mr2");
    }

    @Test
    void aPathOfTheOtherProfileIsRefused() {
        assertThatThrownBy(() -> mr2.wrap(mr1.path(2), new byte[1], 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("path=mr1, batch=mr2");
        final SurbVault vault = new SurbVault(mr2.arena, mr2.crypto, new SeededRandomness(SEED), mr2.geometry, 1);
        assertThatThrownBy(() -> vault.create(mr1.hops(2), MemorySegment.ofArray(new byte[1072]), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("path=mr1, geometry=mr2");
        assertThat(vault.openCount()).isZero();
    }

    @Test
    void aPathOfThirteenIsTooLongForMr2() {
        final List<SphinxHop> hops = new ArrayList<>(mr2.hops(12));
        hops.add(mr2.hops(1).getFirst());
        assertThatThrownBy(() -> mr2.wrap(SphinxPath.toRecipient(hops, 0, 0), new byte[1], 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("length=13, hops=12");
    }

    @Test
    void keysDifferByProfile() {
        final MemorySegment publicKey = mr1.relays.getFirst().publicKey();
        assertThat(RelayPublicKey.copyOf(publicKey, SphinxProfile.MR1))
                .isEqualTo(RelayPublicKey.copyOf(publicKey))
                .isNotEqualTo(RelayPublicKey.copyOf(publicKey, SphinxProfile.MR2));
    }

    @Test
    void labelsAreReadBack() {
        for (SphinxProfile profile : SphinxProfile.values()) {
            assertThat(SphinxProfile.byLabel(profile.label())).isEqualTo(profile);
            assertThat(SphinxGeometry.of(profile).profile()).isEqualTo(profile);
        }
        assertThatThrownBy(() -> SphinxProfile.byLabel("mr3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("profile must be mr1 or mr2: profile=mr3");
    }
}

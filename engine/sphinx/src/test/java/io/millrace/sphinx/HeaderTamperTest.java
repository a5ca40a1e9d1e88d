package io.millrace.sphinx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Every single bit of alpha, gamma and beta matters, and a packet that is dropped changes nothing for the others. */
@ParameterizedClass
@EnumSource(SphinxProfile.class)
class HeaderTamperTest {
    private static final int HEADER_BITS = 1024 * 8;

    /** Slot that holds the genuine packet in each batch. */
    private static final int GENUINE = SphinxNetwork.LIMIT / 2;

    @RegisterExtension
    final SphinxNetwork network;

    private byte[] genuine;

    HeaderTamperTest(SphinxProfile profile) {
        network = new SphinxNetwork(20260102, profile);
    }

    @BeforeEach
    void wrap() {
        network.wrap(network.path(3), network.random.bytes(500), 0);
        genuine = network.packet(0);
    }

    @Test
    void rejectsEverySingleBitFlipOfTheHeader() {
        flipEveryBit(0);
    }

    @Test
    void rejectsEverySingleBitFlipOfTheHeaderBehindAHop() {
        assertThat(network.peel(0, 0)).isEqualTo(PeelStatus.OK);
        genuine = network.packet(0);
        flipEveryBit(1);
    }

    private void flipEveryBit(int relay) {
        int bit = 0;
        while (bit < HEADER_BITS) {
            final int firstBit = bit;
            network.batch.clear();
            for (int slot = 0; slot < SphinxNetwork.LIMIT; slot++) {
                final byte[] packet = genuine.clone();
                if (slot != GENUINE && bit < HEADER_BITS) {
                    packet[bit / 8] ^= (byte) (1 << (bit % 8));
                    bit++;
                }
                network.put(packet, slot);
                network.batch.add(network.slot(slot));
            }

            network.peeler.authenticate(network.relays.get(relay), network.batch);

            int flipped = firstBit;
            for (int slot = 0; slot < SphinxNetwork.LIMIT; slot++) {
                if (slot == GENUINE || flipped == bit) {
                    assertThat(network.batch.status(slot)).isEqualTo(PeelStatus.OK);
                } else {
                    assertThat(network.batch.status(slot)).as("bit " + flipped).isEqualTo(expected(flipped));
                    flipped++;
                }
            }
        }
    }

    @Test
    void theFirstPhaseChangesNoPacket() {
        genuine[0] ^= 1;
        network.put(genuine, 1);
        network.batch.clear();
        network.batch.add(network.slot(0));
        network.batch.add(network.slot(1));
        final byte[] before = network.packet(0);

        network.peeler.authenticate(network.relays.getFirst(), network.batch);

        assertThat(network.packet(0)).isEqualTo(before);
        assertThat(network.packet(1)).isEqualTo(genuine);
    }

    @Test
    void rejectsThePacketOfAnotherRelayAndLetsTheRightKeyBeTried() {
        network.batch.clear();
        network.batch.add(network.slot(0));
        for (int relay = 1; relay < network.relays.size(); relay++) {
            network.peeler.authenticate(network.relays.get(relay), network.batch);
            assertThat(network.batch.status(0)).isEqualTo(PeelStatus.BAD_MAC);
            network.batch.status(0, PeelStatus.PENDING);
        }

        network.peeler.authenticate(network.relays.getFirst(), network.batch);
        network.peeler.transform(network.batch);

        assertThat(network.batch.status(0)).isEqualTo(PeelStatus.OK);
        assertThat(network.peel(1, 0)).isEqualTo(PeelStatus.OK);
    }

    /** Bit 255 of alpha is no part of the u-coordinate. No other flip of this alpha gives a number of p or more. */
    private static int expected(int bit) {
        return bit == 255 ? PeelStatus.BAD_GROUP_ELEMENT : PeelStatus.BAD_MAC;
    }
}

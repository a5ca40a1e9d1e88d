package io.millrace.sphinx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Delta is a wide block: one bit changed on the way makes all of it noise at the exit, and the exit sees it. */
@ParameterizedClass
@EnumSource(SphinxProfile.class)
class PayloadTamperTest {
    private static final int DELTA_BITS = 1024 * 8;

    /** Six standard deviations of a binomial distribution over 8,192 bits; seeds are fixed. */
    private static final int DEVIATION = 272;

    private static final int PATH_LENGTH = 5;

    @RegisterExtension
    final SphinxNetwork network;

    PayloadTamperTest(SphinxProfile profile) {
        network = new SphinxNetwork(20260103, profile);
    }

    @Test
    void theExitDetectsEverySingleBitFlip() {
        network.wrap(network.path(1), network.random.bytes(1006), 0);
        final byte[] genuine = network.packet(0);

        for (int bit = 0; bit < DELTA_BITS; bit += SphinxNetwork.LIMIT) {
            network.batch.clear();
            for (int slot = 0; slot < SphinxNetwork.LIMIT; slot++) {
                network.put(flipped(genuine, bit + slot), slot);
                network.batch.add(network.slot(slot));
            }
            network.peeler.authenticate(network.relays.getFirst(), network.batch);
            network.peeler.transform(network.batch);
            for (int slot = 0; slot < SphinxNetwork.LIMIT; slot++) {
                assertThat(network.batch.status(slot)).as("bit " + (bit + slot)).isEqualTo(PeelStatus.BAD_PAYLOAD);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void aFlipBeforeAnyHopIsNoiseAtTheExit(int tamperedHop) {
        network.wrap(network.path(PATH_LENGTH), network.random.bytes(1006), 0);
        for (int hop = 0; hop < tamperedHop; hop++) {
            assertThat(network.peel(hop, 0)).isEqualTo(PeelStatus.OK);
        }
        final byte[] genuine = network.packet(0);
        peelTheRest(tamperedHop);
        final byte[] plain = delta();

        for (int sample = 0; sample < 32; sample++) {
            final int bit = network.random.nextInt(DELTA_BITS);
            network.put(flipped(genuine, bit), 0);
            final int status = peelTheRest(tamperedHop);

            assertThat(status).as("bit " + bit).isEqualTo(PeelStatus.BAD_PAYLOAD);
            assertThat(distance(plain, delta())).isBetween(DELTA_BITS / 2 - DEVIATION, DELTA_BITS / 2 + DEVIATION);
        }
    }

    @Test
    void aPayloadLengthBeyondTheCapacityIsRefused() {
        final byte[] delta = new byte[1024];
        final var segment = network.packets;
        for (int length = 1005; length < 1010; length++) {
            delta[16] = (byte) length;
            delta[17] = (byte) (length >> 8);
            network.put(delta, 0);
            assertThat(Payloads.open(segment, network.slot(0), 1006)).isEqualTo(length <= 1006 ? length : Payloads.BAD);
        }
    }

    private int peelTheRest(int hop) {
        int status = PeelStatus.OK;
        for (int i = hop; i < PATH_LENGTH; i++) {
            assertThat(status).isEqualTo(PeelStatus.OK); // only the exit can tell
            status = network.peel(i, 0);
        }
        return status;
    }

    private byte[] delta() {
        return network.bytes(network.slot(0) + 1024, 1024);
    }

    private static byte[] flipped(byte[] packet, int bit) {
        final byte[] tampered = packet.clone();
        tampered[1024 + bit / 8] ^= (byte) (1 << (bit % 8));
        return tampered;
    }

    private static int distance(byte[] a, byte[] b) {
        int distance = 0;
        for (int i = 0; i < a.length; i++) {
            distance += Integer.bitCount((a[i] ^ b[i]) & 0xFF);
        }
        return distance;
    }
}

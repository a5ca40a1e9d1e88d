package io.millrace.sphinx;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Form of a packet at each hop: uniform, whatever the payload and however many hops are behind it or before it.
 *
 * <p>Fixed seed. Two statistics over {@value #PACKETS} packets with the same path and a payload of zeros: chi-square of
 * the byte values of each field (255 degrees of freedom; 390 has a probability of 10^-7), and for each bit position the
 * number of ones, of which none of 16,384 may be further than six standard deviations from the middle.
 */
@ParameterizedClass
@EnumSource(SphinxProfile.class)
class UniformityTest {
    private static final int PACKETS = 512;
    private static final int PATH_LENGTH = 4;
    private static final double CHI_SQUARE_LIMIT = 390;
    private static final double DEVIATIONS = 6;

    @RegisterExtension
    final SphinxNetwork network;

    UniformityTest(SphinxProfile profile) {
        network = new SphinxNetwork(20260104, profile);
    }

    @Test
    void headerAndPayloadAreUniformAtEachHop() {
        final byte[][] packets = new byte[PACKETS][];
        final SphinxPath path = network.path(PATH_LENGTH);
        for (int i = 0; i < PACKETS; i++) {
            network.wrap(path, new byte[1006], 0);
            packets[i] = network.packet(0);
        }
        for (int hop = 0; hop < PATH_LENGTH; hop++) {
            assertUniform(hop, packets);
            for (int i = 0; i < PACKETS; i++) {
                network.put(packets[i], 0);
                assertThat(network.peel(hop, 0)).isEqualTo(PeelStatus.OK);
                packets[i] = network.packet(0);
            }
        }
    }

    /** The bytes after the last relay's command must not tell the length of the path. */
    @Test
    void whatTheExitSeesBehindItsCommandIsUniform() {
        for (int length : new int[] {1, 2, 5, 12}) {
            final byte[][] packets = new byte[PACKETS][];
            final SphinxPath path = network.path(length);
            for (int i = 0; i < PACKETS; i++) {
                network.wrapper.wrap(path, MemorySegment.ofArray(new byte[0]), network.packets, network.slot(0));
                for (int hop = 0; hop < length; hop++) {
                    assertThat(network.peel(hop, 0)).isEqualTo(PeelStatus.OK);
                }
                packets[i] = network.packet(0);
            }
            assertThat(chiSquare(packets, 32, 1024)).as("path of " + length).isLessThan(CHI_SQUARE_LIMIT);
            assertThat(worstBit(packets, 32 * 8, 1024 * 8))
                    .as("path of " + length)
                    .isLessThan(DEVIATIONS);
        }
    }

    @Test
    void theStatisticsSeeABiasOfOneBit() {
        final byte[][] packets = new byte[PACKETS][];
        for (int i = 0; i < PACKETS; i++) {
            packets[i] = network.random.bytes(2048);
            packets[i][777] |= 4;
        }
        assertThat(worstBit(packets, 0, 2048 * 8)).isGreaterThan(DEVIATIONS);
        for (byte[] packet : packets) {
            for (int at = 0; at < packet.length; at += 8) {
                packet[at] |= 1;
            }
        }
        assertThat(chiSquare(packets, 1024, 2048)).isGreaterThan(CHI_SQUARE_LIMIT);
    }

    private static void assertUniform(int hop, byte[][] packets) {
        // The last byte of alpha has no top bit, u being below 2^255.
        assertThat(chiSquare(packets, 0, 31)).as("alpha at hop " + hop).isLessThan(CHI_SQUARE_LIMIT);
        assertThat(chiSquare(packets, 32, 48)).as("gamma at hop " + hop).isLessThan(CHI_SQUARE_LIMIT);
        assertThat(chiSquare(packets, 48, 1024)).as("beta at hop " + hop).isLessThan(CHI_SQUARE_LIMIT);
        assertThat(chiSquare(packets, 1024, 2048)).as("delta at hop " + hop).isLessThan(CHI_SQUARE_LIMIT);
        assertThat(worstBit(packets, 0, 255)).as("alpha at hop " + hop).isLessThan(DEVIATIONS);
        assertThat(worstBit(packets, 256, 2048 * 8)).as("hop " + hop).isLessThan(DEVIATIONS);
    }

    private static double chiSquare(byte[][] packets, int from, int to) {
        final int[] counts = new int[256];
        for (byte[] packet : packets) {
            assertThat(packet).hasSize(2048);
            for (int at = from; at < to; at++) {
                counts[packet[at] & 0xFF]++;
            }
        }
        final double expected = packets.length * (double) (to - from) / 256;
        double sum = 0;
        for (int count : counts) {
            sum += (count - expected) * (count - expected) / expected;
        }
        return sum;
    }

    private static double worstBit(byte[][] packets, int from, int to) {
        final double deviation = Math.sqrt(packets.length) / 2;
        double worst = 0;
        final int[] ones = new int[to];
        for (byte[] packet : packets) {
            for (int bit = from; bit < to; bit++) {
                ones[bit] += packet[bit / 8] >> (bit % 8) & 1;
            }
        }
        for (int bit = from; bit < to; bit++) {
            worst = Math.max(worst, Math.abs(ones[bit] - packets.length / 2.0) / deviation);
        }
        return worst;
    }
}

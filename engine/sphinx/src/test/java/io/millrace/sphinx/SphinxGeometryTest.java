package io.millrace.sphinx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lengths follow from the geometry, and every geometry works. */
class SphinxGeometryTest {
    @Test
    void theProfileMr2HasTheSameLengthsAndBlocksWithRoomForAnAlpha() {
        final SphinxGeometry mr2 = SphinxGeometry.MR2;
        assertThat(mr2.hops()).isEqualTo(12);
        assertThat(mr2.blockLength()).isEqualTo(80);
        assertThat(mr2.betaLength()).isEqualTo(976);
        assertThat(mr2.headerStreamLength()).isEqualTo(1056);
        assertThat(mr2.cipherStreamLength()).isEqualTo(1024);
        assertThat(mr2.headerLength()).isEqualTo(1024);
        assertThat(mr2.deltaOffset()).isEqualTo(1024);
        assertThat(mr2.packetLength()).isEqualTo(2048);
        assertThat(mr2.payloadCapacity()).isEqualTo(1006);
        assertThat(Surb.length(mr2)).isEqualTo(1072);
    }

    @Test
    void theDefaultIsTheProfileMr1() {
        final SphinxGeometry mr1 = SphinxGeometry.MR1;
        assertThat(mr1.hops()).isEqualTo(20);
        assertThat(mr1.blockLength()).isEqualTo(48);
        assertThat(mr1.betaLength()).isEqualTo(976);
        assertThat(mr1.headerStreamLength()).isEqualTo(1024);
        assertThat(mr1.headerLength()).isEqualTo(1024);
        assertThat(mr1.deltaOffset()).isEqualTo(1024);
        assertThat(mr1.packetLength()).isEqualTo(2048);
        assertThat(mr1.payloadCapacity()).isEqualTo(1006);
        assertThat(Surb.length(mr1)).isEqualTo(1072);
    }

    @ParameterizedTest
    @CsvSource({
        "0,32,1024",
        "65,32,1024",
        "20,31,1024",
        "20,40,1024",
        "20,80,1024",
        "20,32,64",
        "20,32,1000",
        "20,32,32832",
        "-1,32,1024"
    })
    void refusesWhatDoesNotFit(int hops, int commandLength, int payloadLength) {
        assertThatThrownBy(() -> new SphinxGeometry(SphinxProfile.MR1, hops, commandLength, payloadLength))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"1,32,128", "2,32,192", "3,48,1024", "5,64,2048", "64,64,32768", "8,48,4096"})
    void everyHopOfTheLongestPathPeels(int hops, int commandLength, int payloadLength) {
        for (SphinxProfile profile : SphinxProfile.values()) {
            final SphinxNetwork network =
                    new SphinxNetwork(20260109, new SphinxGeometry(profile, hops, commandLength, payloadLength));
            try {
                final byte[] payload = network.random.bytes(network.geometry.payloadCapacity());
                network.wrap(network.path(hops), payload, 0);
                for (int hop = 0; hop < hops; hop++) {
                    assertThat(network.peel(hop, 0)).as("hop " + hop).isEqualTo(PeelStatus.OK);
                }
                assertThat(network.batch.command(0)).isEqualTo(CommandType.DELIVER);
                assertThat(network.payload(0)).isEqualTo(payload);
            } finally {
                network.afterEach(null);
            }
        }
    }

    @Test
    void aPathLongerThanTheGeometryIsRefused() {
        final SphinxNetwork network = new SphinxNetwork(20260110, new SphinxGeometry(SphinxProfile.MR1, 4, 32, 1024));
        try {
            final List<SphinxHop> five = new ArrayList<>(network.hops(4));
            five.add(network.hops(1).getFirst());
            final SphinxPath path = SphinxPath.toRecipient(five, 0, 0);
            assertThatThrownBy(() -> network.wrap(path, new byte[1], 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("length=5, hops=4");
            assertThatThrownBy(() -> network.wrap(network.path(1), new byte[1007], 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("payloadLength=1007");
        } finally {
            network.afterEach(null);
        }
    }

    @Test
    void aPathMustEndSomewhere() {
        assertThatThrownBy(() -> SphinxPath.toRecipient(List.of(), 0, 0)).isInstanceOf(IllegalArgumentException.class);
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment nine = arena.allocate(32).fill((byte) 0);
            nine.set(JAVA_BYTE, 0, (byte) 9);
            final List<SphinxHop> hops = List.of(new SphinxHop(RelayPublicKey.copyOf(nine), 0));
            assertThatThrownBy(() -> new SphinxPath(hops, CommandType.FORWARD, 0, 0))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aRelayKeyOfLowOrderIsRefused() {
        final SphinxNetwork network = new SphinxNetwork(20260111, SphinxProfile.MR1);
        try {
            final byte[] one = new byte[32];
            one[0] = 1;
            final List<SphinxHop> hops = new ArrayList<>(network.hops(2));
            hops.add(new SphinxHop(RelayPublicKey.copyOf(MemorySegment.ofArray(one)), 0));
            final SphinxPath path = SphinxPath.toRecipient(hops, 0, 0);
            assertThatThrownBy(() -> network.wrap(path, new byte[1], 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("low order: hop=2");
            one[31] = (byte) 0x80;
            assertThatThrownBy(() -> RelayPublicKey.copyOf(MemorySegment.ofArray(one)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("canonical");
        } finally {
            network.afterEach(null);
        }
    }
}

package io.millrace.sphinx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Promises of a batch with any content: independence, tags, clean memory, no allocation. */
@ParameterizedClass
@EnumSource(SphinxProfile.class)
class PeelBatchTest {
    private static final byte GUARD = (byte) 0xA5;

    @RegisterExtension
    final SphinxNetwork network;

    PeelBatchTest(SphinxProfile profile) {
        network = new SphinxNetwork(20260107, profile);
    }

    @Test
    void theSamePacketTwiceHasTheSameTagAndAnyTwoOthersHaveNot() {
        for (int slot = 0; slot < 32; slot++) {
            network.wrap(network.path(2), new byte[slot], slot);
            network.put(network.packet(slot), slot + 32);
        }
        addAll(64);
        network.peeler.authenticate(network.relays.getFirst(), network.batch);

        final Set<RelayId> tags = new HashSet<>();
        for (int i = 0; i < 32; i++) {
            tags.add(new RelayId(network.batch.tagLow(i), network.batch.tagHigh(i)));
            assertThat(network.batch.tagLow(i)).isEqualTo(network.batch.tagLow(i + 32));
            assertThat(network.batch.tagHigh(i)).isEqualTo(network.batch.tagHigh(i + 32));
        }
        assertThat(tags).hasSize(32);
    }

    @Test
    void aTagDoesNotDependOnThePayloadSoATamperedReplayIsStillAReplay() {
        network.wrap(network.path(2), new byte[5], 0);
        final byte[] tampered = network.packet(0);
        tampered[1500] ^= 16;
        network.put(tampered, 1);
        addAll(2);
        network.peeler.authenticate(network.relays.getFirst(), network.batch);

        assertThat(network.batch.tagLow(1)).isEqualTo(network.batch.tagLow(0));
        assertThat(network.batch.tagHigh(1)).isEqualTo(network.batch.tagHigh(0));
    }

    @Test
    void anExcludedPacketIsLeftAsItWas() {
        for (int slot = 0; slot < 3; slot++) {
            network.wrap(network.path(2), new byte[slot], slot);
        }
        final byte[] first = network.packet(0);
        final byte[] second = network.packet(1);
        addAll(3);
        network.peeler.authenticate(network.relays.getFirst(), network.batch);
        network.batch.status(0, PeelStatus.EXCLUDED);
        network.batch.status(1, PeelStatus.REPLAY);
        network.peeler.transform(network.batch);

        assertThat(network.packet(0)).isEqualTo(first);
        assertThat(network.packet(1)).isEqualTo(second);
        assertThat(network.batch.status(0)).isEqualTo(PeelStatus.EXCLUDED);
        assertThat(network.batch.status(1)).isEqualTo(PeelStatus.REPLAY);
        assertThat(network.batch.status(2)).isEqualTo(PeelStatus.OK);
        assertThat(network.peel(1, 2)).isEqualTo(PeelStatus.OK);
    }

    @Test
    void badPacketsChangeNothingForTheirNeighbours() {
        final byte[][] alone = new byte[SphinxNetwork.LIMIT][];
        final byte[][] packets = new byte[SphinxNetwork.LIMIT][];
        for (int slot = 0; slot < SphinxNetwork.LIMIT; slot++) {
            network.wrap(network.path(1 + slot % 3), new byte[slot], slot);
            packets[slot] = network.packet(slot);
            assertThat(network.peel(0, slot)).isEqualTo(PeelStatus.OK);
            alone[slot] = network.packet(slot);
        }
        for (int round = 0; round < 40; round++) {
            final int[] harm = new int[SphinxNetwork.LIMIT];
            for (int slot = 0; slot < SphinxNetwork.LIMIT; slot++) {
                harm[slot] = network.random.nextInt(6);
                network.put(harmed(packets[slot], harm[slot]), slot);
            }
            addAll(SphinxNetwork.LIMIT);
            network.peeler.authenticate(network.relays.getFirst(), network.batch);
            for (int slot = 0; slot < SphinxNetwork.LIMIT; slot++) {
                if (harm[slot] == 4) {
                    network.batch.status(slot, PeelStatus.REPLAY);
                }
            }
            network.peeler.transform(network.batch);
            for (int slot = 0; slot < SphinxNetwork.LIMIT; slot++) {
                final boolean exit = slot % 3 == 0;
                final int expected = switch (harm[slot]) {
                    case 1, 2 -> PeelStatus.BAD_GROUP_ELEMENT;
                    case 3 -> PeelStatus.BAD_MAC;
                    case 4 -> PeelStatus.REPLAY;
                    case 5 -> exit ? PeelStatus.BAD_PAYLOAD : PeelStatus.OK;
                    default -> PeelStatus.OK;
                };
                assertThat(network.batch.status(slot)).isEqualTo(expected);
                if (harm[slot] == 0) {
                    assertThat(network.packet(slot)).isEqualTo(alone[slot]);
                }
            }
        }
    }

    private static byte[] harmed(byte[] packet, int harm) {
        final byte[] harmed = packet.clone();
        switch (harm) {
            case 1 -> Arrays.fill(harmed, 0, 32, (byte) 0); // low order
            case 2 -> harmed[31] |= (byte) 0x80; // not canonical
            case 3 -> harmed[900] ^= 1; // beta
            case 5 -> harmed[1900] ^= 1; // delta
            default -> {}
        }
        return harmed;
    }

    @Test
    void touchesNothingButThePacketAndTheSpillAfterIt() {
        final int spill = SphinxGeometry.SPILL_LENGTH;
        final long end = network.slot(3) + 2048;
        network.wrap(network.path(2), new byte[100], 3);
        final byte[] packet = network.packet(3);
        network.packets.fill(GUARD);
        network.put(packet, 3);

        assertThat(network.peel(0, 3)).isEqualTo(PeelStatus.OK);
        assertThat(network.peel(1, 3)).isEqualTo(PeelStatus.OK);

        assertThat(network.bytes(0, (int) network.slot(3))).containsOnly(GUARD);
        assertThat(network.bytes(end, spill)).containsOnly(0);
        assertThat(network.bytes(end + spill, (int) (network.packets.byteSize() - end - spill)))
                .containsOnly(GUARD);
    }

    @Test
    void noSecretOutlivesTheBatch() {
        for (int slot = 0; slot < 8; slot++) {
            network.wrap(network.path(1 + slot % 2), new byte[100], slot);
        }
        addAll(8);
        network.peeler.authenticate(network.relays.getFirst(), network.batch);
        assertThat(network.batch.scratch.toArray(JAVA_BYTE)).isNotEqualTo(zeros(network.batch.scratch));
        network.batch.status(3, PeelStatus.REPLAY);
        network.peeler.transform(network.batch);

        assertThat(network.batch.scratch.toArray(JAVA_BYTE)).isEqualTo(zeros(network.batch.scratch));
        assertThat(network.peeler.scratch().toArray(JAVA_BYTE)).isEqualTo(zeros(network.peeler.scratch()));
        assertThat(network.batch.delayTagsLow[3]).isZero(); // a replay has no delay
        network.batch.delayTagsLow[3] = 1;
        assertThat(Arrays.copyOf(network.batch.delayTagsLow, 8)).doesNotContain(0);
        network.batch.clear();
        assertThat(network.batch.delayTagsLow).containsOnly(0);
        assertThat(network.batch.delayTagsHigh).containsOnly(0);
    }

    @Test
    void aBatchThatIsOnlyAuthenticatedIsWipedWhenItIsCleared() {
        network.wrap(network.path(1), new byte[100], 0);
        addAll(1);
        network.peeler.authenticate(network.relays.getFirst(), network.batch);
        network.batch.clear();

        assertThat(network.batch.scratch.toArray(JAVA_BYTE)).isEqualTo(zeros(network.batch.scratch));
    }

    @Test
    void wrappingLeavesNoSecretBehind() {
        network.wrap(network.path(network.geometry.hops()), new byte[100], 0);

        assertWrapperIsClean();
    }

    @Test
    void wrappingThatIsRefusedLeavesNoSecretBehind() {
        final byte[] lowOrder = new byte[32];
        lowOrder[0] = 1;
        final List<SphinxHop> hops = new ArrayList<>(network.hops(network.geometry.hops() - 1));
        hops.add(new SphinxHop(RelayPublicKey.copyOf(MemorySegment.ofArray(lowOrder), network.profile), 0));

        assertThatThrownBy(() -> network.wrap(SphinxPath.toRecipient(hops, 0, 0), new byte[100], 0))
                .hasMessageContaining("low order: hop=" + (hops.size() - 1));

        assertWrapperIsClean();
    }

    private void assertWrapperIsClean() {
        for (MemorySegment scratch : network.wrapper.scratch()) {
            assertThat(scratch.toArray(JAVA_BYTE)).isEqualTo(zeros(scratch));
        }
    }

    /**
     * JIT compilation and the measurement itself allocate, so the least of several rounds counts: a peeler that allocates
     * does so in all of them.
     */
    @Test
    void peelingAllocatesNothing() {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long thread = Thread.currentThread().threadId();
        for (int slot = 0; slot < SphinxNetwork.LIMIT; slot++) {
            network.wrap(network.path(1 + slot % 3), new byte[100], slot);
        }
        final MemorySegment genuine = network.arena.allocate(network.packets.byteSize());
        genuine.copyFrom(network.packets);
        final MemorySegment packets = network.packets;

        long least = Long.MAX_VALUE;
        for (int round = 0; round < 100 && least > 0; round++) {
            final long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < 10; i++) {
                MemorySegment.copy(genuine, 0, packets, 0, packets.byteSize());
                addAll(SphinxNetwork.LIMIT);
                network.peeler.authenticate(network.relays.getFirst(), network.batch);
                network.peeler.transform(network.batch);
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
        }
        assertThat(network.batch.status(SphinxNetwork.LIMIT - 1)).isEqualTo(PeelStatus.OK);
        assertThat(least).isZero();
    }

    @Test
    void aNewPacketKnowsNothingOfThePacketBeforeIt() {
        network.wrap(network.path(1), new byte[100], 0);
        assertThat(network.peel(0, 0)).isEqualTo(PeelStatus.OK);
        assertThat(network.batch.payloadLength(0)).isEqualTo(100);

        addAll(1);

        assertThat(network.batch.status(0)).isEqualTo(PeelStatus.PENDING);
        assertThat(network.batch.command(0)).isNull();
        assertThat(network.batch.payloadLength(0)).isZero();
        assertThat(network.batch.delayNs(0)).isZero();
        assertThat(network.batch.tagLow(0) | network.batch.tagHigh(0)).isZero();
        assertThat(network.batch.idLow(0) | network.batch.idHigh(0)).isZero();
    }

    @Test
    void refusesPositionsOutsideOfTheSegment() {
        final long last = network.packets.byteSize() - 2048 - SphinxGeometry.SPILL_LENGTH;
        network.batch.clear();
        network.batch.add(last);
        assertThatThrownBy(() -> network.batch.add(last + 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> network.batch.add(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(network.batch.count()).isEqualTo(1);
    }

    @Test
    void statusNamesAndCodesAreStable() {
        final String[] names = {
            "PENDING", "OK", "BAD_GROUP_ELEMENT", "BAD_MAC", "BAD_COMMAND", "BAD_PAYLOAD", "REPLAY", "EXCLUDED"
        };
        for (int code = 0; code < names.length; code++) {
            assertThat(PeelStatus.name(code)).isEqualTo(names[code]);
        }
        assertThatThrownBy(() -> PeelStatus.name(names.length)).isInstanceOf(IllegalArgumentException.class);
    }

    private void addAll(int count) {
        network.batch.clear();
        for (int slot = 0; slot < count; slot++) {
            network.batch.add(network.slot(slot));
        }
    }

    private static byte[] zeros(MemorySegment like) {
        return new byte[(int) like.byteSize()];
    }
}

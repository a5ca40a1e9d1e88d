package io.millrace.sphinx;

import static io.millrace.memory.Layouts.LE_LONG;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Replies travel like any packet, and only the SURB's creator can read them, once. */
@ParameterizedClass
@EnumSource(SphinxProfile.class)
class SurbTest {
    private static final int CAPACITY = 3;

    @RegisterExtension
    final SphinxNetwork network;

    private final byte[] surb = new byte[1072];
    private SurbVault vault;
    private SurbReplier replier;

    SurbTest(SphinxProfile profile) {
        network = new SphinxNetwork(20260112, profile);
    }

    @BeforeEach
    void makeVault() {
        vault = new SurbVault(network.arena, network.crypto, network.random, network.geometry, CAPACITY);
        replier = new SurbReplier(network.arena, network.crypto, network.geometry);
    }

    @Test
    void theCreatorReadsTheReply() {
        for (int length = 1; length <= network.geometry.hops(); length++) {
            readsTheReply(length);
        }
    }

    private void readsTheReply(int length) {
        final byte[] answer = network.random.bytes(network.random.nextInt(1007));
        final SurbId id = create(length);

        assertThat(reply(answer)).isEqualTo(network.relays.getFirst().id());
        travel(length);

        assertThat(network.batch.command(0)).isEqualTo(CommandType.SURB_REPLY);
        assertThat(new SurbId(network.batch.idLow(0), network.batch.idHigh(0))).isEqualTo(id);
        final byte[] delta = network.payload(0);
        assertThat(delta).hasSize(1024);
        assertThat(vault.open(id, MemorySegment.ofArray(delta), 0)).isEqualTo(answer.length);
        assertThat(Arrays.copyOfRange(delta, 18, 18 + answer.length)).isEqualTo(answer);
    }

    @Test
    void theReplyIsTheSameAsThatOfThePlainRederivation() {
        for (int length = 1; length <= network.geometry.hops(); length++) {
            repliesLikeThePlainRederivation(length);
        }
    }

    private void repliesLikeThePlainRederivation(int length) {
        final byte[] answer = network.random.bytes(333);
        final SurbId id = create(length);
        final byte[] header = Arrays.copyOfRange(surb, 16, 1040);
        final byte[] payloadKey = Arrays.copyOfRange(surb, 1040, 1072);
        final byte[] expected = network.plain.reply(header, payloadKey, answer);

        reply(answer);

        assertThat(network.packet(0)).isEqualTo(expected);
        travel(length);
        assertThat(vault.open(id, network.packets, network.batch.payloadPosition(0)))
                .isEqualTo(333);
        assertThat(network.bytes(network.slot(0) + 1024 + 18, 333)).isEqualTo(answer);
    }

    @Test
    void theCreatorKnowsTheDelayTagsOfTheReply() {
        for (int length = 1; length <= network.geometry.hops(); length++) {
            knowsTheDelayTags(length);
        }
    }

    private void knowsTheDelayTags(int length) {
        final byte[] tags = new byte[SurbVault.DELAY_TAG_LENGTH * length];
        vault.create(network.hops(length), MemorySegment.ofArray(surb), 0, MemorySegment.ofArray(tags));
        reply(new byte[9]);

        for (int hop = 0; hop < length; hop++) {
            assertThat(network.peel(hop, 0)).isEqualTo(PeelStatus.OK);
            final MemorySegment tag = MemorySegment.ofArray(tags).asSlice((long) hop * SurbVault.DELAY_TAG_LENGTH);
            assertThat(tag.get(LE_LONG, 0)).isEqualTo(network.batch.delayTagLow(0));
            assertThat(tag.get(LE_LONG, 8)).isEqualTo(network.batch.delayTagHigh(0));
        }
        assertThatThrownBy(() -> vault.create(
                        network.hops(length),
                        MemorySegment.ofArray(surb),
                        0,
                        MemorySegment.ofArray(new byte[tags.length - 1])))
                .isInstanceOf(IndexOutOfBoundsException.class);
        vault.close();
    }

    @Test
    void aSurbIsReadOnce() {
        final SurbId id = create(3);
        reply(new byte[12]);
        travel(3);
        final byte[] delta = network.payload(0);
        final byte[] again = delta.clone();

        assertThat(vault.open(id, MemorySegment.ofArray(delta), 0)).isEqualTo(12);
        assertThat(vault.open(id, MemorySegment.ofArray(again), 0)).isEqualTo(SurbVault.UNKNOWN_SURB);
        assertThat(again).isEqualTo(network.payload(0));
        assertThat(vault.openCount()).isZero();
    }

    @Test
    void twoRepliesToOneSurbHaveTheSameReplayTag() {
        create(2);
        reply(new byte[1]);
        replier.reply(
                MemorySegment.ofArray(surb), MemorySegment.ofArray(new byte[2]), network.packets, network.slot(1));
        network.batch.clear();
        network.batch.add(network.slot(0));
        network.batch.add(network.slot(1));
        network.peeler.authenticate(network.relays.getFirst(), network.batch);

        assertThat(network.batch.tagLow(1)).isEqualTo(network.batch.tagLow(0));
        assertThat(network.batch.tagHigh(1)).isEqualTo(network.batch.tagHigh(0));
    }

    @Test
    void theCreatorDetectsATamperedReplyAtAnyHop() {
        for (int tamperedHop = 0; tamperedHop <= 3; tamperedHop++) {
            final SurbId id = create(3);
            reply(new byte[400]);
            for (int hop = 0; hop < 3; hop++) {
                if (hop == tamperedHop) {
                    flipDelta();
                }
                assertThat(network.peel(hop, 0)).isEqualTo(PeelStatus.OK);
            }
            if (tamperedHop == 3) {
                flipDelta();
            }
            assertThat(vault.open(id, MemorySegment.ofArray(network.payload(0)), 0))
                    .as("hop " + tamperedHop)
                    .isEqualTo(SurbVault.BAD_PAYLOAD);
            assertThat(vault.openCount()).isZero();
        }
    }

    @Test
    void theVaultIsBoundedAndForgetsOnDemand() {
        final List<SurbId> ids = new ArrayList<>();
        for (int i = 0; i < CAPACITY; i++) {
            assertThat(vault.isFull()).isFalse();
            ids.add(create(1 + i));
        }
        assertThat(vault.isFull()).isTrue();
        assertThatThrownBy(() -> create(1)).isInstanceOf(IllegalStateException.class);

        assertThat(vault.forget(ids.get(1))).isTrue();
        assertThat(vault.forget(ids.get(1))).isFalse();
        create(network.geometry.hops());
        assertThat(vault.openCount()).isEqualTo(CAPACITY);
        assertThat(vault.secrets().toArray(JAVA_BYTE))
                .isNotEqualTo(new byte[CAPACITY * (network.geometry.hops() + 1) * 96]);

        vault.close();
        assertThat(vault.openCount()).isZero();
        assertThat(vault.secrets().toArray(JAVA_BYTE))
                .isEqualTo(new byte[CAPACITY * (network.geometry.hops() + 1) * 96]);
    }

    @Test
    void theReplierKeepsNoSecret() {
        create(2);
        reply(new byte[100]);

        for (MemorySegment scratch : replier.scratch()) {
            assertThat(scratch.toArray(JAVA_BYTE)).containsOnly(0);
        }
    }

    @Test
    void aRepliedPacketLooksLikeAnyOther() {
        final int[] ones = new int[2048 * 8];
        final int packets = 256;
        for (int i = 0; i < packets; i++) {
            vault.forget(create(4));
            reply(new byte[0]);
            final byte[] packet = network.packet(0);
            for (int bit = 0; bit < ones.length; bit++) {
                ones[bit] += packet[bit / 8] >> (bit % 8) & 1;
            }
        }
        for (int bit = 0; bit < ones.length; bit++) {
            if (bit != 255) {
                assertThat(ones[bit]).as("bit " + bit).isBetween(packets / 2 - 48, packets / 2 + 48); // 6 deviations
            }
        }
    }

    private SurbId create(int length) {
        return vault.create(network.hops(length), MemorySegment.ofArray(surb), 0);
    }

    private RelayId reply(byte[] answer) {
        return replier.reply(
                MemorySegment.ofArray(surb), MemorySegment.ofArray(answer), network.packets, network.slot(0));
    }

    private void travel(int length) {
        for (int hop = 0; hop < length; hop++) {
            assertThat(network.peel(hop, 0)).as("hop " + hop).isEqualTo(PeelStatus.OK);
        }
    }

    private void flipDelta() {
        final byte[] packet = network.packet(0);
        packet[1024 + network.random.nextInt(1024)] ^= (byte) (1 << network.random.nextInt(8));
        network.put(packet, 0);
    }
}

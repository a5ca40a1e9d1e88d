package io.millrace.sphinx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Peeling undoes wrapping, for every length of path. */
@ParameterizedClass
@EnumSource(SphinxProfile.class)
class WrapPeelTest {
    @RegisterExtension
    final SphinxNetwork network;

    WrapPeelTest(SphinxProfile profile) {
        network = new SphinxNetwork(20260101, profile);
    }

    @Test
    void everyHopSeesItsCommandAndTheLastOneThePayload() {
        for (int length = 1; length <= network.geometry.hops(); length++) {
            travels(length);
        }
    }

    private void travels(int length) {
        final byte[] payload = network.random.bytes(network.random.nextInt(1007));
        network.wrap(network.path(length), payload, 3);

        for (int hop = 0; hop < length; hop++) {
            assertThat(network.peel(hop, 3)).as("hop " + hop).isEqualTo(PeelStatus.OK);
            assertThat(network.batch.delayNs(0)).isEqualTo((hop + 1) * 1000L);
            if (hop + 1 < length) {
                final RelayId next = network.relays.get(hop + 1).id();
                assertThat(network.batch.command(0)).isEqualTo(CommandType.FORWARD);
                assertThat(new RelayId(network.batch.idLow(0), network.batch.idHigh(0)))
                        .isEqualTo(next);
            }
        }

        assertThat(network.batch.command(0)).isEqualTo(CommandType.DELIVER);
        assertThat(network.batch.idLow(0)).isEqualTo(0x1111_2222_3333_4444L);
        assertThat(network.batch.idHigh(0)).isEqualTo(0x5555_6666_7777_8888L);
        assertThat(network.payload(0)).isEqualTo(payload);
    }

    @Test
    void pathsOfDifferentLengthsMayBeWrappedAndPeeledTogetherAndTheSenderKnowsEachDelayTag() {
        final WrapBatch wraps = new WrapBatch(network.geometry, network.packets, SphinxNetwork.LIMIT);
        final List<byte[]> payloads = new ArrayList<>();
        for (int i = 0; i < SphinxNetwork.LIMIT; i++) {
            final byte[] payload = network.random.bytes(i * 15);
            payloads.add(payload);
            wraps.add(network.path(1 + i % network.geometry.hops()), MemorySegment.ofArray(payload), network.slot(i));
        }
        network.wrapper.wrap(wraps);

        final List<Integer> travelling =
                new ArrayList<>(IntStream.range(0, SphinxNetwork.LIMIT).boxed().toList());
        for (int hop = 0; hop < network.geometry.hops(); hop++) {
            network.batch.clear();
            travelling.forEach(slot -> network.batch.add(network.slot(slot)));
            network.peeler.authenticate(network.relays.get(hop), network.batch);
            network.peeler.transform(network.batch);
            final List<Integer> next = new ArrayList<>();
            for (int i = 0; i < network.batch.count(); i++) {
                final int slot = travelling.get(i);
                assertThat(network.batch.status(i)).isEqualTo(PeelStatus.OK);
                assertThat(network.batch.delayTagLow(i)).isEqualTo(wraps.delayTagLow(slot, hop));
                assertThat(network.batch.delayTagHigh(i)).isEqualTo(wraps.delayTagHigh(slot, hop));
                if (hop == slot % network.geometry.hops()) {
                    assertThat(network.batch.command(i)).isEqualTo(CommandType.DELIVER);
                    assertThat(network.payload(i)).isEqualTo(payloads.get(slot));
                } else {
                    assertThat(network.batch.command(i)).isEqualTo(CommandType.FORWARD);
                    next.add(slot);
                }
            }
            travelling.clear();
            travelling.addAll(next);
        }
        assertThat(travelling).isEmpty();
        wraps.clear();
        assertThat(wraps.delayTags).containsOnly(0);
    }

    @Test
    void theSenderIsRefusedADelayTagBeyondThePath() {
        final WrapBatch wraps = new WrapBatch(network.geometry, network.packets, 2);
        wraps.add(network.path(2), MemorySegment.ofArray(new byte[0]), network.slot(0));
        network.wrapper.wrap(wraps);

        assertThat(wraps.delayTagLow(0, 1)).isNotZero();
        assertThatThrownBy(() -> wraps.delayTagLow(0, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> wraps.delayTagHigh(1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}

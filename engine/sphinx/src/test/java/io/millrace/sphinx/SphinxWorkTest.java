package io.millrace.sphinx;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.test.SeededRandomness;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Order, number and dependencies of the operations of peeling and wrapping. */
@ParameterizedClass
@EnumSource(SphinxProfile.class)
class SphinxWorkTest {
    private static final long SEED = 20260113;

    private final RecordedCrypto crypto = new RecordedCrypto(CryptoProviders.byName("sodium"));

    @RegisterExtension
    final SphinxNetwork network;

    SphinxWorkTest(SphinxProfile profile) {
        network = new SphinxNetwork(SEED, SphinxGeometry.of(profile), crypto);
    }

    @Test
    void nothingIsDecryptedBeforeTheMacIsComputed() {
        network.wrap(network.path(2), new byte[10], 0);
        crypto.calls.clear();
        network.batch.clear();
        network.batch.add(network.slot(0));
        network.peeler.authenticate(network.relays.getFirst(), network.batch);

        assertThat(crypto.calls).containsExactly("x25519 1", "blake2b 1x64", "blake2b 1x0", "blake2b 1x976");
    }

    @Test
    void aPacketWithABadMacIsNotDecryptedAtAll() {
        network.wrap(network.path(2), new byte[10], 0);
        final byte[] packet = network.packet(0);
        packet[40] ^= 1;
        network.put(packet, 0);
        crypto.calls.clear();

        assertThat(network.peel(0, 0)).isEqualTo(PeelStatus.BAD_MAC);

        assertThat(crypto.calls).containsExactly("x25519 1", "blake2b 1x64", "blake2b 1x0", "blake2b 1x976");
        assertThat(network.packet(0)).isEqualTo(packet);
    }

    @Test
    void theWorkOnAPacketDoesNotDependOnItsCommandButForTheBlindingOfMr1() {
        final List<List<String>> works = new ArrayList<>();
        for (CommandType type : CommandType.values()) {
            final int length = type == CommandType.FORWARD ? 2 : 1;
            final CommandType exit = type == CommandType.FORWARD ? CommandType.DELIVER : type;
            network.wrap(new SphinxPath(network.hops(length), exit, 1, 2), new byte[10], 0);
            crypto.calls.clear();
            assertThat(network.peel(0, 0)).isEqualTo(PeelStatus.OK);
            works.add(List.copyOf(crypto.calls));
        }
        final List<String> exit = works.getLast();
        assertThat(works.subList(1, works.size())).allMatch(exit::equals);
        assertThat(exit).filteredOn(call -> call.startsWith("x25519")).hasSize(1);
        final List<String> forward = new ArrayList<>(works.getFirst());
        if (network.profile == SphinxProfile.MR1) {
            assertThat(forward.remove(8)).isEqualTo("x25519 1");
        }
        assertThat(forward).isEqualTo(exit);
    }

    @Test
    void theHeaderStreamIsOnePassOfSixteenCipherBlocks() {
        network.wrap(network.path(1), new byte[10], 0);
        crypto.calls.clear();
        network.peel(0, 0);

        assertThat(crypto.calls)
                .filteredOn(call -> call.startsWith("chacha20"))
                .containsExactly("chacha20 1x1024", "chacha20 1x1024", "chacha20 1x1024"); // header, then LIONESS
    }

    /** A packet that is bad in several ways is dropped for the first of them. */
    @Test
    void aBadCommandIsDroppedAsSuchWhateverThePayload() {
        final byte[] publicKey = network.relays.getFirst().publicKeyBytes();
        final PlainSphinx.Hop hop = new PlainSphinx.Hop(publicKey, PlainSphinx.command(6, 0, 0, new byte[16]));
        final byte[] packet = network.plain.wrap(
                network.plain.header(publicKey, PlainSphinx.basePoint(), hop, new byte[944]), new byte[10]);
        packet[1500] ^= 1;
        network.put(packet, 0);

        assertThat(network.peel(0, 0)).isEqualTo(PeelStatus.BAD_COMMAND);
    }

    @Test
    void everyHopHasAnAlphaThatNoOtherHopHas() {
        final int length = network.geometry.hops();
        final Set<String> alphas = new HashSet<>();
        for (int packet = 0; packet < 3; packet++) {
            network.wrap(network.path(length), new byte[10], 0);
            for (int hop = 0; hop < length; hop++) {
                alphas.add(Arrays.toString(Arrays.copyOf(network.packet(0), 32)));
                assertThat(network.peel(hop, 0)).isEqualTo(PeelStatus.OK);
            }
        }
        assertThat(alphas).hasSize(3 * length);
    }

    @Test
    void theSenderDrawsASecretPerPathInMr1AndPerHopInMr2ThenThePadding() {
        final List<Long> draws = new ArrayList<>();
        final SeededRandomness seeded = new SeededRandomness(SEED);
        final Randomness counted = target -> {
            draws.add(target.byteSize());
            seeded.fill(target);
        };
        final SphinxWrapper wrapper = new SphinxWrapper(network.arena, crypto, counted, network.geometry, 1);
        wrapper.wrap(network.path(5), MemorySegment.ofArray(new byte[1]), network.packets, network.slot(0));

        assertThat(draws)
                .isEqualTo(
                        network.profile == SphinxProfile.MR1
                                ? List.of(32L, 976L - 4 * 48)
                                : List.of(32L, 32L, 32L, 32L, 32L, 976L - 4 * 80));
    }

    /** In mr1 a wave is one hop of all packets; in mr2 waves take all hops of all packets. */
    @Test
    void multiplicationsAreMadeInWaves() {
        final WrapBatch wraps = new WrapBatch(network.geometry, network.packets, SphinxNetwork.LIMIT);
        for (int i = 0; i < 40; i++) {
            wraps.add(network.path(1 + i % 8), MemorySegment.ofArray(new byte[1]), network.slot(i));
        }
        crypto.calls.clear();
        network.wrapper.wrap(wraps);

        assertThat(crypto.calls)
                .filteredOn(call -> call.startsWith("x25519 "))
                .isEqualTo(
                        network.profile == SphinxProfile.MR1
                                ? List.of(
                                        "x25519 40",
                                        "x25519 35",
                                        "x25519 30",
                                        "x25519 25",
                                        "x25519 20",
                                        "x25519 15",
                                        "x25519 10",
                                        "x25519 5")
                                : List.of("x25519 180"));
    }
}

package io.millrace.sphinx;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.test.SeededRandomness;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine and {@link PlainSphinx} give the same bytes, in both directions. */
class PlainSphinxAgreementTest {
    private static final long SEED = 4711;

    @RegisterExtension
    final SphinxNetwork network = new SphinxNetwork(SEED);

    private final List<byte[]> secretKeys = new ArrayList<>();

    static IntStream pathLengths() {
        return IntStream.rangeClosed(1, 20);
    }

    PlainSphinxAgreementTest() {
        // The network draws its relays' keys first and from the same seed.
        final SeededRandomness same = new SeededRandomness(SEED);
        for (int i = 0; i < 20; i++) {
            secretKeys.add(same.bytes(32));
        }
    }

    /** Source: RFC 7693 appendix A. */
    @Test
    void theSecondBlake2bMatchesTheRfc() {
        final byte[] hash = PlainBlake2b.hash(64, new byte[0], 0, "", "abc".getBytes(StandardCharsets.US_ASCII));

        assertThat(HexFormat.of().formatHex(hash))
                .isEqualTo("ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                        + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
    }

    @Test
    void relayIdsAgree() {
        for (RelaySphinxKey relay : network.relays) {
            assertThat(HexFormat.of().parseHex(relay.id().toString()))
                    .isEqualTo(PlainSphinx.relayId(relay.publicKeyBytes()));
        }
    }

    @ParameterizedTest
    @MethodSource("pathLengths")
    void wrappingAgrees(int length) {
        final byte[] payload = network.random.bytes(network.random.nextInt(1007));
        final long seed = network.random.nextLong();
        final SphinxWrapper wrapper =
                new SphinxWrapper(network.arena, network.crypto, new SeededRandomness(seed), network.geometry, 1);

        wrapper.wrap(network.path(length), MemorySegment.ofArray(payload), network.packets, network.slot(0));

        final SeededRandomness same = new SeededRandomness(seed);
        final byte[] x = same.bytes(32);
        final byte[] front = same.bytes(976 - 48 * (length - 1)); // its first 32 bytes give way to the command
        final byte[] padding = Arrays.copyOfRange(front, 32, front.length);
        assertThat(network.packet(0)).isEqualTo(PlainSphinx.wrap(x, plainHops(length), padding, payload));
    }

    @ParameterizedTest
    @MethodSource("pathLengths")
    void peelingAgreesAtEveryHop(int length) {
        final byte[] x = network.random.bytes(32);
        final byte[] padding = network.random.bytes(976 - 48 * (length - 1) - 32);
        final byte[] payload = network.random.bytes(network.random.nextInt(1007));
        byte[] packet = PlainSphinx.wrap(x, plainHops(length), padding, payload);

        for (int hop = 0; hop < length; hop++) {
            network.put(packet, 0);
            assertThat(network.peel(hop, 0)).isEqualTo(PeelStatus.OK);
            final PlainSphinx.Peeled expected = PlainSphinx.peel(
                    secretKeys.get(hop), network.relays.get(hop).publicKeyBytes(), packet);
            final boolean exit = hop == length - 1;
            final int compared = exit ? 32 : 0; // alpha is not blinded at an exit
            assertThat(Arrays.copyOfRange(network.packet(0), compared, 2048))
                    .as("hop " + hop)
                    .isEqualTo(Arrays.copyOfRange(expected.packet(), compared, 2048));
            assertThat(peeledCommand()).isEqualTo(expected.command());
            assertThat(tag()).isEqualTo(expected.tag());
            assertThat(delayTag()).isEqualTo(expected.delayTag());
            packet = expected.packet();
        }
        assertThat(network.payload(0)).isEqualTo(payload);
    }

    @ParameterizedTest
    @MethodSource("pathLengths")
    void thePlainPeelerReadsWhatTheEngineWrapped(int length) {
        final byte[] payload = network.random.bytes(1006);
        network.wrap(network.path(length), payload, 0);
        byte[] packet = network.packet(0);

        for (int hop = 0; hop < length; hop++) {
            final PlainSphinx.Peeled peeled = PlainSphinx.peel(
                    secretKeys.get(hop), network.relays.get(hop).publicKeyBytes(), packet);
            assertThat(peeled).as("hop " + hop).isNotNull();
            assertThat(peeled.command()).isEqualTo(plainHops(length).get(hop).command());
            packet = peeled.packet();
        }
        assertThat(Arrays.copyOfRange(packet, 1024, 1042))
                .isEqualTo(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xEE, 3});
        assertThat(Arrays.copyOfRange(packet, 1042, 2048)).isEqualTo(payload);
    }

    private List<PlainSphinx.Hop> plainHops(int length) {
        final List<PlainSphinx.Hop> hops = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            final byte[] publicKey = network.relays.get(i).publicKeyBytes();
            final byte[] command = i + 1 < length
                    ? PlainSphinx.command(
                            1,
                            0,
                            (i + 1) * 1000L,
                            PlainSphinx.relayId(network.relays.get(i + 1).publicKeyBytes()))
                    : PlainSphinx.command(
                            2, 0, (i + 1) * 1000L, HexFormat.of().parseHex("44443333222211118888777766665555"));
            hops.add(new PlainSphinx.Hop(publicKey, command));
        }
        return hops;
    }

    private byte[] peeledCommand() {
        final byte[] id = new byte[16];
        new RelayId(network.batch.idLow(0), network.batch.idHigh(0)).writeTo(MemorySegment.ofArray(id), 0);
        return PlainSphinx.command(network.batch.command(0).code(), 0, network.batch.delayNs(0), id);
    }

    private byte[] tag() {
        final byte[] tag = new byte[16];
        new RelayId(network.batch.tagLow(0), network.batch.tagHigh(0)).writeTo(MemorySegment.ofArray(tag), 0);
        return tag;
    }

    private byte[] delayTag() {
        final byte[] tag = new byte[16];
        new RelayId(network.batch.delayTagLow(0), network.batch.delayTagHigh(0)).writeTo(MemorySegment.ofArray(tag), 0);
        return tag;
    }
}

package io.millrace.sphinx;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.test.SeededRandomness;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The engine and {@link PlainSphinx} give the same bytes, in both directions. */
@ParameterizedClass
@EnumSource(SphinxProfile.class)
class PlainSphinxAgreementTest {
    private static final long SEED = 4711;

    private static final int[] PAYLOAD_LENGTHS = {0, 1, 500, 1_006};

    @RegisterExtension
    final SphinxNetwork network;

    private final List<byte[]> secretKeys = new ArrayList<>();

    PlainSphinxAgreementTest(SphinxProfile profile) {
        network = new SphinxNetwork(SEED, profile);
        // The network draws its relays' keys first and from the same seed.
        final SeededRandomness same = new SeededRandomness(SEED);
        for (int i = 0; i < network.geometry.hops(); i++) {
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

    @Test
    void wrappingAgrees() {
        forEachPathAndPayload(this::wrapsAlike);
    }

    private void wrapsAlike(int length, byte[] payload) {
        final long seed = network.random.nextLong();
        final SphinxWrapper wrapper =
                new SphinxWrapper(network.arena, network.crypto, new SeededRandomness(seed), network.geometry, 1);

        wrapper.wrap(network.path(length), MemorySegment.ofArray(payload), network.packets, network.slot(0));

        final SeededRandomness same = new SeededRandomness(seed);
        final byte[] secrets = same.bytes(network.plain.secretsLength(length));
        final byte[] front =
                same.bytes(32 + network.plain.paddingLength(length)); // the first 32 give way to the command
        final byte[] padding = Arrays.copyOfRange(front, 32, front.length);
        assertThat(network.packet(0)).isEqualTo(network.plain.wrap(secrets, plainHops(length), padding, payload));
    }

    @Test
    void peelingAgreesAtEveryHop() {
        forEachPathAndPayload(this::peelsAlike);
    }

    private void peelsAlike(int length, byte[] payload) {
        final byte[] secrets = network.random.bytes(network.plain.secretsLength(length));
        final byte[] padding = network.random.bytes(network.plain.paddingLength(length));
        byte[] packet = network.plain.wrap(secrets, plainHops(length), padding, payload);

        for (int hop = 0; hop < length; hop++) {
            network.put(packet, 0);
            assertThat(network.peel(hop, 0)).isEqualTo(PeelStatus.OK);
            final PlainSphinx.Peeled expected = network.plain.peel(
                    secretKeys.get(hop), network.relays.get(hop).publicKeyBytes(), packet);
            final boolean exit = hop == length - 1;
            final int compared = exit && network.profile.blinds() ? 32 : 0; // no alpha is computed at an exit
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

    @Test
    void thePlainPeelerReadsWhatTheEngineWrapped() {
        forEachPathAndPayload(this::isReadByThePlainPeeler);
    }

    private void isReadByThePlainPeeler(int length, byte[] payload) {
        network.wrap(network.path(length), payload, 0);
        byte[] packet = network.packet(0);

        for (int hop = 0; hop < length; hop++) {
            final PlainSphinx.Peeled peeled = network.plain.peel(
                    secretKeys.get(hop), network.relays.get(hop).publicKeyBytes(), packet);
            assertThat(peeled).as("hop " + hop).isNotNull();
            assertThat(peeled.command()).isEqualTo(plainHops(length).get(hop).command());
            packet = peeled.packet();
        }
        final byte[] innermost = new byte[1024];
        innermost[16] = (byte) payload.length;
        innermost[17] = (byte) (payload.length >> 8);
        System.arraycopy(payload, 0, innermost, 18, payload.length);
        assertThat(Arrays.copyOfRange(packet, 1024, 2048)).isEqualTo(innermost);
    }

    private void forEachPathAndPayload(BiConsumer<Integer, byte[]> check) {
        for (int length = 1; length <= network.geometry.hops(); length++) {
            for (int payloadLength : PAYLOAD_LENGTHS) {
                check.accept(length, network.random.bytes(payloadLength));
            }
        }
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

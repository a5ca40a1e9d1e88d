package io.millrace.sphinx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The worked vector of the specification: a packet over two relays. The engine wraps and peels it, {@link PlainMr1} gives the
 * values in between, and the document has all of them line by line.
 */
class WorkedVectorTest {
    private static final Path DOCUMENT =
            Path.of(System.getProperty("basedir", ".")).resolve("../../src/docs/specs/sphinx-mr1.md");

    private static final byte SECRET_0 = 0x11;
    private static final byte SECRET_1 = 0x22;
    private static final byte X = 0x33;
    private static final byte PADDING = 0x44;
    private static final byte RECIPIENT = 0x55;
    private static final long RECIPIENT_HALF = 0x5555_5555_5555_5555L;
    private static final byte[] PAYLOAD = "hello".getBytes(StandardCharsets.US_ASCII);
    private static final SphinxGeometry MR1 = SphinxGeometry.MR1;
    private static final PlainSphinx PLAIN = new PlainMr1();
    private static final int SLOT = MR1.packetLength() + 128;

    private final StringBuilder text = new StringBuilder();

    @Test
    void theDocumentHasTheValuesOfThisCode() throws IOException {
        try (Arena arena = Arena.ofConfined();
                RelaySphinxKey first = key(arena, SECRET_0);
                RelaySphinxKey second = key(arena, SECRET_1)) {
            walk(arena, List.of(first, second));
        }

        assertThat(Files.readString(DOCUMENT)).contains("```\n" + text + "```\n");
    }

    private void walk(Arena arena, List<RelaySphinxKey> relays) {
        final BatchCrypto crypto = CryptoProviders.byName("sodium");
        final MemorySegment packet = arena.allocate(SLOT, 64);
        final SphinxWrapper wrapper = new SphinxWrapper(arena, crypto, new Constants(X, PADDING), MR1, 1);
        final List<SphinxHop> hops = List.of(
                new SphinxHop(RelayPublicKey.copyOf(relays.get(0).publicKey()), 1_000_000),
                new SphinxHop(RelayPublicKey.copyOf(relays.get(1).publicKey()), 2_000_000));
        wrapper.wrap(
                SphinxPath.toRecipient(hops, RECIPIENT_HALF, RECIPIENT_HALF),
                MemorySegment.ofArray(PAYLOAD),
                packet,
                0);
        final List<PlainSphinx.Hop> plain = List.of(
                new PlainSphinx.Hop(
                        relays.get(0).publicKeyBytes(),
                        PlainSphinx.command(
                                1,
                                0,
                                1_000_000,
                                PlainSphinx.relayId(relays.get(1).publicKeyBytes()))),
                new PlainSphinx.Hop(
                        relays.get(1).publicKeyBytes(), PlainSphinx.command(2, 0, 2_000_000, repeated(RECIPIENT, 16))));
        final byte[] padding = repeated(PADDING, 896);
        final byte[] wrapped = bytes(packet);
        assertThat(wrapped).isEqualTo(PLAIN.wrap(repeated(X, 32), plain, padding, PAYLOAD));
        final PlainSphinx.Header header = PLAIN.header(repeated(X, 32), plain, padding);

        line("y_0", relays.get(0).publicKeyBytes());
        line("y_1", relays.get(1).publicKeyBytes());
        line("id of relay 1", PlainSphinx.relayId(relays.get(1).publicKeyBytes()));
        line("c_0", plain.get(0).command());
        line("c_1", plain.get(1).command());
        line("s_0", PlainSphinx.x25519(repeated(X, 32), relays.get(0).publicKeyBytes()));
        line("b_0", header.keys().get(0).headerRest());
        packet("packet for relay 0", wrapped);
        final PeelBatch batch = new PeelBatch(arena, MR1, packet, 1);
        final SphinxPeeler peeler = new SphinxPeeler(arena, crypto, MR1, 1);
        peel(peeler, batch, relays.get(0));
        tags("relay 0", header.keys().get(0), batch);
        packet("packet for relay 1", bytes(packet));
        peel(peeler, batch, relays.get(1));
        tags("relay 1", header.keys().get(1), batch);
        assertThat(batch.command(0)).isEqualTo(CommandType.DELIVER);
        line(
                "payload",
                packet.asSlice(batch.payloadPosition(0), batch.payloadLength(0)).toArray(JAVA_BYTE));
    }

    private static void peel(SphinxPeeler peeler, PeelBatch batch, RelaySphinxKey relay) {
        batch.clear();
        batch.add(0);
        peeler.authenticate(relay, batch);
        peeler.transform(batch);
        assertThat(batch.status(0)).isEqualTo(PeelStatus.OK);
    }

    private void tags(String relay, PlainSphinx.Keys keys, PeelBatch batch) {
        assertThat(id(batch.tagLow(0), batch.tagHigh(0))).isEqualTo(keys.tag());
        assertThat(id(batch.delayTagLow(0), batch.delayTagHigh(0))).isEqualTo(keys.delayTag());
        line(relay + ": MAC key", keys.mac());
        line(relay + ": replay tag", keys.tag());
        line(relay + ": delay tag", keys.delayTag());
    }

    private void packet(String name, byte[] packet) {
        line(name + ": alpha", Arrays.copyOf(packet, 32));
        line(name + ": gamma", Arrays.copyOfRange(packet, 32, 48));
        line(name + ": beta[0:32]", Arrays.copyOfRange(packet, 48, 80));
        line(name + ": beta[944:976]", Arrays.copyOfRange(packet, 992, 1024));
        line(name + ": delta[0:32]", Arrays.copyOfRange(packet, 1024, 1056));
        line(name + ": SHA-256", sha256(packet));
    }

    private void line(String name, byte[] value) {
        text.append(String.format("%-35s", name))
                .append(HexFormat.of().formatHex(value))
                .append('\n');
    }

    private static RelaySphinxKey key(Arena arena, byte secret) {
        return new RelaySphinxKey(SecretKey.copyOf(arena.allocate(32).fill(secret)));
    }

    private static byte[] id(long low, long high) {
        final byte[] id = new byte[16];
        new RelayId(low, high).writeTo(MemorySegment.ofArray(id), 0);
        return id;
    }

    private static byte[] bytes(MemorySegment packet) {
        return packet.asSlice(0, MR1.packetLength()).toArray(JAVA_BYTE);
    }

    private static byte[] repeated(byte value, int length) {
        final byte[] bytes = new byte[length];
        Arrays.fill(bytes, value);
        return bytes;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Draws bytes that are all alike, of another value at each draw. */
    private static final class Constants implements Randomness {
        private final byte[] values;
        private int draws;

        Constants(byte... values) {
            this.values = values.clone();
        }

        @Override
        public void fill(MemorySegment segment) {
            segment.fill(values[draws++]);
        }
    }
}

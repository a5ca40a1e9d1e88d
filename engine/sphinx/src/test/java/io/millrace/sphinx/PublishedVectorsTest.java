package io.millrace.sphinx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.test.SeededRandomness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The vectors in {@code src/docs/specs/vectors} are those that {@link PlainSphinx} makes from a seed. {@code -Dvectors.write}
 * writes them again.
 */
class PublishedVectorsTest {
    private static final long SEED = 20261130;
    private static final HexFormat HEX = HexFormat.of();
    private static final JsonMapper JSON = new JsonMapper();

    private final SeededRandomness random = new SeededRandomness(SEED);

    @ParameterizedTest
    @EnumSource(SphinxProfile.class)
    void thePublishedVectorsAreThoseOfThePlainImplementation(SphinxProfile profile) throws IOException {
        System.out.println("seed=" + SEED);
        final Path file = Path.of("../../src/docs/specs/vectors", "sphinx_" + profile + ".json");
        final String made = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(vectors(profile)) + "\n";
        if (System.getProperty("vectors.write") != null) {
            Files.writeString(file, made);
        }

        assertThat(JSON.readTree(Files.readString(file))).isEqualTo(JSON.readTree(made));
    }

    private ObjectNode vectors(SphinxProfile profile) {
        final PlainSphinx plain = PlainSphinx.of(profile);
        final ObjectNode root = JSON.createObjectNode();
        root.put("profile", profile.label());
        root.put("origin", "PublishedVectorsTest, seed " + SEED);
        final ArrayNode cases = root.putArray("cases");
        final int longest = SphinxGeometry.of(profile).hops();
        packet(plain, cases.addObject(), 1, 2, 0);
        packet(plain, cases.addObject(), 2, 3, 1);
        packet(plain, cases.addObject(), 3, 2, 500);
        packet(plain, cases.addObject(), longest, 4, 1_006);
        surb(plain, cases.addObject(), 3, 300);
        refused(plain, root.putArray("refused"));
        return root;
    }

    private void packet(PlainSphinx plain, ObjectNode node, int length, int lastCommand, int payloadLength) {
        final Route route = new Route(plain, length, lastCommand);
        final byte[] payload = random.bytes(payloadLength);
        node.put("type", "packet").put("payload", hex(payload)).put("padding", hex(route.padding));
        travel(plain, node, route, plain.wrap(route.header(), payload));
    }

    private void surb(PlainSphinx plain, ObjectNode node, int length, int payloadLength) {
        final Route route = new Route(plain, length, 5);
        final byte[] payload = random.bytes(payloadLength);
        final byte[] payloadKey = random.bytes(32);
        final byte[] header = route.header().bytes();
        node.put("type", "surb")
                .put("surbId", hex(Arrays.copyOfRange(route.hops.getLast().command(), 16, 32)))
                .put(
                        "surb",
                        hex(PlainSphinx.concat(PlainSphinx.relayId(route.publicKeys.getFirst()), header, payloadKey)))
                .put("payloadKey", hex(payloadKey))
                .put("padding", hex(route.padding))
                .put("payload", hex(payload));
        final byte[] last = travel(plain, node, route, plain.reply(header, payloadKey, payload));
        node.put("lastDelta", hex(Arrays.copyOfRange(last, 1024, 2048)));
    }

    private static byte[] travel(PlainSphinx plain, ObjectNode node, Route route, byte[] first) {
        final ArrayNode hops = node.putArray("hops");
        byte[] packet = first;
        for (int i = 0; i < route.hops.size(); i++) {
            final PlainSphinx.Keyed keyed = route.keyed.get(i);
            final ObjectNode hop = hops.addObject();
            hop.put("privateKey", hex(route.privateKeys.get(i)));
            hop.put("publicKey", hex(route.publicKeys.get(i)));
            hop.put("relayId", hex(PlainSphinx.relayId(route.publicKeys.get(i))));
            if (32 * i < route.secrets.length) {
                hop.put("ephemeral", hex(Arrays.copyOfRange(route.secrets, 32 * i, 32 * (i + 1))));
            }
            hop.put("alpha", hex(keyed.alpha()));
            hop.put("command", hex(keyed.command()));
            hop.put("macKey", hex(keyed.keys().mac()));
            hop.put("replayTag", hex(keyed.keys().tag()));
            hop.put("headerStreamKey", hex(keyed.keys().header()));
            hop.put(
                    plain instanceof PlainMr1 ? "blindingFactor" : "headerStreamTail",
                    hex(keyed.keys().headerRest()));
            hop.put("lionessK1", hex(keyed.keys().stream1()));
            hop.put("lionessK2", hex(keyed.keys().stream2()));
            hop.put("lionessHashKey", hex(keyed.keys().hash()));
            hop.put("packet", hex(packet));
            packet = plain.peel(route.privateKeys.get(i), route.publicKeys.get(i), packet)
                    .packet();
        }
        return packet;
    }

    private void refused(PlainSphinx plain, ArrayNode refused) {
        final Route route = new Route(plain, 2, 2);
        final byte[] genuine = plain.wrap(route.header(), random.bytes(100));
        final byte[] lowOrder = genuine.clone();
        Arrays.fill(lowOrder, 0, 32, (byte) 0);
        refuse(refused, "alpha of low order", route, lowOrder, "BAD_GROUP_ELEMENT");
        refuse(refused, "bit 255 of alpha set", route, flipped(genuine, 255), "BAD_GROUP_ELEMENT");
        refuse(refused, "bit of alpha flipped", route, flipped(genuine, 3), "BAD_MAC");
        refuse(refused, "bit of gamma flipped", route, flipped(genuine, 32 * 8), "BAD_MAC");
        refuse(refused, "last bit of beta flipped", route, flipped(genuine, 1024 * 8 - 1), "BAD_MAC");
        final Route unknown = new Route(plain, 1, 6);
        refuse(refused, "command of type 6", unknown, plain.wrap(unknown.header(), new byte[1]), "BAD_COMMAND");
        final Route exit = new Route(plain, 1, 2);
        final byte[] tampered = flipped(plain.wrap(exit.header(), new byte[1]), 1500 * 8);
        refuse(refused, "payload tampered with", exit, tampered, "BAD_PAYLOAD");
    }

    private static void refuse(ArrayNode refused, String name, Route route, byte[] packet, String reason) {
        refused.addObject()
                .put("name", name)
                .put("privateKey", hex(route.privateKeys.getFirst()))
                .put("packet", hex(packet))
                .put("dropReason", reason);
    }

    private static byte[] flipped(byte[] packet, int bit) {
        final byte[] flipped = packet.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        return flipped;
    }

    private static String hex(byte[] bytes) {
        return HEX.formatHex(bytes);
    }

    /** Relays, commands and secrets of one path. */
    private final class Route {
        private final PlainSphinx plain;
        private final List<byte[]> privateKeys = new ArrayList<>();
        private final List<byte[]> publicKeys = new ArrayList<>();
        private final List<PlainSphinx.Hop> hops = new ArrayList<>();
        private final byte[] secrets;
        private final byte[] padding;
        private final List<PlainSphinx.Keyed> keyed;

        private Route(PlainSphinx plain, int length, int lastCommand) {
            this.plain = plain;
            for (int i = 0; i < length; i++) {
                privateKeys.add(random.bytes(32));
                publicKeys.add(PlainSphinx.x25519(privateKeys.get(i), PlainSphinx.basePoint()));
            }
            for (int i = 0; i < length; i++) {
                final boolean last = i == length - 1;
                final byte[] id = last ? random.bytes(16) : PlainSphinx.relayId(publicKeys.get(i + 1));
                hops.add(new PlainSphinx.Hop(
                        publicKeys.get(i), PlainSphinx.command(last ? lastCommand : 1, 0, last ? 0 : 1000L * i, id)));
            }
            secrets = random.bytes(plain.secretsLength(length));
            padding = random.bytes(plain.paddingLength(length));
            keyed = plain.derive(secrets, hops);
        }

        private PlainSphinx.Header header() {
            return plain.header(secrets, hops, padding);
        }
    }
}

package io.millrace.crdt.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crdt.type.Dot;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.TwinId;
import io.millrace.crdt.type.TwinOperation;
import io.millrace.crdt.type.Value;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperationCodecTest {
    private static final HexFormat HEX = HexFormat.of();

    private final OperationCodec codec = new OperationCodec();
    private final PayloadCodec payloads = new PayloadCodec();
    private final Actor alice = new Actor("alice");

    @AfterEach
    void close() {
        codec.close();
        alice.close();
    }

    @Test
    void payloadsHaveTheBytesOfTheTable() {
        final Dot dot = new Dot(new OperationId(0, 0, 0, 9), 2);
        final String id = "5820" + "00".repeat(31) + "09";

        assertThat(HEX.formatHex(payloads.encode(List.of(
                        new TwinOperation.Set("k", Value.of(new byte[] {1, 2})),
                        new TwinOperation.Delete("k"),
                        new TwinOperation.Add("s", "e"),
                        new TwinOperation.Remove("s", "e", List.of(dot)),
                        new TwinOperation.Count("c", 24, 0),
                        new TwinOperation.Assign("r", Value.of(new byte[0]), List.of())))))
                .isEqualTo("86"
                        + "8301616b" + "420102"
                        + "8202616b"
                        + "83036173" + "6165"
                        + "8404617361658182" + id + "02"
                        + "84056163181800"
                        + "840661724080");
    }

    @Test
    void operationsHaveTheBytesOfTheTable() {
        final byte[] payload = payloads.encode(List.of(new TwinOperation.Delete("k")));
        final SignedOperation operation = alice.sign(
                new OperationHeader(
                        new TwinId(1, 2),
                        alice.id,
                        1,
                        500,
                        new OperationId(0, 0, 0, 7),
                        List.of(new OperationId(0, 0, 0, 8)),
                        payload.length,
                        codec.hashOf(payload)),
                payload);

        final String header = "8901" + "50" + "00000000000000010000000000000002" + "5820" + alice.id + "01" + "1901f4"
                + "5820" + "00".repeat(31) + "07" + "81" + "5820" + "00".repeat(31) + "08" + "05" + "5820"
                + operation.header().payloadHash();
        assertThat(HEX.formatHex(codec.encode(operation)))
                .isEqualTo("83" + "58" + Integer.toHexString(header.length() / 2) + header + "5840"
                        + HEX.formatHex(operation.signature()) + "45" + "818202616b");
        assertThat(codec.decode(codec.encode(operation)).orElseThrow().header()).isEqualTo(operation.header());
    }

    @Test
    void payloadsThatAreNotInOrderOrRangeSayNothing() {
        final String id = "5820" + "00".repeat(31);
        for (final String wrong : List.of(
                "",
                "80",
                "818202",
                "81820260",
                "8182026161" + "00",
                "818302616101",
                "8182076161",
                "818301616b6161",
                "81840561631b800000000000000000",
                "81840461736165" + "82" + "82" + id + "0200" + "82" + id + "0100",
                "81840461736165" + "82" + "82" + id + "0100" + "82" + id + "0100",
                "81840461736165" + "81" + "82" + id + "01191000")) {
            assertThat(payloads.decode(HEX.parseHex(wrong))).as(wrong).isEmpty();
        }
    }

    @Test
    void aPayloadIsBounded() {
        final Value large = Value.of(new byte[Value.MAX_LENGTH]);
        final TwinOperation set = new TwinOperation.Set("k", large);

        assertThat(payloads.encode(List.of(set))).hasSizeLessThan(PayloadCodec.MAX_LENGTH);
        assertThatThrownBy(() -> payloads.encode(List.of(set, set))).hasMessageContaining("65536");
        assertThatThrownBy(() -> payloads.encode(List.of())).isInstanceOf(IllegalArgumentException.class);
        final List<TwinOperation> many = IntStream.rangeClosed(0, PayloadCodec.MAX_OPERATIONS)
                .<TwinOperation>mapToObj(i -> new TwinOperation.Delete("k"))
                .toList();
        assertThatThrownBy(() -> payloads.encode(many)).hasMessageContaining("4096");
    }

    @Test
    void randomBytesAreRefusedAndMutationsNeverThrow() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final byte[] payload = payloads.encode(List.of(new TwinOperation.Delete("k")));
        final byte[] good = codec.encode(alice.sign(
                new OperationHeader(
                        new TwinId(1, 2), alice.id, 0, 5, null, List.of(), payload.length, codec.hashOf(payload)),
                payload));
        for (int i = 0; i < 100_000; i++) {
            final byte[] bytes = good.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            codec.decode(bytes)
                    .ifPresent(decoded ->
                            assertThat(codec.encode(decoded)).as("seed=" + seed).isEqualTo(bytes));
            payloads.decode(bytes);
        }
    }
}

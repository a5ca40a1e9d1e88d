package io.millrace.crdt.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.TwinId;
import io.millrace.crdt.type.TwinOperation;
import io.millrace.crdt.type.Value;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EquivocationProofTest {
    private static final TwinId TWIN = new TwinId(3, 4);

    private final Actor mallory = new Actor("mallory");
    private final Actor alice = new Actor("alice");
    private final OperationCodec codec = new OperationCodec();
    private final OperationVerifier verifier = new OperationVerifier();

    @AfterEach
    void close() {
        codec.close();
        verifier.close();
        mallory.close();
        alice.close();
    }

    @Test
    void whoeverReadsTheBytesCanCheckThem() {
        final EquivocationProof proof =
                new EquivocationProof(signed(mallory, TWIN, 0, "a"), signed(mallory, TWIN, 0, "b"));

        final EquivocationProof read =
                EquivocationProof.decode(proof.encode(codec), codec).orElseThrow();

        assertThat(read).isEqualTo(proof);
        assertThat(read.isValid(verifier)).isTrue();
        assertThat(read.actor()).isEqualTo(mallory.id);
    }

    @Test
    void theOrderInWhichTheyWereFoundDoesNotMatter() {
        final SignedOperation a = signed(mallory, TWIN, 0, "a");
        final SignedOperation b = signed(mallory, TWIN, 0, "b");

        assertThat(new EquivocationProof(a, b).encode(codec)).isEqualTo(new EquivocationProof(b, a).encode(codec));
    }

    @Test
    void whatIsNoEquivocationProvesNone() {
        final SignedOperation a = signed(mallory, TWIN, 0, "a");

        for (final SignedOperation other : List.of(
                a,
                signed(mallory, TWIN, 1, "b"),
                signed(alice, TWIN, 0, "b"),
                signed(mallory, new TwinId(9, 9), 0, "b"),
                alice.sign(signed(mallory, TWIN, 0, "b").header(), null))) {
            assertThat(new EquivocationProof(a, other).isValid(verifier)).isFalse();
        }
    }

    @Test
    void noChangedBitLeavesAProof() {
        final byte[] proof =
                new EquivocationProof(signed(mallory, TWIN, 0, "a"), signed(mallory, TWIN, 0, "b")).encode(codec);

        for (int bit = 0; bit < 8 * proof.length; bit++) {
            final byte[] flipped = proof.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(EquivocationProof.decode(flipped, codec).filter(each -> each.isValid(verifier)))
                    .as("bit=" + bit)
                    .isEmpty();
        }
        assertThat(EquivocationProof.decode(Arrays.copyOf(proof, proof.length - 1), codec))
                .isEmpty();
        assertThat(EquivocationProof.decode(new byte[0], codec)).isEmpty();
    }

    @Test
    void theLongestOperationsFit() throws IOException {
        final List<OperationId> many = java.util.stream.IntStream.range(0, OperationHeader.MAX_PREDECESSORS)
                .mapToObj(i -> new OperationId(i, -1, -1, -1))
                .toList();
        final SignedOperation a = longest(many, 1);
        final SignedOperation b = longest(many, 2);

        final byte[] encoded = new EquivocationProof(a, b).encode(codec);

        assertThat(encoded.length).isLessThanOrEqualTo(EquivocationProof.MAX_LENGTH);
        assertThat(EquivocationProof.decode(encoded, codec).orElseThrow().isValid(verifier))
                .isTrue();
    }

    private SignedOperation longest(List<OperationId> predecessors, int salt) {
        return mallory.sign(
                new OperationHeader(
                        TWIN,
                        mallory.id,
                        Integer.MAX_VALUE,
                        Long.MAX_VALUE,
                        new OperationId(0, 0, 0, salt),
                        predecessors,
                        PayloadCodec.MAX_LENGTH,
                        codec.hashOf(new byte[1])),
                null);
    }

    private SignedOperation signed(Actor actor, TwinId twin, int sequence, String content) {
        final byte[] payload = new PayloadCodec().encode(List.of(new TwinOperation.Set("k", Value.of(content))));
        final OperationId backlink = sequence == 0 ? null : new OperationId(0, 0, 0, 1);
        return actor.sign(
                new OperationHeader(
                        twin, actor.id, sequence, 1 << 20, backlink, List.of(), payload.length, codec.hashOf(payload)),
                payload);
    }
}

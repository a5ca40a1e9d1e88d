package io.millrace.receipt;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.Ed25519KeyPair;
import io.millrace.tlog.Checkpoint;
import io.millrace.tlog.CheckpointPolicy;
import io.millrace.tlog.Hash;
import io.millrace.tlog.MalformedException;
import io.millrace.tlog.MerkleHash;
import io.millrace.tlog.RefusedException;
import io.millrace.tlog.SignedNote;
import io.millrace.tlog.VerifierKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Notes, checkpoints and cosignatures; the examples are those of the C2SP specifications. */
class NotesTest {
    private static final String NOTE = """
        This is an example message.

        \u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
        """;
    private static final String KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    private static final Checkpoint CHECKPOINT =
            new Checkpoint("relay.example/receipts", 3, MerkleHash.leaf(new byte[1]));

    @Test
    void verifiesTheExampleOfTheSpecification() throws Exception {
        final SignedNote note = SignedNote.parse(NOTE.getBytes(StandardCharsets.UTF_8));
        final VerifierKey key = VerifierKey.parse(KEY);

        assertThat(note.check(key)).isEqualTo(SignedNote.Check.VALID);
        assertThat(note).hasToString(NOTE);
        assertThat(key).hasToString(KEY);
        assertThat(SignedNote.parse(NOTE.replace("example m", "exemple m").getBytes(StandardCharsets.UTF_8))
                        .check(key))
                .isEqualTo(SignedNote.Check.INVALID);
    }

    @Test
    void ignoresSignaturesOfUnknownKeysEvenWithAKnownName() throws Exception {
        final SignedNote note = SignedNote.parse(NOTE.getBytes(StandardCharsets.UTF_8));
        try (LogKey other = Receipts.key("example.com/foo", 1)) {
            assertThat(note.check(other.verifierKey())).isEqualTo(SignedNote.Check.ABSENT);
        }
    }

    @Test
    void refusesKeysAndNotesThatAreNotWellFormed() {
        for (String key :
                new String[] {"", "a", "a+b", KEY + "A", KEY.replace("530d", "530e"), KEY.replace("+Ae", "+Be")}) {
            assertThatThrownBy(() -> VerifierKey.parse(key)).as(key).isInstanceOf(MalformedException.class);
        }
        // A key file that was named by mistake is no text for a terminal.
        for (String secret : new String[] {
            "signing-seed = \"5ec7e7\"\n", "5ec7e7+5ec7e7+5ec7e7", KEY.substring(0, KEY.lastIndexOf('+')) + "+5ec7e7=="
        }) {
            assertThatThrownBy(() -> VerifierKey.parse(secret))
                    .as(secret)
                    .isInstanceOf(MalformedException.class)
                    .message()
                    .doesNotContain("5ec7e7");
        }
        for (String note : new String[] {
            "",
            "\n",
            "text\n\n",
            "text\n",
            NOTE.stripTrailing(),
            NOTE.replace("\u2014 ", "- "),
            NOTE.replace("example m", "\t"),
            NOTE.replace("QM=", "QN="),
            NOTE.replace("example.com/foo ", "")
        }) {
            assertThatThrownBy(() -> SignedNote.parse(note.getBytes(StandardCharsets.UTF_8)))
                    .as(note)
                    .isInstanceOf(MalformedException.class);
        }
        assertThatThrownBy(() -> SignedNote.parse(new byte[] {(byte) 0xff, '\n', '\n'}))
                .hasMessageContaining("UTF-8");
    }

    @Test
    void refusesCheckpointsThatAreNotWellFormed() {
        final String root = MerkleHash.EMPTY_ROOT.base64();
        for (String text : new String[] {
            "",
            "o\n",
            "o\n1\n",
            "o\n01\n" + root + "\n",
            "o\n-1\n" + root + "\n",
            "o\n1\n" + root,
            "\n1\n" + root + "\n",
            "o\n1\nAA==\n",
            "o\n1\n" + root + "\n\nx\n",
            "o\n9223372036854775808\n" + root + "\n",
            "o\n0\n" + MerkleHash.leaf(new byte[0]).base64() + "\n"
        }) {
            assertThatThrownBy(() -> Checkpoint.parse(text)).as(text).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void aWitnessCountsOnceItCosignedThisVeryCheckpoint() throws Exception {
        try (Arena arena = Arena.ofConfined();
                LogKey log = Receipts.key(CHECKPOINT.origin(), 1);
                Ed25519KeyPair pair = Ed25519KeyPair.fromSeed(arena.allocate(32).fill((byte) 2))) {
            final VerifierKey witness = VerifierKey.of(
                    "witness.example/w1",
                    VerifierKey.Type.COSIGNATURE,
                    pair.publicKey().toArray(JAVA_BYTE));
            final SignedNote note = log.sign(CHECKPOINT);
            final SignedNote cosigned = note.with(cosign(arena, pair, witness, note.text(), 1_679_315_147L));
            final SignedNote other = note.with(cosign(arena, pair, witness, note.text() + "x\n", 1_679_315_147L));

            assertThat(Checkpoint.verified(cosigned, policy(log, 1, witness))).isEqualTo(CHECKPOINT);
            assertThatThrownBy(() -> Checkpoint.verified(note, policy(log, 1, witness)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("too few witnesses");
            assertThatThrownBy(() -> Checkpoint.verified(other, policy(log, 0, witness)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("witness's signature is wrong");
        }
    }

    @Test
    void theTextMadeOffTheHeapIsTheSame() {
        try (Arena arena = Arena.ofConfined();
                LogKey log = Receipts.key(CHECKPOINT.origin(), 1)) {
            final CheckpointWriter writer = new CheckpointWriter(arena, log);
            final MemorySegment root = arena.allocate(Hash.LENGTH);
            for (long size = 1; size > 0; size = size * 7 + 3) {
                for (int i = 0; i < Hash.LENGTH; i++) {
                    root.set(JAVA_BYTE, i, (byte) (size * 31 + i * 77L));
                }
                final String expected = new Checkpoint(log.origin(), size, Hash.of(root, 0)).text();
                assertThat(new String(writer.write(size, root).toArray(JAVA_BYTE), StandardCharsets.UTF_8))
                        .isEqualTo(expected);
                if (size > Long.MAX_VALUE / 8) {
                    break;
                }
            }
        }
    }

    private static SignedNote.Signature cosign(
            Arena arena, Ed25519KeyPair pair, VerifierKey witness, String text, long timestampS) {
        final MemorySegment signature = arena.allocate(64);
        pair.sign(signature, Receipts.nativeCopy(arena, SignedNote.cosigned(text, timestampS)));
        final byte[] bytes = ByteBuffer.allocate(72)
                .putLong(timestampS)
                .put(signature.toArray(JAVA_BYTE))
                .array();
        return new SignedNote.Signature(witness.name(), witness.keyId(), bytes);
    }

    @Test
    void aWitnessCountsOnceAndTheLogIsNoWitness() {
        try (LogKey log = Receipts.key(Receipts.ORIGIN, 7)) {
            final byte[] key = new byte[32];
            key[0] = 1;
            final VerifierKey one = VerifierKey.of("witness.example/w1", VerifierKey.Type.COSIGNATURE, key);
            final VerifierKey sameKey = VerifierKey.of("witness.example/w2", VerifierKey.Type.COSIGNATURE, key);
            final VerifierKey ofLog = VerifierKey.of(
                    "witness.example/w3",
                    VerifierKey.Type.COSIGNATURE,
                    log.verifierKey().publicKey());

            assertThat(policy(log, 1, one).quorum()).isEqualTo(1);
            for (VerifierKey second : List.of(one, sameKey, ofLog, log.verifierKey())) {
                assertThatThrownBy(() -> policy(log, 2, one, second))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("named already");
            }
            assertThatThrownBy(() -> policy(log, 2, one)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> policy(log, -1, one)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static CheckpointPolicy policy(LogKey log, int quorum, VerifierKey... witnesses) {
        return new CheckpointPolicy(log.origin(), log.verifierKey(), List.of(witnesses), quorum);
    }
}

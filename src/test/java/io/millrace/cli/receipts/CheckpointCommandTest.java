package io.millrace.cli.receipts;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.ProgramRun;
import io.millrace.receipt.LogKey;
import io.millrace.receipt.Receipt;
import io.millrace.receipt.ReceiptBatch;
import io.millrace.receipt.ReceiptId;
import io.millrace.receipt.ReceiptLog;
import io.millrace.receipt.SigningMode;
import io.millrace.receipt.StoredReceipts;
import io.millrace.store.CommitPolicy;
import io.millrace.tlog.Checkpoint;
import io.millrace.tlog.Hash;
import io.millrace.tlog.SignedNote;
import io.millrace.tlog.VerifierKey;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checkpoints: their logs, origins and witnesses. */
class CheckpointCommandTest extends ReceiptsFixture {
    @Test
    void aLogThatWasCutShortOrRewrittenIsRefusedAgainstAKeptCheckpoint() throws Exception {
        append("batch", "request");
        copyLog("short");
        append("batch", "other");
        run(0, "receipts", "checkpoint", "--log", path("log"), "--out", path("kept"));

        refused(verify("--log", path("short"), "--checkpoint", path("kept")));
        run(
                0,
                "receipts",
                "append",
                "--json",
                "--log",
                path("short"),
                "--key",
                path("r1.key"),
                "--origin",
                "relay.example/log",
                path("request"));
        run(0, verify("--log", path("short")));
        refused(verify("--log", path("short"), "--checkpoint", path("kept")));
    }

    @Test
    void aLogThatDoesNotContainItsFoldersCheckpointIsRefused() throws Exception {
        append("batch", "request");
        copyLog("before");
        append("batch", "other");
        final String published = Files.readString(folder.resolve("log/checkpoint"));
        Files.copy(folder.resolve("before/receipts.log"), folder.resolve("log/receipts.log"), REPLACE_EXISTING);

        for (int lost = 0; lost < 2; lost++) {
            final ProgramRun run = ProgramRun.of(
                    "receipts",
                    "append",
                    "--log",
                    path("log"),
                    "--key",
                    path("r1.key"),
                    "--origin",
                    "relay.example/log",
                    path("request"));
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).contains("does not contain the checkpoint");
            assertThat(folder.resolve("log/checkpoint")).hasContent(published);
            Files.deleteIfExists(folder.resolve("log/receipts.log"));
        }
    }

    @Test
    void whatIsNotDurableDoesNotLeave() throws Exception {
        final CommitPolicy seldom = new CommitPolicy(1 << 30, Duration.ofHours(1));
        try (Arena arena = Arena.ofConfined();
                LogKey logKey = LogKey.ofSeed("relay.example/log", arena.allocate(32));
                StoredReceipts store = StoredReceipts.open(folder.resolve("log"), seldom, 1L << 30);
                ReceiptLog log = ReceiptLog.open(store, logKey, SigningMode.BATCH)) {
            key = logKey.verifierKey().toString();
            Files.writeString(folder.resolve("log/log.vkey"), key + "\n");
            appendOne(arena, log, logKey);
            store.commit();
            appendOne(arena, log, logKey);

            assertThat(run(0, "receipts", "list", "--log", path("log"))
                            .path("size")
                            .asLong())
                    .isEqualTo(2);
            assertThat(run(0, "receipts", "checkpoint", "--log", path("log"))
                            .path("size")
                            .asLong())
                    .isEqualTo(1);
            assertThat(ProgramRun.of("receipts", "prove", "--log", path("log"), "--index", "1", "--out", path("p"))
                            .exitCode())
                    .isEqualTo(2);
            store.commit();
            run(0, "receipts", "prove", "--log", path("log"), "--index", "1", "--out", path("p"));
        }
    }

    private static void appendOne(Arena arena, ReceiptLog log, LogKey logKey) {
        final ReceiptBatch batch = new ReceiptBatch(arena, 1);
        final ReceiptId id = new ReceiptId(1, log.size());
        batch.add(new Receipt(
                id,
                id,
                300,
                id,
                0,
                Hash.of(new byte[32]),
                0,
                logKey.verifierKey().keyId()));
        assertThat(log.append(batch)).isTrue();
    }

    @Test
    void aCheckpointNeedsItsWitnesses() throws Exception {
        append("batch", "request");
        run(0, "receipts", "checkpoint", "--log", path("log"), "--out", path("kept"));
        final byte[] stranger = new byte[32];
        Arrays.fill(stranger, (byte) 0x58);
        final String witness = VerifierKey.of("witness.example/w1", VerifierKey.Type.COSIGNATURE, stranger)
                .toString();

        refused(verify("--checkpoint", path("kept"), "--witness", witness));
        run(0, verify("--checkpoint", path("kept"), "--witness", witness, "--quorum", "0"));
    }

    @Test
    void oneWitnessNamedTwiceIsNoQuorumOfTwo() throws Exception {
        append("batch", "request");
        run(0, "receipts", "checkpoint", "--log", path("log"), "--out", path("kept"));
        final byte[] secondKey = new byte[32];
        Arrays.fill(secondKey, (byte) 0x58);
        final String one = VerifierKey.of("witness.example/w1", VerifierKey.Type.COSIGNATURE, secondKey)
                .toString();
        final String again = VerifierKey.of("witness.example/w2", VerifierKey.Type.COSIGNATURE, secondKey)
                .toString();

        misused("--checkpoint", path("kept"), "--witness", one, "--witness", one, "--quorum", "2");
        misused("--checkpoint", path("kept"), "--witness", one, "--witness", again, "--quorum", "2");
        misused("--checkpoint", path("kept"), "--witness", key, "--quorum", "1");
        misused("--checkpoint", path("kept"), "--quorum", "-1");
    }

    @Test
    void theOriginMayDifferFromTheKeysName() throws Exception {
        append("batch", "request");
        final String origin = key.substring(0, key.indexOf('+'));

        run(0, verify("--checkpoint", path("log/checkpoint"), "--origin", origin));
        refused(verify("--checkpoint", path("log/checkpoint"), "--origin", "another"));
    }

    @Test
    void aCheckpointOfAnotherOriginIsVerifiedByTheOriginThatWasGiven() throws Exception {
        final KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        final byte[] spki = pair.getPublic().getEncoded();
        final VerifierKey signer = VerifierKey.of(
                "log.example", VerifierKey.Type.NOTE, Arrays.copyOfRange(spki, SPKI.length, spki.length));
        final String text = new Checkpoint("a database tree", 1, Hash.of(new byte[Hash.LENGTH])).text();
        final Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(text.getBytes(StandardCharsets.UTF_8));
        final SignedNote note = new SignedNote(
                text, List.of(new SignedNote.Signature(signer.name(), signer.keyId(), signature.sign())));
        Files.writeString(folder.resolve("kept"), note.toString());
        key = signer.toString();

        run(0, verify("--checkpoint", path("kept"), "--origin", "a database tree"));
        refused(verify("--checkpoint", path("kept"), "--origin", "log.example"));
        refused(verify("--checkpoint", path("kept")));
    }
}

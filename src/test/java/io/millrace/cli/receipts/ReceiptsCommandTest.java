package io.millrace.cli.receipts;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import io.millrace.cli.console.InputFile;
import io.millrace.receipt.LogKey;
import io.millrace.receipt.Receipt;
import io.millrace.receipt.ReceiptBatch;
import io.millrace.receipt.ReceiptId;
import io.millrace.receipt.ReceiptLog;
import io.millrace.receipt.ReceiptSignature;
import io.millrace.receipt.SigningMode;
import io.millrace.receipt.StoredReceipts;
import io.millrace.store.CommitPolicy;
import io.millrace.tlog.Checkpoint;
import io.millrace.tlog.Hash;
import io.millrace.tlog.SignedNote;
import io.millrace.tlog.VerifierKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands end to end, as a user would; and the files against OpenSSL and Python. */
class ReceiptsCommandTest {
    /** DER before the 32 bytes of an Ed25519 public key: SubjectPublicKeyInfo of RFC 8410. */
    private static final byte[] SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final String PYTHON = """
        import base64, hashlib, sys
        h = lambda b: hashlib.sha256(b).digest()
        lines = open(sys.argv[2], encoding="utf-8").read().split("\\n")
        at = lines.index("")
        index = int(lines[1].split()[1])
        path = [base64.b64decode(x) for x in lines[2:at]]
        size, root = int(lines[at + 2]), base64.b64decode(lines[at + 3])
        node = h(b"\\0" + open(sys.argv[1], "rb").read())
        last = size - 1
        for sibling in path:
            while index % 2 == 0 and index == last:
                index //= 2; last //= 2
            node = h(b"\\1" + (sibling + node if index % 2 else node + sibling))
            index //= 2; last //= 2
        sys.exit(0 if node == root else 1)
        """;

    private static final long ZEROS = 128 << 20;

    /** SHA-256 of {@link #ZEROS} zero bytes, by sha256sum. */
    private static final String ZEROS_DIGEST = "254bcc3fc4f27172636df4bf32de9f107f620d559b20d760197e452b97453917";

    @TempDir
    private Path folder;

    private String key;

    @BeforeEach
    void makeKeys() throws IOException {
        assertThat(ProgramRun.of("keygen", path("r1.key")).exitCode()).isZero();
        Files.writeString(folder.resolve("request"), "please");
        Files.writeString(folder.resolve("other"), "again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"batch", "single"})
    void everythingThatIsProvedIsVerifiedByFilesAlone(String mode) throws Exception {
        append(mode, "request", "other", "request");
        run(0, "receipts", "checkpoint", "--log", path("log"), "--out", path("early"));
        append(mode, "other", "other");
        assertThat(run(0, "receipts", "list", "--log", path("log")).path("receipts"))
                .hasSize(5);
        run(0, "receipts", "prove", "--log", path("log"), "--index", "3", "--out", path("three"));
        run(0, "receipts", "prove", "--log", path("log"), "--since", "3", "--out", path("grown"));
        Files.move(folder.resolve("log"), folder.resolve("gone"));

        run(0, verify("--receipt", path("three.receipt"), "--proof", path("three.tlog-proof")));
        run(0, verify("--checkpoint", path("early")));
        run(0, verify("--checkpoint", path("early"), "--consistency", path("grown.consistency")));
        run(0, verify("--log", path("gone"), "--checkpoint", path("early")));
        if (mode.equals("single")) {
            run(0, verify("--receipt", path("three.receipt"), "--signature", path("three.sig")));
        }
    }

    /** In a process whose heap is smaller than the file. */
    @Test
    void aRequestLargerThanMemoryGetsItsReceipt() throws Exception {
        try (FileChannel huge =
                FileChannel.open(folder.resolve("huge"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            huge.write(ByteBuffer.allocate(1), ZEROS - 1);
        }
        final List<String> command =
                ProgramRun.commandOf("receipts", "append", "--log", path("log"), "--key", path("r1.key"), path("huge"));
        command.add(1, "-Xmx48m");

        final ProgramRun append = ProgramRun.ofProcess(new ProcessBuilder(command));

        assertThat(append.exitCode()).as(append.err()).isZero();
        assertThat(run(0, "receipts", "list", "--log", path("log"))
                        .at("/receipts/0/requestDigest")
                        .asText())
                .isEqualTo(ZEROS_DIGEST);
    }

    @Test
    void aFileThatIsNoProofIsNotReadWhole() throws Exception {
        append("batch", "request");
        Files.write(folder.resolve("long"), new byte[InputFile.MAX_LENGTH + 1]);

        final ProgramRun run = ProgramRun.of(verify("--checkpoint", path("long")));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("longer than").hasLineCount(1);
    }

    @Test
    void whatWasTamperedWithIsRefused() throws Exception {
        append("single", "request", "other");
        run(0, "receipts", "prove", "--log", path("log"), "--index", "1", "--out", path("one"));
        run(0, "receipts", "checkpoint", "--log", path("log"), "--out", path("kept"));

        final byte[] receipt = Files.readAllBytes(folder.resolve("one.receipt"));
        receipt[10] ^= 1;
        Files.write(folder.resolve("changed.receipt"), receipt);
        refused(verify("--receipt", path("changed.receipt"), "--proof", path("one.tlog-proof")));
        refused(verify("--receipt", path("changed.receipt"), "--signature", path("one.sig")));
        final String proof = Files.readString(folder.resolve("one.tlog-proof"));
        Files.writeString(folder.resolve("moved.tlog-proof"), proof.replace("index 1", "index 0"));
        refused(verify("--receipt", path("one.receipt"), "--proof", path("moved.tlog-proof")));
        Files.writeString(
                folder.resolve("larger"),
                Files.readString(folder.resolve("kept")).replace("\n2\n", "\n3\n"));
        refused(verify("--checkpoint", path("larger")));
        for (String damage : List.of("FF", "FEFF")) {
            damage("one.tlog-proof", damage);
            refused(verify("--receipt", path("one.receipt"), "--proof", path("damaged")));
            damage("kept", damage);
            refused(verify("--checkpoint", path("damaged")));
            refused(verify("--checkpoint", path("kept"), "--consistency", path("damaged")));
            refused(verify("--log", path("log"), "--checkpoint", path("damaged")));
        }

        ProgramRun.of("keygen", path("r2.key"));
        final String other = ProgramRun.of(
                        "receipts",
                        "append",
                        "--json",
                        "--log",
                        path("log2"),
                        "--key",
                        path("r2.key"),
                        "--origin",
                        "relay.example/log",
                        path("request"))
                .json()
                .path("key")
                .asText();
        refused("receipts", "verify", "--json", "--key", other, "--checkpoint", path("kept"));
        refused(verify("--log", path("log2")));
    }

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
    void anOptionThatIsNotReadIsRefused() throws Exception {
        append("single", "request");
        run(0, "receipts", "prove", "--log", path("log"), "--index", "0", "--out", path("p"));
        final String receipt = path("p.receipt");
        final String proof = path("p.tlog-proof");
        final String other = path("other");

        misused("--receipt", other, "--log", path("log"));
        misused("--checkpoint", path("log/checkpoint"), "--signature", other);
        misused("--checkpoint", path("log/checkpoint"), "--proof", other);
        misused("--receipt", receipt, "--proof", proof, "--checkpoint", other);
        misused("--receipt", receipt, "--proof", proof, "--consistency", other);
        misused("--receipt", receipt, "--proof", proof, "--log", path("none"));
        misused("--log", path("log"), "--consistency", other);
        misused("--receipt", receipt, "--signature", path("p.sig"), "--quorum", "0");
        misused("--log", path("log"), "--origin", "another");
        misused("--consistency", other);
        run(0, verify("--receipt", receipt, "--proof", proof, "--signature", path("p.sig")));
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

    @Test
    void wrongUsageIsOneLineAndExitCodeTwo() {
        assertThat(ProgramRun.of("receipts").exitCode()).isEqualTo(2);
        assertThat(ProgramRun.of("receipts", "list", "--log", path("none")).exitCode())
                .isEqualTo(2);
        assertThat(ProgramRun.of("receipts", "verify", "--key", "a+b+c", "--checkpoint", path("none"))
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void opensslAcceptsTheSignatures() throws Exception {
        append("single", "request", "other", "request");
        run(0, "receipts", "prove", "--log", path("log"), "--index", "2", "--out", path("two"));
        run(0, "receipts", "checkpoint", "--log", path("log"), "--out", path("kept"));
        assumeTrue(isInstalled("openssl", "version"), "openssl is not installed");
        final VerifierKey verifier = VerifierKey.parse(key);
        Files.write(folder.resolve("key.der"), concatenate(SPKI, verifier.publicKey()));
        final SignedNote note = SignedNote.parse(Files.readAllBytes(folder.resolve("kept")));
        Files.write(folder.resolve("text"), note.text().getBytes(StandardCharsets.UTF_8));
        Files.write(folder.resolve("text.sig"), note.signatures().getFirst().bytes());
        final byte[] placed = Files.readAllBytes(folder.resolve("two.sig"));
        final byte[] place = Arrays.copyOf(placed, ReceiptSignature.PLACE_LENGTH);
        Files.write(
                folder.resolve("message.sig"),
                Arrays.copyOfRange(placed, ReceiptSignature.PLACE_LENGTH, ReceiptSignature.LENGTH));
        Files.write(
                folder.resolve("message"),
                concatenate(
                        concatenate(ReceiptSignature.PREFIX.getBytes(StandardCharsets.US_ASCII), place),
                        Files.readAllBytes(folder.resolve("two.receipt"))));

        assertThat(openssl("text", "text.sig")).isZero();
        assertThat(openssl("message", "message.sig")).isZero();
        assertThat(openssl("message", "text.sig")).isNotZero();
    }

    @Test
    void pythonFindsTheSameRoot() throws Exception {
        append("batch", "request", "other", "request", "other", "request", "other", "request");
        assumeTrue(isInstalled("python3", "--version"), "python3 is not installed");
        for (int index = 0; index < 7; index++) {
            run(0, "receipts", "prove", "--log", path("log"), "--index", "" + index, "--out", path("p" + index));
            assertThat(python("p" + index + ".receipt", "p" + index + ".tlog-proof"))
                    .isZero();
        }
        assertThat(python("p0.receipt", "p1.tlog-proof")).isNotZero();
    }

    private void append(String mode, String... requests) throws IOException {
        final List<String> args = new ArrayList<>(List.of("receipts", "append", "--log", path("log")));
        args.addAll(List.of("--key", path("r1.key"), "--origin", "relay.example/log", "--mode", mode));
        for (String request : requests) {
            args.add(path(request));
        }
        key = run(0, args.toArray(String[]::new)).path("key").asText();
    }

    private JsonNode run(int exitCode, String... args) throws IOException {
        final List<String> all = new ArrayList<>(List.of(args));
        if (!all.contains("--json")) {
            all.add("--json");
        }
        final ProgramRun run = ProgramRun.of(all.toArray(String[]::new));
        assertThat(run.exitCode()).as("%s: %s%s", all, run.out(), run.err()).isEqualTo(exitCode);
        return run.json();
    }

    private void refused(String... args) throws IOException {
        final JsonNode json = run(1, args);
        assertThat(json.path("verified").asBoolean(true)).isFalse();
        assertThat(json.path("fault").asText()).isNotEmpty();
    }

    /** Copies a file to "damaged", with other bytes at its start. */
    private void damage(String name, String hex) throws IOException {
        final byte[] start = HexFormat.of().parseHex(hex);
        final byte[] bytes = Files.readAllBytes(folder.resolve(name));
        System.arraycopy(start, 0, bytes, 0, start.length);
        Files.write(folder.resolve("damaged"), bytes);
    }

    private void misused(String... args) {
        final ProgramRun run = ProgramRun.of(verify(args));
        assertThat(run.exitCode()).as("%s: %s", List.of(args), run.err()).isEqualTo(2);
    }

    private String[] verify(String... args) {
        final List<String> all = new ArrayList<>(List.of("receipts", "verify", "--key", key));
        all.addAll(List.of(args));
        return all.toArray(String[]::new);
    }

    private void copyLog(String to) throws IOException {
        Files.createDirectory(folder.resolve(to));
        try (var files = Files.list(folder.resolve("log"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(to).resolve(file.getFileName()));
            }
        }
    }

    private int openssl(String message, String signature) throws Exception {
        return ProgramRun.ofProcess(new ProcessBuilder(
                        "openssl",
                        "pkeyutl",
                        "-verify",
                        "-pubin",
                        "-inkey",
                        path("key.der"),
                        "-keyform",
                        "DER",
                        "-rawin",
                        "-in",
                        path(message),
                        "-sigfile",
                        path(signature)))
                .exitCode();
    }

    private int python(String receipt, String proof) throws Exception {
        return ProgramRun.ofProcess(new ProcessBuilder("python3", "-c", PYTHON, path(receipt), path(proof)))
                .exitCode();
    }

    private static boolean isInstalled(String... command) throws InterruptedException {
        try {
            return ProgramRun.ofProcess(new ProcessBuilder(command)).exitCode() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static byte[] concatenate(byte[] first, byte[] second) {
        final ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }
}

package io.millrace.cli.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.ProgramRun;
import io.millrace.cli.console.InputFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands end to end, as a user would run them. */
class ReceiptsCommandTest extends ReceiptsFixture {
    private static final long ZEROS = 128 << 20;

    /** SHA-256 of {@link #ZEROS} zero bytes, by sha256sum. */
    private static final String ZEROS_DIGEST = "254bcc3fc4f27172636df4bf32de9f107f620d559b20d760197e452b97453917";

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

    @Test
    void theListGivesTheIdsThatFindTakes() throws Exception {
        append("batch", "request", "other");
        final String id = run(0, "receipts", "list", "--log", path("log"))
                .at("/receipts/1/operationId")
                .asText();

        assertThat(id).hasSize(32);
        assertThat(ProgramRun.of("receipts", "list", "--log", path("log")).out())
                .contains(" operation id ", id);
        assertThat(run(0, "receipts", "find", "--log", path("log"), id)
                        .at("/receipt/index")
                        .asInt())
                .isEqualTo(1);
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
    void wrongUsageIsOneLineAndExitCodeTwo() {
        assertThat(ProgramRun.of("receipts").exitCode()).isEqualTo(2);
        assertThat(ProgramRun.of("receipts", "list", "--log", path("none")).exitCode())
                .isEqualTo(2);
        assertThat(ProgramRun.of("receipts", "verify", "--key", "a+b+c", "--checkpoint", path("none"))
                        .exitCode())
                .isEqualTo(2);
    }
}

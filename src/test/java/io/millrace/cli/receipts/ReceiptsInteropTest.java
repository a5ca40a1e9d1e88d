package io.millrace.cli.receipts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.cli.ProgramRun;
import io.millrace.receipt.ReceiptSignature;
import io.millrace.tlog.SignedNote;
import io.millrace.tlog.VerifierKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The files of receipts against OpenSSL and Python. */
class ReceiptsInteropTest extends ReceiptsFixture {
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
}

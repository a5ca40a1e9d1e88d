package io.millrace.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import io.millrace.cli.delays.ProbeFile;
import io.millrace.crypto.SecretKey;
import io.millrace.node.config.ConfigFile;
import io.millrace.node.keys.PskFile;
import io.millrace.test.OwnerFile;
import io.millrace.text.TextFile;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every text that people give to the program, saved by every kind of editor: the same text has the same effect. */
class TextInputsTest {
    private static final String AB_32 = "ab".repeat(32);

    /** How an editor saves a file. */
    enum Editor {
        PLAIN("", "\n"),
        BYTE_ORDER_MARK("\ufeff", "\n"),
        CARRIAGE_RETURNS("", "\r\n"),
        BOTH("\ufeff", "\r\n");

        private final String begin;
        private final String lineEnd;

        Editor(String begin, String lineEnd) {
            this.begin = begin;
            this.lineEnd = lineEnd;
        }

        Path save(Path file) throws IOException {
            return save(file, Files.readString(file));
        }

        Path save(Path file, String text) throws IOException {
            return OwnerFile.write(file, begin + text.replace("\n", lineEnd));
        }
    }

    @TempDir
    private Path folder;

    private JsonNode identity;

    @BeforeEach
    void makeKey() throws IOException {
        identity = run(0, "keygen", "--json", path("r1.key")).json();
    }

    @ParameterizedTest
    @EnumSource
    void relaysAndClientsFilesAndTheSecretsThatTheyName(Editor editor) throws IOException {
        editor.save(folder.resolve("link.psk"), AB_32 + "\n");
        final String peers = """
            [[peer]]
            name = "r2"
            public-key = "%s"
            psk-file = "link.psk"
            address = "127.0.0.1:9002"
            """.formatted(AB_32.toUpperCase(Locale.ROOT));
        final Path relay = editor.save(
                folder.resolve("r1.toml"), "[relay]\nname = \"r1\"\nlisten = \"[::1]:0\"\nkey = \"r1.key\"\n" + peers);
        final Path client = editor.save(
                folder.resolve("c.toml"),
                "[client]\nname = \"c\"\nlisten = \"127.0.0.1:0\"\nkey = \"r1.key\"\n" + peers);

        assertThat(ConfigFile.relay(relay).peers().getFirst().publicKey()).contains(AB_32);
        assertThat(ConfigFile.client(client).peers().getFirst().name()).isEqualTo("r2");
        try (SecretKey psk = PskFile.read(folder.resolve("link.psk"))) {
            assertThat(psk.segment().toArray(ValueLayout.JAVA_BYTE)).containsOnly(0xab);
        }
    }

    @ParameterizedTest
    @EnumSource
    void keyFiles(Editor editor) throws IOException {
        editor.save(folder.resolve("r1.key"));

        assertThat(run(0, "keygen", "--json", "--show", path("r1.key")).json()).isEqualTo(identity);
    }

    @ParameterizedTest
    @EnumSource
    void actorsAndOperations(Editor editor) throws IOException {
        editor.save(
                folder.resolve("actors.toml"),
                "[[actor]]\nname = \"a\"\npublic-key = \"%s\"\n"
                        .formatted(identity.path("actorKey").asText().toUpperCase(Locale.ROOT)));
        editor.save(folder.resolve("operations"), "[\"set\",\"k\",\"v\"]\n\n[\"set\",\"l\",\"w\"]\n");

        run(
                0,
                "twin",
                "apply",
                path("doc.cbor"),
                "--key",
                path("r1.key"),
                "--actors",
                path("actors.toml"),
                "--twin",
                "AB".repeat(16),
                "--operations",
                path("operations"));

        final JsonNode shown =
                run(0, "twin", "show", "--json", path("doc.cbor")).json();
        assertThat(shown.path("properties").toString()).isEqualTo("{\"k\":\"v\",\"l\":\"w\"}");
        assertThat(shown.path("twin").asText()).isEqualTo("ab".repeat(16));
    }

    @ParameterizedTest
    @EnumSource
    void checkpointsProofsAndVerifierKeys(Editor editor) throws IOException {
        Files.writeString(folder.resolve("request"), "please");
        final String[] append = {
            "receipts",
            "append",
            "--log",
            path("log"),
            "--key",
            path("r1.key"),
            "--actor",
            "AB".repeat(16),
            path("request"),
            path("request")
        };
        run(0, append);
        run(0, "receipts", "checkpoint", "--log", path("log"), "--out", path("kept"));
        run(0, append);
        run(0, "receipts", "prove", "--log", path("log"), "--index", "1", "--out", path("one"));
        run(0, "receipts", "prove", "--log", path("log"), "--since", "2", "--out", path("grown"));
        for (String name : new String[] {"kept", "one.tlog-proof", "grown.consistency", "log/log.vkey"}) {
            editor.save(folder.resolve(name));
        }

        final String key = path("log/log.vkey");
        run(0, "receipts", "verify", "--key", key, "--checkpoint", path("kept"));
        run(0, "receipts", "verify", "--key", key, "--receipt", path("one.receipt"), "--proof", path("one.tlog-proof"));
        run(
                0,
                "receipts",
                "verify",
                "--key",
                key,
                "--checkpoint",
                path("kept"),
                "--consistency",
                path("grown.consistency"));
        editor.save(folder.resolve("log/checkpoint"));
        run(0, append);
        final String[] parts =
                TextFile.read(folder.resolve("log/log.vkey"), 1_000).strip().split("\\+", 3);
        final String capitals = parts[0] + "+" + parts[1].toUpperCase(Locale.ROOT) + "+" + parts[2];
        run(0, "receipts", "verify", "--key", capitals, "--checkpoint", path("kept"));
    }

    @ParameterizedTest
    @EnumSource
    void probes(Editor editor) throws IOException {
        final String hop = "{\"relay\":\"%s\",\"epoch\":7,\"tag\":\"%s\"}"
                .formatted(identity.path("identity").asText().toUpperCase(Locale.ROOT), "AB".repeat(16));
        final Path file =
                editor.save(folder.resolve("probes"), ("{\"elapsedNs\":123,\"hops\":[" + hop + "]}\n").repeat(2));

        assertThat(ProbeFile.read(file)).hasSize(2);
        assertThat(ProbeFile.read(file).getFirst().hops().getFirst().tagLow()).isEqualTo(0xababababababababL);
    }

    @ParameterizedTest
    @EnumSource
    void testVectors(Editor editor) throws IOException {
        Files.createDirectory(folder.resolve("vectors"));
        editor.save(folder.resolve("vectors/unknown.json"), "{\n\"a\": 1\n}\n");

        final ProgramRun run = ProgramRun.of("vectors", path("vectors"));

        assertThat(run.err() + run.out()).doesNotContain("not valid JSON");
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private static ProgramRun run(int exitCode, String... args) {
        final ProgramRun run = ProgramRun.of(args);
        assertThat(run.exitCode()).as(run.err() + run.out()).isEqualTo(exitCode);
        return run;
    }
}

package io.millrace.cli.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import io.millrace.cli.ProgramRun;
import io.millrace.node.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeygenCommandTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("r1.key");
    }

    @Test
    void writesAPrivateFileAndPrintsThePublicPart() throws IOException {
        final ProgramRun run = ProgramRun.of("keygen", "--json", file.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        final JsonNode secrets = new TomlMapper().readTree(Files.readString(file));
        assertThat(secrets.path("sphinx-secret").asText()).matches("[0-9a-f]{64}");
        assertThat(secrets.path("signing-seed").asText())
                .matches("[0-9a-f]{64}")
                .isNotEqualTo(secrets.path("sphinx-secret").asText());
        assertThat(run.json().path("relayId").asText()).matches("[0-9a-f]{32}");
        assertThat(run.json().path("publicKey").asText()).matches("[0-9a-f]{64}");
        assertThat(run.json().path("vrfPublicKey").asText()).matches("[0-9a-f]{64}");
        secrets.forEach(secret -> assertThat(run.out() + run.err()).doesNotContain(secret.asText()));
    }

    @Test
    void derivesThePublicPartAsTheStandardsSay() throws IOException {
        // Alice of RFC 7748 section 6.1; the seed of TEST 1 of RFC 8032 section 7.1 as root. The keys of the roles are
        // computed with HMAC-SHA256 and Ed25519 in Python.
        writeKeys("""
            # comment

            signing-seed="9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
            sphinx-secret  =  "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2A"\s
            """);

        final JsonNode shown =
                ProgramRun.of("keygen", "--show", "--json", file.toString()).json();

        assertThat(shown.path("publicKey").asText())
                .isEqualTo("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
        assertThat(shown.path("identity").asText())
                .isEqualTo("86a3bbbf09507d551953580c01b7c720c44ae82660d36e2e704f612f0755f4b4");
        assertThat(shown.path("identityId").asText()).isEqualTo("bf8e542d071d6e20cae1e194bb2a5cb1");
        assertThat(shown.path("vrfPublicKey").asText())
                .isEqualTo("c48b3f098f254185cdc638cc59c5605b40f87e1fb6bebc920daa6e4bfad3d033");
        assertThat(shown.path("actorKey").asText())
                .isEqualTo("fbeaef868206ef1ff5d291bfd527720a8c764fa4171400ba47275545f65748b4");
    }

    @Test
    void noTwoRolesShareAKey() throws IOException {
        final JsonNode keys = ProgramRun.of("keygen", "--json", file.toString()).json();

        final Set<String> distinct = new TreeSet<>();
        for (String role : List.of("identity", "publicKey", "linkKey", "vrfPublicKey", "actorKey")) {
            assertThat(keys.path(role).asText()).as(role).matches("[0-9a-f]{64}");
            distinct.add(keys.path(role).asText());
        }
        assertThat(distinct).hasSize(5);
    }

    @Test
    void whatItWroteItCanShow() throws IOException {
        final JsonNode written =
                ProgramRun.of("keygen", "--json", file.toString()).json();

        assertThat(ProgramRun.of("keygen", "--json", "--show", file.toString()).json())
                .isEqualTo(written);
    }

    @Test
    void itsSnippetCanBePastedIntoAPeersConfiguration() throws IOException {
        final ProgramRun run = ProgramRun.of("keygen", file.toString());
        final String snippet = run.out().substring(run.out().lastIndexOf("[[peer]]"));
        final String ofRelay = run.out()
                .substring(
                        run.out().indexOf("[[peer]]"),
                        run.out().indexOf("For the configuration", run.out().indexOf("[[peer]]")));
        final Path relays = Files.writeString(
                folder.resolve("r3.toml"),
                "[relay]\nname = \"r3\"\nlisten = \"127.0.0.1:0\"\nkey = \"r3.key\"\n"
                        + ofRelay.replace("HOST:PORT", "127.0.0.1:9001").replace("URL or FOLDER", "r1.public"));
        assertThat(ConfigFile.relay(relays).peers()).singleElement().satisfies(peer -> {
            assertThat(run.out()).contains(peer.rolling().orElseThrow().identity());
            assertThat(peer.isLinked()).isTrue();
        });
        final Path config = folder.resolve("r2.toml");
        Files.writeString(
                config,
                "[relay]\nname = \"r2\"\nlisten = \"127.0.0.1:0\"\nkey = \"r2.key\"\n"
                        + snippet.replace("HOST:PORT", "127.0.0.1:9001"));

        assertThat(ConfigFile.relay(config).peers()).singleElement().satisfies(peer -> {
            assertThat(peer.name()).isEqualTo("r1");
            assertThat(run.out()).contains(peer.publicKey().orElseThrow());
            assertThat(run.out()).contains(peer.linkKey().orElseThrow());
            assertThat(peer.isLinked()).isTrue();
        });
    }

    @Test
    void leavesAFileAloneUnlessForced() throws IOException {
        Files.writeString(file, "precious");

        final ProgramRun refused = ProgramRun.of("keygen", file.toString());
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("--force", file.toString()).hasLineCount(1);
        assertThat(file).hasContent("precious");

        assertThat(ProgramRun.of("keygen", "--force", file.toString()).exitCode())
                .isZero();
        assertThat(ProgramRun.of("keygen", "--show", file.toString()).exitCode())
                .isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aPskGoesToStdoutOnlyWithoutAFile() throws IOException {
        final ProgramRun first = ProgramRun.of("keygen", "--psk");
        final ProgramRun second = ProgramRun.of("keygen", "--psk", "--json");

        assertThat(first.out().strip()).matches("[0-9a-f]{64}");
        assertThat(second.json().path("psk").asText())
                .matches("[0-9a-f]{64}")
                .isNotEqualTo(first.out().strip());
    }

    @Test
    void wrongUsageIsRefused() {
        assertRefused("a key file is missing", "keygen");
        assertRefused("exclude each other", "keygen", "--psk", "--show");
        assertRefused("no such file", "keygen", "--show", file.toString());
        assertRefused(
                "no such folder",
                "keygen",
                folder.resolve("nothing").resolve("k").toString());
    }

    @Test
    void aFileThatOthersCanReadIsRefused() throws IOException {
        writeKeys("");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertRefused("chmod 600", "keygen", "--show", file.toString());
    }

    @Test
    void noRefusalOfAKeyFileQuotesIt() throws IOException {
        final String secret = "0123456789abcdef".repeat(4);
        final String good = "sphinx-secret = \"" + secret + "\"\nsigning-seed = \"" + secret + "\"\n";
        for (final String wrong : new String[] {
            "",
            good.replace("signing-seed", "sining-seed"),
            good.replace("cdef\"", "cde\""),
            good.replace("cdef\"", "cdxx\""),
            good.replace("cdef\"", "cdef"),
            good.replace("= \"", "\""),
            good + good,
            good + "more = 1",
            good.replace("\"\n", "\" more\n"),
        }) {
            writeKeys(wrong);
            final ProgramRun run = ProgramRun.of("keygen", "--show", file.toString());
            assertThat(run.exitCode()).as(wrong).isEqualTo(2);
            assertThat(run.err())
                    .as(wrong)
                    .contains("not a key file")
                    .doesNotContain("01234567", "89ab")
                    .hasLineCount(1);
        }
        writeKeys(good);
        assertThat(ProgramRun.of("keygen", "--show", file.toString()).exitCode())
                .isZero();
    }

    private void writeKeys(String content) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, content);
    }

    private static void assertRefused(String why, String... args) {
        final ProgramRun run = ProgramRun.of(args);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(why).hasLineCount(1);
    }
}

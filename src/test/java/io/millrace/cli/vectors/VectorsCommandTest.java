package io.millrace.cli.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import io.millrace.natives.LanesLevel;
import io.millrace.natives.LanesLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command end to end over folders with one or two known answers from the RFCs, right and wrong. */
class VectorsCommandTest {
    // RFC 5869 appendix A.1.
    private static final String HKDF = """
        [{"hash": "SHA-256", "ikm": "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
          "salt": "000102030405060708090a0b0c", "info": "f0f1f2f3f4f5f6f7f8f9", "l": "42",
          "prk": "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
          "okm": "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"}]
        """;

    // RFC 7748 section 5.2, first vector, in the form of Wycheproof.
    private static final String X25519 = """
        {"schema": "xdh_comp_schema_v1.json", "algorithm": "XDH", "numberOfTests": 1,
         "testGroups": [{"curve": "curve25519", "tests": [{"tcId": 7, "result": "acceptable", "flags": ["Twist"],
           "public": "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
           "private": "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
           "shared": "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"}]}]}
        """;

    // RFC 8032 section 7.1 TEST 1, in the form of Wycheproof.
    private static final String ED25519 = """
        {"schema": "eddsa_verify_schema_v1.json", "algorithm": "EDDSA", "numberOfTests": 1,
         "testGroups": [{"publicKey": {"curve": "edwards25519",
           "pk": "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"},
           "tests": [{"tcId": 3, "result": "valid", "flags": [], "msg": "",
           "sig": "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"}]}]}
        """;

    // RFC 9381 appendix B.3, example 16.
    private static final String ECVRF = """
        {"ECVRF-EDWARDS25519-SHA512-TAI": [{"example": "16",
          "sk": "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
          "pk": "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "alpha": "",
          "pi": "8657106690b5526245a92b003bb079ccd1a92130477671f6fc01ad16f26f723f26f8a57ccaed74ee1b190bed1f479d97\
        27d2d0f9b005a6e456a35d4fb0daab1268a1b0db10836d9826a528ca76567805",
          "beta": "90cf1df3b703cce59e2a35b925d411164068269d7b2d29f3301c03dd757876ff66b71dda49d2de59d03450451af02679\
        8e8f81cd2e333de5cdf4f3e140fdd8ae"}]}
        """;

    @TempDir
    private Path folder;

    @Test
    void rightVectorsPassInFoldersBelowToo() throws IOException {
        write("a/hkdf.json", HKDF);
        write("b/c/anything.json", X25519);
        write("ed.json", ED25519);
        write("README.md", "not a vector file");

        final ProgramRun run = ProgramRun.of("vectors", "--json", "--provider", "sodium", folder.toString());

        assertThat(run.exitCode()).isZero();
        final JsonNode report = run.json();
        assertThat(report.path("passed").asInt()).isEqualTo(3);
        assertThat(report.path("failed").asInt()).isZero();
        assertThat(report.path("provider").asText()).isEqualTo("sodium");
        assertThat(report.path("files")).hasSize(3);
        assertThat(report.at("/files/0/file").asText()).isEqualTo("a/hkdf.json");
        assertThat(report.at("/files/0/shape").asText()).isEqualTo("rfc 5869 hkdf");
        assertThat(report.at("/files/0/status").asText()).isEqualTo("passed");
    }

    @Test
    void runsEveryProviderAndSaysWhichWereCovered() throws IOException {
        write("x.json", X25519);
        final List<String> here = new ArrayList<>();
        final List<String> elsewhere = new ArrayList<>();
        for (LanesLevel level : LanesLevel.values()) {
            final boolean runs = LanesLibrary.level().filter(level::runsWhere).isPresent();
            (runs ? here : elsewhere).add("lanes:" + level.word());
        }
        here.add("sodium");

        final ProgramRun people = ProgramRun.of("vectors", "--provider", "all", folder.toString());
        final ProgramRun json = ProgramRun.of("vectors", "--json", "--provider", "all", folder.toString());

        assertThat(people.exitCode()).isZero();
        assertThat(people.out().lines().toList().getLast())
                .isEqualTo("covered: " + String.join(", ", here) + "; not on this machine: "
                        + String.join(", ", elsewhere));
        assertThat(json.json().path("covered").valueStream().map(JsonNode::asText))
                .containsExactlyElementsOf(here);
        assertThat(json.json().path("absent").properties().stream().map(Map.Entry::getKey))
                .containsExactlyElementsOf(elsewhere);
        assertThat(json.json().path("runs"))
                .hasSameSizeAs(here)
                .allMatch(run -> run.path("passed").asInt() == 1);
        write("x.json", X25519.replace("c3da55", "c3da56"));
        assertThat(ProgramRun.of("vectors", "--provider", "all", folder.toString())
                        .exitCode())
                .isEqualTo(1);
    }

    @Test
    void aWrongVectorFailsAndIsNamed() throws IOException {
        write("good.json", HKDF);
        write("planted.json", X25519.replace("c3da55", "c3da56"));

        final ProgramRun people = ProgramRun.of("vectors", folder.toString());
        final ProgramRun json = ProgramRun.of("vectors", "--json", folder.toString());

        assertThat(people.exitCode()).isEqualTo(1);
        assertThat(people.out()).contains("planted.json: tcId 7: ", "1 passed, 1 failed");
        assertThat(json.exitCode()).isEqualTo(1);
        assertThat(json.json().at("/files/1/failures/0/id").asText()).isEqualTo("tcId 7");
        assertThat(json.json().at("/files/1/status").asText()).isEqualTo("failed");
    }

    @Test
    void aWrongVerdictFails() throws IOException {
        write("planted.json", ED25519.replace("\"valid\"", "\"invalid\""));

        final ProgramRun run = ProgramRun.of("vectors", folder.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("tcId 3: verification accepted an input that it must refuse");
    }

    @Test
    void vrfProofsAreMadeAndChecked() throws IOException {
        write("vrf.json", ECVRF);
        assertThat(ProgramRun.of("vectors", folder.toString()).exitCode()).isZero();

        write("vrf.json", ECVRF.replace("\"beta\": \"90", "\"beta\": \"91"));
        assertThat(ProgramRun.of("vectors", folder.toString()).out()).contains("example 16: prover's output");

        write("vrf.json", ECVRF.replace("-TAI", "-SSWU"));
        assertThat(ProgramRun.of("vectors", folder.toString()).out())
                .contains("1 no suite ECVRF-EDWARDS25519-SHA512-SSWU");
    }

    @Test
    void aProofThatMustBeRefusedIsRefused() throws IOException {
        final String proof = ECVRF.substring(ECVRF.indexOf("\"pk\""), ECVRF.indexOf("}]"));
        final String refusal = "{\"negative\": [{\"suite\": \"ECVRF-EDWARDS25519-SHA512-TAI\", \"why\": \"planted\","
                + " \"expected\": \"INVALID\", " + proof + "}]}";
        write("refusals.json", refusal.replace("\"alpha\": \"\"", "\"alpha\": \"00\""));
        assertThat(ProgramRun.of("vectors", folder.toString()).exitCode()).isZero();

        write("refusals.json", refusal);
        final ProgramRun run = ProgramRun.of("vectors", folder.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("case 1 (planted): verification accepted an input that it must refuse");
    }

    @Test
    void aSharedSecretOfZeroMustBeFlagged() throws IOException {
        // u = 0 is of low order: accepted only where the flag says that it must be refused.
        final String zero =
                X25519.replace("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c", "00".repeat(32));
        write("zero.json", zero);
        assertThat(ProgramRun.of("vectors", folder.toString()).out()).contains("refused a valid input");

        write("zero.json", zero.replace("Twist", "ZeroSharedSecret"));
        assertThat(ProgramRun.of("vectors", folder.toString()).exitCode()).isZero();
    }

    @Test
    void aCaseWithoutAFieldFails() throws IOException {
        write("hkdf.json", HKDF.replaceFirst("}]", "}, {\"hash\": \"SHA-256\", \"l\": 1}]"));

        final ProgramRun run = ProgramRun.of("vectors", folder.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("hkdf.json: case 2: malformed: no value under salt", "1 passed, 1 failed");
    }

    @Test
    void aTruncatedWycheproofFileFails() throws IOException {
        write("x.json", X25519.replace("\"numberOfTests\": 1", "\"numberOfTests\": 2"));

        final ProgramRun run = ProgramRun.of("vectors", folder.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("numberOfTests=2");
    }

    @Test
    void anUnknownShapeIsSaidAndIsNoSuccessUnlessAllowed() throws IOException {
        write("known.json", HKDF);
        write("other.json", "{\"colour\": 1}");
        write("other.rsp", "COUNT = 0");
        write("README", "prose");
        Files.write(folder.resolve("capture.pcap"), new byte[] {(byte) 0xD4, (byte) 0xC3, (byte) 0xB2, (byte) 0xA1});
        write("notes.md", "{}");

        final ProgramRun run = ProgramRun.of("vectors", folder.toString());
        final ProgramRun json = ProgramRun.of("vectors", "--json", folder.toString());
        final ProgramRun allowed = ProgramRun.of("vectors", "--allow-unknown", folder.toString());

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out().lines().toList().getLast())
                .startsWith("1 passed, 0 failed, 0 skipped; 3 files of unknown shape, 0 damaged");
        assertThat(allowed.exitCode()).isZero();
        assertThat(allowed.out().lines().toList().getLast()).contains("3 files of unknown shape");
        assertThat(json.exitCode()).isEqualTo(3);
        assertThat(json.json().path("unknown").asInt()).isEqualTo(3);
        final JsonNode other = json.json().at("/files/2");
        assertThat(other.path("status").asText()).isEqualTo("skipped");
        assertThat(other.path("reasons").has("unknown shape: {colour}")).isTrue();
        assertThat(json.json().at("/files/3/reasons").has("not valid JSON")).isTrue();
    }

    @Test
    void aCutFileIsDamagedAlsoWhereUnknownOnesAreAllowed() throws IOException {
        write("known.json", HKDF);
        for (int length = 0; length < HKDF.stripTrailing().length(); length += 5) {
            write("cut.json", HKDF.substring(0, length));
            final ProgramRun run = ProgramRun.of("vectors", "--allow-unknown", folder.toString());
            assertThat(run.exitCode()).as("cut at " + length).isEqualTo(3);
            assertThat(run.out())
                    .containsPattern("cut.json +\\| unknown")
                    .contains("; 0 files of unknown shape, 1 damaged");
        }
    }

    @Test
    void anotherFormatThatBeginsAsJsonDoesIsUnknown() throws IOException {
        write("known.json", HKDF);
        write("cavp.rsp", "[L = 32]\n\nLen = 0\nMsg = 00\n");
        write("settings.ini", "[vectors]\ncount=1\n");
        write("table.toml", "[[case]]\nid = 1\n");
        write("lines.jsonl", "{\"a\": 1}\n{\"a\": 2}\n");

        final ProgramRun run = ProgramRun.of("vectors", folder.toString());
        final ProgramRun allowed = ProgramRun.of("vectors", "--allow-unknown", folder.toString());

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out()).contains("; 4 files of unknown shape, 0 damaged");
        assertThat(allowed.exitCode()).as(allowed.out()).isZero();
    }

    @Test
    void aFlippedByteEndsInAnAnswer() throws IOException {
        for (String sound : new String[] {HKDF, X25519, ED25519, ECVRF}) {
            for (int at = 0; at < sound.length(); at += 11) {
                final byte[] flipped = sound.getBytes(StandardCharsets.UTF_8);
                flipped[at] ^= (byte) (1 << at % Byte.SIZE);
                Files.write(folder.resolve("flipped.json"), flipped);
                final ProgramRun run = ProgramRun.of("vectors", "--provider", "sodium", folder.toString());
                final String what = "byte " + at + ": " + run.err() + run.out();
                assertThat(run.exitCode()).as(what).isIn(0, 1, 2, 3);
                assertThat(run.err()).as(what).doesNotContain("fault of the program");
                if (run.exitCode() != 0) {
                    assertThat(run.out() + run.err()).as(what).containsAnyOf("flipped.json", folder.toString());
                }
            }
        }
    }

    @Test
    void vectorsAreFoundUnderAnyFileName() throws IOException {
        write("hkdf.txt", HKDF);
        write("x25519", "\ufeff" + X25519);
        assertThat(ProgramRun.of("vectors", folder.toString()).out()).contains("2 passed, 0 failed");

        write("hkdf.txt", HKDF.replace("3cb25f", "3cb25e"));
        assertThat(ProgramRun.of("vectors", folder.toString()).exitCode()).isEqualTo(1);
    }

    @Test
    void aLengthThatNoMemoryHasFails() throws IOException {
        write("hkdf.json", HKDF.replace("\"42\"", "\"2147483647\""));

        final ProgramRun run = ProgramRun.of("vectors", folder.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("hkdf.json: case 1: ");
    }

    @Test
    void reasonsFitATable() throws IOException {
        write("known.json", HKDF);
        final StringJoiner vectors = new StringJoiner(",", "{\"vectors\": [", "]}");
        for (int i = 0; i < 96; i++) {
            vectors.add("{\"protocol_name\": \"Noise_NN_448_ChaChaPoly_SHA" + i + "\", \"init_prologue\": \"\","
                    + " \"messages\": []}");
        }
        write("many.json", vectors.toString());

        final ProgramRun run = ProgramRun.of("vectors", folder.toString());

        assertThat(run.out().lines())
                .allMatch(line -> line.length() < 400)
                .anyMatch(line -> line.contains("93 more reasons"));
        final ProgramRun json = ProgramRun.of("vectors", "--json", folder.toString());
        assertThat(json.json().at("/files/1/reasons")).hasSize(96);
        Files.delete(folder.resolve("known.json"));
        assertThat(ProgramRun.of("vectors", folder.toString()).exitCode())
                .as("no case was run")
                .isEqualTo(3);
    }

    @Test
    void anUnsupportedGroupIsSkippedWithItsReason() throws IOException {
        write("known.json", HKDF);
        write("x448.json", X25519.replace("curve25519", "curve448"));

        final JsonNode report =
                ProgramRun.of("vectors", "--json", folder.toString()).json();

        assertThat(report.path("skipped").asInt()).isEqualTo(1);
        assertThat(report.at("/files/1/reasons/group not supported").asInt()).isEqualTo(1);
    }

    @Test
    void aFolderWithNothingToRunIsIncompleteAsHelpSays() throws IOException {
        assertIncomplete("0 files of unknown shape");
        write("README.md", "prose");
        assertIncomplete("0 files of unknown shape");
        write("other.json", "{\"colour\": 1}");
        assertIncomplete("1 file of unknown shape");
        assertThat(ProgramRun.of("vectors", "--help").out()).containsPattern("no\\s+case could be run");
    }

    @Test
    void aMissingFolderIsWrongUsage() {
        folder = folder.resolve("nothing");
        assertRefused("no such folder");
    }

    @Test
    void anUnknownProviderIsWrongUsage() {
        final ProgramRun run = ProgramRun.of("vectors", "--provider", "none", folder.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("provider=none").hasLineCount(1);
    }

    @Test
    void exitCodesReachTheParentProcess() throws Exception {
        write("hkdf.json", HKDF);
        assertThat(ProgramRun.inChild("vectors", folder.toString()).exitCode()).isZero();

        write("hkdf.json", HKDF.replace("3cb25f", "3cb25e"));
        final ProgramRun failed = ProgramRun.inChild("vectors", "--json", folder.toString());
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.json().path("failed").asInt()).isEqualTo(1);

        final ProgramRun refused =
                ProgramRun.inChild("vectors", folder.resolve("nothing").toString());
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).startsWith("millrace: ").hasLineCount(1);
    }

    private void assertIncomplete(String unknown) throws IOException {
        for (final String option : new String[] {"--allow-unknown", "--provider=auto"}) {
            final ProgramRun run = ProgramRun.of("vectors", option, folder.toString());
            assertThat(run.exitCode()).isEqualTo(3);
            assertThat(run.out()).contains("no file of a known shape below the folder: " + folder, unknown);
        }
        assertThat(ProgramRun.of("vectors", "--json", folder.toString())
                        .json()
                        .path("passed")
                        .asInt(-1))
                .isZero();
    }

    private void assertRefused(String why) {
        final ProgramRun run = ProgramRun.of("vectors", "--json", folder.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(why, folder.toString()).hasLineCount(1);
    }

    private void write(String name, String content) throws IOException {
        final Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}

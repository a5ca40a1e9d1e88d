package io.millrace.cli.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The published Sphinx vectors, as they are and with one field changed. */
class SphinxPacketsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Path PUBLISHED = Path.of("docs/specs/vectors");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"sodium", "auto"})
    void thePublishedVectorsOfBothProfilesPass(String provider) throws IOException {
        final ProgramRun run = ProgramRun.of("vectors", PUBLISHED.toString(), "--json", "--provider", provider);

        assertThat(run.exitCode()).as(run.err()).isZero();
        final JsonNode report = run.json();
        assertThat(report.path("passed").asInt()).isEqualTo(24);
        assertThat(report.path("files")).hasSize(2);
        assertThat(report.at("/files/0/shape").asText()).isEqualTo("sphinx packets");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mr1", "mr2"})
    void aWrongByteInAnyFieldFailsAndIsNamed(String profile) throws IOException {
        assertThat(failure(profile, "padding")).startsWith("wrapped packet 0 of 1");
        assertThat(failure(profile, "payload")).startsWith("wrapped packet 0 of 1");
        assertThat(hopFailure(profile, "ephemeral")).startsWith("wrapped packet 0 of 1");
        assertThat(hopFailure(profile, "publicKey")).startsWith("publicKey");
        assertThat(hopFailure(profile, "relayId")).startsWith("relayId");
        assertThat(hopFailure(profile, "replayTag")).startsWith("hop 0: replayTag");
        assertThat(hopFailure(profile, "headerStreamKey")).startsWith("hop 0: headerStreamKey");
        assertThat(hopFailure(profile, profile.equals("mr1") ? "blindingFactor" : "headerStreamTail"))
                .startsWith("hop 0: ");
        assertThat(hopFailure(profile, "packet")).startsWith("wrapped packet 0 of 1");
    }

    @Test
    void aPacketThatIsNotRefusedAsTheFileSaysFails() throws IOException {
        final ObjectNode root = published("mr2");
        ((ObjectNode) root.at("/refused/0")).put("dropReason", "BAD_MAC");
        assertThat(firstFailure(root)).contains("expected=BAD_MAC, actual=BAD_GROUP_ELEMENT");
    }

    @Test
    void aFileWithRefusedPacketsAloneIsRead() throws IOException {
        final ObjectNode root = published("mr2");
        root.remove("cases");
        assertThat(run(root).path("passed").asInt()).isEqualTo(7);
    }

    @Test
    void thePacketsOfOneProfileAreNotThoseOfTheOther() throws IOException {
        final ObjectNode root = published("mr2").put("profile", "mr1");
        assertThat(run(root).path("passed").asInt()).isEqualTo(5); // refused for the same reason in both
    }

    @Test
    void anUnknownProfileIsSkippedAndNamed() throws IOException {
        final JsonNode report = run(published("mr2").put("profile", "mr9"));
        assertThat(report.path("skipped").asInt()).isEqualTo(12);
        assertThat(report.at("/files/0/reasons").has("no profile mr9")).isTrue();
    }

    @Test
    void anUnknownKindOfCaseFails() throws IOException {
        final ObjectNode root = published("mr1");
        ((ObjectNode) root.at("/cases/0")).put("type", "letter");
        assertThat(firstFailure(root)).isEqualTo("no rule for type=letter");
    }

    private String failure(String profile, String field) throws IOException {
        final ObjectNode root = published(profile);
        spoil((ObjectNode) root.at("/cases/2"), field);
        return firstFailure(root);
    }

    private String hopFailure(String profile, String field) throws IOException {
        final ObjectNode root = published(profile);
        spoil((ObjectNode) root.at("/cases/2/hops/0"), field);
        return firstFailure(root);
    }

    private String firstFailure(ObjectNode root) throws IOException {
        final JsonNode report = run(root);
        assertThat(report.path("failed").asInt()).isEqualTo(1);
        return report.at("/files/0/failures/0/why").asText();
    }

    private static void spoil(ObjectNode node, String field) {
        final String hex = node.get(field).asText();
        node.put(field, (hex.charAt(0) == '0' ? '1' : '0') + hex.substring(1));
    }

    private static ObjectNode published(String profile) throws IOException {
        final ObjectNode root =
                (ObjectNode) JSON.readTree(Files.readString(PUBLISHED.resolve("sphinx_" + profile + ".json")));
        assertThat((ArrayNode) root.get("cases")).hasSize(5);
        return root;
    }

    private JsonNode run(ObjectNode root) throws IOException {
        Files.writeString(folder.resolve("vectors.json"), root.toString());
        return ProgramRun.of("vectors", folder.toString(), "--json").json();
    }
}

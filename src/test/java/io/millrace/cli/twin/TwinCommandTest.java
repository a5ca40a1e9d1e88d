package io.millrace.cli.twin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import io.millrace.crdt.TwinStore;
import io.millrace.crdt.op.HybridClock;
import io.millrace.crdt.op.OperationLog;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.Value;
import io.millrace.crypto.Ed25519KeyPair;
import io.millrace.node.config.ConfigFile;
import io.millrace.node.keys.KeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The commands end to end, as a user would run them. */
class TwinCommandTest extends TwinFixture {
    @Test
    void whatIsAppliedCanBeShown() throws IOException {
        final ProgramRun applied = apply(
                "a", alice, "set", "color", "green", "add", "tags", "x", "add", "tags", "y", "increment", "n", "5");
        apply("a", alice, "remove", "tags", "x", "decrement", "n", "7", "assign", "owner", "alice", "set", "old", "1");
        apply("a", alice, "delete", "old");

        assertThat(applied.exitCode()).isZero();
        assertThat(applied.json().path("signed")).hasSize(1);
        final JsonNode shown = run("twin", "show", path("a"), "--json").json();
        assertThat(shown.path("twin")).isEqualTo(applied.json().path("twin"));
        assertThat(shown.path("properties").toString()).isEqualTo("{\"color\":\"green\"}");
        assertThat(shown.path("sets").toString()).isEqualTo("{\"tags\":[\"y\"]}");
        assertThat(shown.path("counters").path("n").asInt()).isEqualTo(-2);
        assertThat(shown.path("registers").path("owner").toString()).isEqualTo("[\"alice\"]");
        assertThat(run("twin", "show", path("a")).out()).contains("color", "green", "tags", "-2", "3 operations");
    }

    @Test
    void oneIsSingular() throws IOException {
        assertThat(run("twin", "apply", path("a"), "--key", alice, "--actors", actors, "set", "color", "green")
                        .out())
                .contains(": 1 change of alice in 1 signed operation, on the disk");
        assertThat(run("twin", "show", path("a")).out()).contains(", 1 operation, ", " 1 head, 0 equivocations");
        assertThat(run("twin", "verify", path("a"), "--actors", actors).out()).contains(": 1 record, digest ");
    }

    @Test
    void aWriteWithAClockFarAheadFreezesNothing() throws IOException {
        final long ahead = 400L * 24 * 3600 * 1000;
        try (KeyFile keys = KeyFile.read(Path.of(alice));
                Ed25519KeyPair pair = keys.twinKey();
                DocumentTarget place = DocumentTarget.open(
                        folder.resolve("a"),
                        DocumentTarget.newTwin(),
                        ConfigFile.actors(Path.of(actors)),
                        new HybridClock(() -> System.currentTimeMillis() + ahead, 0));
                AuthorMarks marks = AuthorMarks.open(AuthorMarks.folderOf(Path.of(alice)))) {
            final ActorId actor = ActorId.read(pair.publicKey(), 0);
            place.replica().issue(pair, place.replica().draft(actor).set("color", Value.of("green")));
            place.save();
            marks.write(place.replica().mark(actor).orElseThrow());
        }

        assertThat(apply("a", alice, "set", "color", "blue").exitCode()).isZero();
        assertThat(run("twin", "show", path("a"), "--json")
                        .json()
                        .at("/properties/color")
                        .asText())
                .isEqualTo("blue");

        final ProgramRun strict = run("twin", "sync", path("a"), path("b"), "--actors", actors);
        assertThat(strict.exitCode()).as(strict.err()).isEqualTo(1);
        assertThat(strict.out()).contains("1 operation in the future", "--max-skew");
        assertThat(run("twin", "verify", path("a"), "--actors", actors).out()).contains("1 operation in the future");
        assertThat(run("twin", "sync", path("a"), path("b"), "--actors", actors, "--max-skew", "40000000")
                        .exitCode())
                .isZero();
        assertThat(run("twin", "verify", path("b"), "--actors", actors, "--max-skew", "40000000")
                        .exitCode())
                .isZero();
        assertThat(apply("b", bob, "set", "color", "red").exitCode()).isZero();
        assertThat(run("twin", "sync", path("a"), path("b"), "--actors", actors).exitCode())
                .isZero();
        assertThat(run("twin", "show", path("a"), "--json")
                        .json()
                        .at("/properties/color")
                        .asText())
                .isEqualTo("red");
    }

    @Test
    void operationsComeFromAFileInBatches() throws IOException {
        final Path lines = folder.resolve("operations.jsonl");
        Files.write(
                lines,
                IntStream.range(0, 1000)
                        .mapToObj(i -> "[\"set\",\"key " + i + "\",\"a value\"]")
                        .toList());

        final ProgramRun applied = apply("a", alice, "--operations", lines.toString(), "--batch", "300");

        assertThat(applied.json().path("signed")).hasSize(4);
        assertThat(run("twin", "show", path("a"), "--json").json().path("properties"))
                .hasSize(1000);
    }

    @Test
    void twoCopiesAgreeAfterSyncing() throws IOException {
        apply("a", alice, "set", "k", "alice", "assign", "r", "from alice");
        assertThat(sync("a", "b").json().path("toB").path("new").asInt()).isEqualTo(1);
        apply("a", alice, "set", "one", "1", "assign", "r", "alice again");
        apply("b", bob, "set", "other", "2", "assign", "r", "bob");

        final ProgramRun synced = sync("a", "b");

        assertThat(synced.exitCode()).isZero();
        assertThat(synced.json().path("equal").asBoolean()).isTrue();
        final JsonNode a = run("twin", "show", path("a"), "--json").json();
        assertThat(run("twin", "show", path("b"), "--json").json()).isEqualTo(a);
        assertThat(a.path("registers").path("r")).hasSize(2);
        assertThat(sync("b", "a").json().path("toA").path("new").asInt()).isZero();
        assertThat(run("twin", "sync", path("a"), path("b"), "--actors", actors).out())
                .contains("equal: 3 operations");
    }

    @Test
    void aDocumentTravelsInAFileThatCanBeVerifiedAlone() throws IOException {
        apply("a", alice, "set", "k", "v");
        assertThat(sync("a", "copy.cbor").exitCode()).isZero();

        final ProgramRun verified = verify("copy.cbor");
        assertThat(verified.exitCode()).isZero();
        assertThat(verified.json().path("sound").asBoolean()).isTrue();
        assertThat(verify("a").exitCode()).isZero();

        final byte[] content = Files.readAllBytes(folder.resolve("copy.cbor"));
        content[content.length - 1] ^= 1;
        Files.write(folder.resolve("copy.cbor"), content);
        final ProgramRun refused = verify("copy.cbor");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.json().path("refused").path("0").asText()).isEqualTo("BAD_PAYLOAD");
        assertUsage("an operation is refused", "twin", "sync", path("a"), path("copy.cbor"), "--actors", actors);
    }

    @Test
    void aCompactedDocumentSaysTheSame() throws IOException {
        for (int i = 0; i < 5; i++) {
            apply("a", alice, "set", "k", "a value of some length " + i);
        }

        final ProgramRun compacted = run("twin", "compact", path("a"), path("b"), "--actors", actors, "--json");

        assertThat(compacted.json().path("compacted").asInt()).isEqualTo(4);
        assertThat(compacted.json().path("bytesAfter").asInt())
                .isLessThan(compacted.json().path("bytesBefore").asInt());
        assertThat(run("twin", "show", path("b"), "--json").json().path("digest"))
                .isEqualTo(run("twin", "show", path("a"), "--json").json().path("digest"));
        assertThat(verify("b").exitCode()).isZero();
        assertUsage("exists already", "twin", "compact", path("a"), path("b"), "--actors", actors);
    }

    @Test
    void aStoreThatIsBeingWrittenCanBeReadButNotWritten() throws Exception {
        apply("a", alice, "set", "k", "v");
        try (OperationLog held = TwinStore.open(folder.resolve("a"))) {
            assertThat(held.size()).isEqualTo(1);
            final ProgramRun refused =
                    ProgramRun.inChild("twin", "apply", path("a"), "--key", alice, "--actors", actors, "set", "k", "w");
            assertThat(refused.exitCode()).isEqualTo(2);
            assertThat(refused.err())
                    .contains(
                            "the store is in use by process "
                                    + ProcessHandle.current().pid(),
                            path("a"))
                    .hasLineCount(1);
            assertThat(ProgramRun.inChild("twin", "show", path("a")).out()).contains("property");
        }
        assertThat(apply("a", alice, "set", "k", "w").exitCode()).isZero();
    }

    @Test
    void wrongUsageIsOneLine() throws IOException {
        apply("a", alice, "set", "k", "v");
        Files.writeString(folder.resolve("bob-only.toml"), entry("bob", path("bob2.key")));
        Files.writeString(folder.resolve("bad.toml"), "[[actor]]\nname=\"x\"\npublic-key=\"12\"\n");
        Files.writeString(
                folder.resolve("small.toml"), "[[actor]]\nname=\"x\"\npublic-key=\"" + "00".repeat(32) + "\"\n");
        Files.writeString(folder.resolve("lines"), "[\"set\",\"k\"]\n");

        assertUsage("no command given", "twin");
        assertUsage("no operation given", with(actors));
        assertUsage("not an operation", with(actors, "paint", "k"));
        assertUsage("takes 2 more words", with(actors, "set", "k"));
        assertUsage("takes a number above 0", with(actors, "increment", "n", "0"));
        assertUsage("takes a whole number", with(actors, "increment", "n", "x"));
        assertUsage("line=1", with(actors, "--operations", path("lines")));
        assertUsage("--actors does not list the key", with(path("bob-only.toml"), "set", "k", "v"));
        assertUsage("[[actor]] public-key=12: must be 32 bytes in hex", with(path("bad.toml"), "set", "k", "v"));
        assertUsage("not a public key of Ed25519", with(path("small.toml"), "set", "k", "v"));
        assertUsage("holds another document", with(actors, "--twin", "00".repeat(16), "set", "k", "v"));
        assertUsage("--twin takes", with(actors, "--twin", "xx", "set", "k", "v"));
        assertUsage("no such file: " + path("nothing") + "\n", "twin", "show", path("nothing"));
        assertUsage("--actors is needed", "twin", "verify", path("a"));
        assertUsage("are the same", "twin", "sync", path("a"), path("a"), "--actors", actors);
        apply("c", bob, "set", "k", "v");
        assertUsage("different documents", "twin", "sync", path("a"), path("c"), "--actors", actors);
        assertUsage("neither A nor B", "twin", "sync", path("x"), path("y"), "--actors", actors);
    }
}

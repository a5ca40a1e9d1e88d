package io.millrace.cli.twin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Equivocation, its proof and its consequences, and authors who are removed. */
class EquivocationCommandTest extends TwinFixture {
    @Test
    void equivocationIsFoundAndItsProofNeedsNothingElse() throws IOException {
        equivocate();

        final ProgramRun synced = sync("a", "b");
        assertThat(synced.exitCode()).isZero();
        assertThat(synced.json().path("equivocations").asInt()).isEqualTo(1);
        final ProgramRun verified =
                run("twin", "verify", path("a"), "--actors", actors, "--proofs", path("proofs"), "--json");
        assertThat(verified.exitCode()).isEqualTo(1);
        assertThat(verified.json().path("sound").asBoolean()).isTrue();
        assertThat(verified.json()
                        .path("equivocations")
                        .path(0)
                        .path("sequence")
                        .asInt())
                .isEqualTo(1);

        final Path proof = only(folder.resolve("proofs"));
        final ProgramRun checked = run("twin", "verify", proof.toString(), "--json");
        assertThat(checked.exitCode()).isZero();
        assertThat(checked.json().path("valid").asBoolean()).isTrue();
        assertThat(Files.readString(folder.resolve("actors.toml")))
                .contains(checked.json().path("actor").asText());
        final byte[] forged = Files.readAllBytes(proof);
        forged[forged.length - 2] ^= 1; // the end of a signature
        Files.write(proof, forged);
        assertThat(run("twin", "verify", proof.toString()).exitCode()).isEqualTo(1);
        Files.writeString(folder.resolve("forged.toml"), revokedBy(proof));
        assertUsage("do not prove an equivocation", "twin", "verify", path("a"), "--actors", path("forged.toml"));
        Files.write(proof, Arrays.copyOf(forged, 20));
        assertUsage("not a proof", "twin", "verify", proof.toString());
        assertUsage("not a proof", "twin", "verify", path("a"), "--actors", path("forged.toml"));
    }

    @Test
    void anEquivocatorIsRevokedByTheProofAndTheHonestActorGoesOn() throws IOException {
        equivocate();
        apply("a", bob, "set", "b", "on one branch");
        sync("a", "b");
        apply("b", bob, "set", "c", "on both");
        run("twin", "verify", path("b"), "--actors", actors, "--proofs", path("proofs"));
        final Path proof = only(folder.resolve("proofs"));
        assertThat(run("twin", "verify", path("b"), "--actors", actors).out())
                .contains("revoked-by = \"" + proof.getFileName() + "\"");
        final String unrevoked = path("unrevoked.toml");
        Files.copy(folder.resolve("actors.toml"), folder.resolve("unrevoked.toml"));
        Files.writeString(folder.resolve("actors.toml"), revokedBy(proof));

        final ProgramRun synced = sync("a", "b");
        assertThat(synced.exitCode()).isZero();
        assertThat(synced.json().path("equivocations").asInt()).isZero();
        assertThat(sync("b", "fresh").exitCode()).isZero();
        assertThat(sync("fresh", "moved.cbor").exitCode()).isZero();
        for (final String place : List.of("a", "b", "fresh", "moved.cbor")) {
            final ProgramRun verified = verify(place);
            assertThat(verified.exitCode()).as(place + verified.out()).isZero();
            final JsonNode properties = run("twin", "show", path(place), "--actors", actors, "--json")
                    .json()
                    .path("properties");
            assertThat(properties.toString())
                    .as(place)
                    .isEqualTo("{\"b\":\"on one branch\",\"c\":\"on both\",\"k\":\"common\"}");
        }
        assertUsage("the key is revoked", with(actors, "set", "k", "more"));
        assertThat(apply("fresh", bob, "set", "d", "bob goes on").exitCode()).isZero();
        assertThat(sync("fresh", "a").exitCode()).isZero();
        assertThat(verify("a").exitCode()).isZero();
        // Operations that the equivocator signs elsewhere, where the revocation is not known, do not come in.
        run("twin", "apply", path("b"), "--key", path("stolen.key"), "--actors", unrevoked, "set", "k", "late");
        assertThat(sync("a", "b").exitCode()).isZero();
        assertThat(run("twin", "show", path("a"), "--actors", actors, "--json")
                        .json()
                        .path("properties")
                        .path("k")
                        .asText())
                .isEqualTo("common");
    }

    @Test
    void anActorWhoIsRemovedIsAnErrorThatSaysHowToRevoke() throws IOException {
        apply("a", alice, "set", "a", "1");
        final String last =
                apply("a", bob, "set", "m", "1").json().path("signed").path(0).asText();
        apply("a", alice, "set", "b", "2");
        final String both = Files.readString(folder.resolve("actors.toml"));
        final int second = both.lastIndexOf("[[actor]]");
        Files.writeString(folder.resolve("actors.toml"), both.substring(0, second));

        for (final String[] refused : List.of(
                with(actors, "set", "c", "3"),
                new String[] {"twin", "sync", path("a"), path("fresh.cbor"), "--actors", actors},
                new String[] {"twin", "compact", path("a"), path("small"), "--actors", actors})) {
            assertUsage("revoked-after = \"" + last + "\"", refused);
        }
        assertThat(run("twin", "verify", path("a"), "--actors", actors).out()).contains("revoked-after = \"" + last);

        Files.writeString(folder.resolve("actors.toml"), both + "revoked-after = \"" + last + "\"\n");
        assertThat(verify("a").exitCode()).isZero();
        assertThat(apply("a", alice, "set", "c", "3").exitCode()).isZero();
        assertThat(sync("a", "fresh.cbor").exitCode()).isZero();
        assertThat(verify("fresh.cbor").exitCode()).isZero();
        assertThat(run("twin", "show", path("fresh.cbor"), "--actors", actors, "--json")
                        .json()
                        .path("properties")
                        .toString())
                .isEqualTo("{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\",\"m\":\"1\"}");
    }

    @Test
    void aKeyDoesNotSignOnACopyThatLacksItsOperations() throws IOException {
        apply("a", alice, "increment", "n", "5");
        sync("a", "old.cbor");
        apply("a", alice, "increment", "n", "5");
        final String lacks = "lacks operations that the key has signed";

        assertUsage(
                lacks, "twin", "apply", path("old.cbor"), "--key", alice, "--actors", actors, "increment", "n", "1");
        sync("a", "old.cbor");
        assertThat(apply("old.cbor", alice, "increment", "n", "1").exitCode()).isZero();
        assertUsage(lacks, with(actors, "increment", "n", "1"));
        assertThat(sync("a", "old.cbor").json().path("equivocations").asInt()).isZero();
        assertThat(run("twin", "show", path("a"), "--json")
                        .json()
                        .path("counters")
                        .path("n")
                        .asInt())
                .isEqualTo(11);

        // Another machine, to which the key came without its record, and a copy without payloads.
        assertThat(run("twin", "compact", path("a"), path("b"), "--actors", actors)
                        .exitCode())
                .isZero();
        assertThat(apply("b", alice, "increment", "n", "1").exitCode()).isZero();
        Files.copy(Path.of(alice), folder.resolve("moved.key"));
        assertUsage(
                "sync with a copy that has it",
                "twin",
                "apply",
                path("b"),
                "--key",
                path("moved.key"),
                "--actors",
                actors,
                "increment",
                "n",
                "1");
        assertThat(apply("b", path("moved.key"), "--accept-missing", "increment", "n", "1")
                        .exitCode())
                .isZero();
    }

    /** The same key on two machines with two copies: two operations with one number. */
    private void equivocate() throws IOException {
        apply("a", alice, "set", "k", "common");
        sync("a", "b");
        Files.copy(Path.of(alice), folder.resolve("stolen.key"));
        apply("a", alice, "set", "k", "one");
        apply("b", path("stolen.key"), "set", "k", "other");
    }

    /** The registry with its first actor revoked by a proof. */
    private String revokedBy(Path proof) throws IOException {
        final String both = Files.readString(folder.resolve("actors.toml"));
        final int second = both.lastIndexOf("[[actor]]");
        return both.substring(0, second) + "revoked-by = \"" + proof + "\"\n" + both.substring(second);
    }
}

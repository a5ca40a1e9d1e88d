package io.millrace.cli.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A log of receipts with the keys of its relay, for the commands end to end. */
abstract class ReceiptsFixture {
    /** DER before the 32 bytes of an Ed25519 public key: SubjectPublicKeyInfo of RFC 8410. */
    static final byte[] SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

    @TempDir
    Path folder;

    String key;

    @BeforeEach
    void makeKeys() throws IOException {
        assertThat(ProgramRun.of("keygen", path("r1.key")).exitCode()).isZero();
        Files.writeString(folder.resolve("request"), "please");
        Files.writeString(folder.resolve("other"), "again");
    }

    void append(String mode, String... requests) throws IOException {
        final List<String> args = new ArrayList<>(List.of("receipts", "append", "--log", path("log")));
        args.addAll(List.of("--key", path("r1.key"), "--origin", "relay.example/log", "--mode", mode));
        for (String request : requests) {
            args.add(path(request));
        }
        key = run(0, args.toArray(String[]::new)).path("key").asText();
    }

    JsonNode run(int exitCode, String... args) throws IOException {
        final List<String> all = new ArrayList<>(List.of(args));
        if (!all.contains("--json")) {
            all.add("--json");
        }
        final ProgramRun run = ProgramRun.of(all.toArray(String[]::new));
        assertThat(run.exitCode()).as("%s: %s%s", all, run.out(), run.err()).isEqualTo(exitCode);
        return run.json();
    }

    void refused(String... args) throws IOException {
        final JsonNode json = run(1, args);
        assertThat(json.path("verified").asBoolean(true)).isFalse();
        assertThat(json.path("fault").asText()).isNotEmpty();
    }

    /** Copies a file to "damaged", with other bytes at its start. */
    void damage(String name, String hex) throws IOException {
        final byte[] start = HexFormat.of().parseHex(hex);
        final byte[] bytes = Files.readAllBytes(folder.resolve(name));
        System.arraycopy(start, 0, bytes, 0, start.length);
        Files.write(folder.resolve("damaged"), bytes);
    }

    void misused(String... args) {
        final ProgramRun run = ProgramRun.of(verify(args));
        assertThat(run.exitCode()).as("%s: %s", List.of(args), run.err()).isEqualTo(2);
    }

    String[] verify(String... args) {
        final List<String> all = new ArrayList<>(List.of("receipts", "verify", "--key", key));
        all.addAll(List.of(args));
        return all.toArray(String[]::new);
    }

    void copyLog(String to) throws IOException {
        Files.createDirectory(folder.resolve(to));
        try (var files = Files.list(folder.resolve("log"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(to).resolve(file.getFileName()));
            }
        }
    }

    String path(String name) {
        return folder.resolve(name).toString();
    }
}

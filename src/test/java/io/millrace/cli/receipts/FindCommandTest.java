package io.millrace.cli.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Receipts by operation id: found, not found, and refused a second time. */
class FindCommandTest {
    private static final String ID = "00112233445566778899aabbccddeeff";
    private static final String OTHER = "ff112233445566778899aabbccddeeff";

    @TempDir
    private Path folder;

    @BeforeEach
    void makeKeys() throws IOException {
        assertThat(ProgramRun.of("keygen", path("r1.key")).exitCode()).isZero();
        Files.writeString(folder.resolve("request"), "please");
    }

    @Test
    void findsTheReceiptOfAnOperationAlsoAfterMoreWereAppended() throws Exception {
        append(0);
        append(0, "--id", ID);
        assertThat(find(0, ID).path("receipt").path("index").asLong()).isEqualTo(1);
        assertThat(folder.resolve("log/index/clean")).exists();

        append(0);
        append(0, "--id", OTHER);
        final JsonNode found = find(0, OTHER);
        assertThat(found.path("size").asLong()).isEqualTo(4);
        assertThat(found.path("receipt").path("index").asLong()).isEqualTo(3);
        assertThat(found.path("receipt").path("operationId").asText()).isEqualTo(OTHER);
        assertThat(find(1, "0".repeat(32)).path("receipt").isNull()).isTrue();
        assertThat(ProgramRun.of("receipts", "find", "--log", path("log"), ID).out())
                .contains("request digest");
    }

    @Test
    void buildsTheIndexAnewAfterAnUncleanStopOrADeletion() throws Exception {
        append(0, "--id", ID);
        Files.delete(folder.resolve("log/index/clean"));
        assertThat(find(0, ID).path("receipt").path("index").asLong()).isZero();
        try (var files = Files.list(folder.resolve("log/index"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        assertThat(find(0, ID).path("receipt").path("index").asLong()).isZero();
    }

    @Test
    void aSecondReceiptOfAnOperationIsRefused() throws Exception {
        append(0, "--id", ID);
        assertThat(append(2, "--id", ID)).contains("the operation has a receipt already: --id=" + ID + ", index=0");
        assertThat(find(0, ID).path("size").asLong()).isOne();
    }

    @Test
    void namesAnIdThatIsNone() throws Exception {
        append(0);
        final ProgramRun run = ProgramRun.of("receipts", "find", "--log", path("log"), "12");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("the operation id must have 32 hexadecimal digits: ID=12");
        assertThat(append(2, "--id", "xyz")).contains("--id must have 32 hexadecimal digits: id=xyz");
    }

    private JsonNode find(int exitCode, String id) throws IOException {
        final ProgramRun run = ProgramRun.of("receipts", "find", "--json", "--log", path("log"), id);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
        return run.json();
    }

    /** Gives the text on stderr. */
    private String append(int exitCode, String... options) {
        final List<String> command = new ArrayList<>(List.of("receipts", "append", "--log", path("log")));
        command.addAll(List.of("--key", path("r1.key")));
        command.addAll(List.of(options));
        command.add(path("request"));
        final ProgramRun run = ProgramRun.of(command.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
        return run.err();
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }
}

package io.millrace.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.config.ClientFile;
import io.millrace.node.config.ConfigFile;
import io.millrace.node.config.PathNode;
import io.millrace.node.config.PeerEntry;
import io.millrace.node.config.RelayFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration files in operating.md, read by the program from the document. */
class DocumentedConfigurationTest {
    private static final Pattern FILE = Pattern.compile("```toml\n# (\\w+)\\.toml\\b[^\n]*\n(.*?)```", Pattern.DOTALL);
    private static final Pattern NAMED =
            Pattern.compile("name = \"(\\w+)\"\n(?:public-key|identity) = \"([0-9a-f]{64})\"");

    @TempDir
    private Path folder;

    private final Map<String, Path> files = new HashMap<>();

    @BeforeEach
    void takeFiles() throws IOException {
        final String text = Files.readString(Path.of("docs", "operating.md"));
        final Matcher found = FILE.matcher(text);
        while (found.find()) {
            files.put(found.group(1), Files.writeString(folder.resolve(found.group(1) + ".toml"), found.group(2)));
        }
        assertThat(files).containsOnlyKeys("r1", "alice", "bob");
        assertThat(text.split("```toml", -1))
                .as("each block is one of these files")
                .hasSize(files.size() + 1);
    }

    @Test
    void theRelaysFileIsComplete() throws IOException {
        final RelayFile file = ConfigFile.relay(files.get("r1"));

        assertThat(file.relay().name()).isEqualTo("r1");
        assertThat(file.peers()).extracting(PeerEntry::name).containsExactly("r2", "alice");
    }

    @Test
    void everyFileAndFolderOfTheRelayHasItsName() throws IOException {
        final List<String> places = Pattern.compile(
                        "(?m)^(?:key|journal|receipts|keys|publish|counters) = \"([^\"]*)\"")
                .matcher(Files.readString(files.get("r1")))
                .results()
                .map(found -> found.group(1))
                .toList();

        assertThat(places)
                .as("two relays in one folder share none of these")
                .hasSize(6)
                .allMatch(p -> p.startsWith("r1."));
    }

    @Test
    void theClientsFilesNameEachOtherAndAllRelaysOfTheRoute() throws IOException {
        final ClientFile alice = ConfigFile.client(files.get("alice"));
        final ClientFile bob = ConfigFile.client(files.get("bob"));

        assertThat(alice.peers()).extracting(PeerEntry::name).containsExactly("r1");
        assertThat(alice.nodes()).extracting(PathNode::name).containsExactly("r2", "r3", "bob");
        assertThat(bob.peers()).extracting(PeerEntry::name).containsExactly("r3");
        assertThat(bob.nodes()).extracting(PathNode::name).containsExactly("r2", "r1", "alice");
    }

    @Test
    void aPartyHasOneKeyInAllFiles() throws IOException {
        final Map<String, String> keys = new HashMap<>();
        int places = 0;
        for (final Path file : files.values()) {
            final Matcher named = NAMED.matcher(Files.readString(file));
            while (named.find()) {
                places++;
                assertThat(named.group(2))
                        .as(named.group(1))
                        .isEqualTo(keys.computeIfAbsent(named.group(1), name -> named.group(2)));
            }
        }
        assertThat(keys).containsOnlyKeys("r1", "r2", "r3", "alice", "bob");
        assertThat(places).isEqualTo(10);
        assertThat(List.copyOf(keys.values())).doesNotHaveDuplicates();
    }

    /** A mistake in a block is seen. */
    @Test
    void aPlantedMistakeIsRefused() throws IOException {
        try (Stream<String> lines = Files.lines(files.get("alice"))) {
            final String wrong = String.join("\n", lines.toList()).replace("descriptor", "descriptr");
            final Path file = Files.writeString(folder.resolve("wrong.toml"), wrong);
            assertThatThrownBy(() -> ConfigFile.client(file))
                    .hasMessageContaining("descriptr: unknown key; did you mean descriptor?");
        }
    }
}

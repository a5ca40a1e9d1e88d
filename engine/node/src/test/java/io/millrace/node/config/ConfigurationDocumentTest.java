package io.millrace.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.test.OwnerFile;
import io.millrace.text.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every key against the page {@code configuration.md} and against the reader of files. */
class ConfigurationDocumentTest {
    private static final Path PAGE =
            Path.of(System.getProperty("basedir", ".")).resolve("../../src/docs/configuration.md");

    private static final List<List<Section>> FILES = List.of(ConfigFile.RELAY, ConfigFile.CLIENT, ConfigFile.ACTORS);

    /** Keys that a table needs for another one, or must not have with it, as {@code -key}. */
    private static final Map<String, List<String>> WITH = Map.ofEntries(
            Map.entry("[engine] tick", List.of("engine.delay=uniform(0ns,1ms)", "engine.wheel-slack=1ms")),
            Map.entry("[engine] wheel-slack", List.of("engine.tick=1ms")),
            Map.entry("[engine] journal-sync", List.of("engine.journal=state")),
            Map.entry("[engine] receipts-of", List.of("engine.receipts=log")),
            Map.entry("[engine] receipts-mode", List.of("engine.receipts=log")),
            Map.entry("[engine] receipts-packets", List.of("engine.receipts=log")),
            Map.entry(
                    "[engine] receipts-period",
                    List.of("engine.receipts=log", "epochs.roll=true", "epochs.length=24h")),
            Map.entry("[engine] receipts-keep", List.of("engine.receipts=log")),
            Map.entry("[engine] receipts-segment-mib", List.of("engine.receipts=log")),
            Map.entry("[epochs] length", List.of("engine.delay=uniform(0ns,1ms)")),
            Map.entry("[epochs] overlap", List.of("epochs.length=24h")),
            Map.entry("[[peer]] id", List.of("-peer.public-key")),
            Map.entry("[[peer]] identity", List.of("-peer.public-key", "peer.descriptor=d")),
            Map.entry("[[peer]] descriptor", List.of("-peer.public-key", "peer.identity=" + "cd".repeat(32))),
            Map.entry("[[peer]] psk", List.of("-peer.link-key")),
            Map.entry("[[peer]] psk-file", List.of("-peer.link-key")),
            Map.entry("[[node]] identity", List.of("-node.public-key", "node.descriptor=d")),
            Map.entry("[[node]] descriptor", List.of("-node.public-key", "node.identity=" + "cd".repeat(32))));

    @TempDir
    private Path folder;

    @BeforeEach
    void makePreSharedKey() throws IOException {
        OwnerFile.write(folder.resolve("file"), "ff".repeat(32));
    }

    @Test
    void thePageIsThatOfTheKeys() throws IOException {
        if (Boolean.getBoolean("millrace.write")) {
            Files.writeString(PAGE, ConfigurationDocument.text());
        }

        assertThat(Files.readString(PAGE)).isEqualTo(ConfigurationDocument.text());
    }

    @Test
    void thePageHasEveryKeyThatTheReaderTakes() throws IOException {
        final List<String> taken = FILES.stream()
                .flatMap(List::stream)
                .distinct()
                .flatMap(section -> section.keys().stream().map(key -> section.header() + " " + key.name()))
                .toList();

        assertThat(ConfigurationDocument.keysOn(Files.readString(PAGE))).containsExactlyElementsOf(taken);
        assertThat(taken).hasSizeGreaterThan(50);
    }

    /**
     * A key in a file.
     *
     * @param file tables of the file.
     * @param section the table.
     * @param key in it.
     */
    record Place(List<Section> file, Section section, Key<?> key) {
        @Override
        public String toString() {
            return section.header() + " " + key.name();
        }
    }

    static Stream<Place> places() {
        return FILES.stream()
                .flatMap(file -> file.stream()
                        .flatMap(section -> section.keys().stream().map(key -> new Place(file, section, key))))
                .filter(place ->
                        !place.key().equals(PeerEntry.ID) || place.file().equals(ConfigFile.RELAY));
    }

    /** A file of proofs has its tests in the package of documents. */
    @ParameterizedTest
    @MethodSource("places")
    void takesTheDefaultTheExampleAndTheEndsOfTheRange(Place place) throws IOException {
        final Key<?> key = place.key();
        if (key.name().equals("revoked-by")) {
            return;
        }
        for (String text : key.form().ends()) {
            if (!key.name().equals("psk-file") || !text.startsWith("/")) {
                assertTaken(place, text);
            }
        }
        if (key.isStandardWritten()) {
            assertTaken(place, key.standardText().orElseThrow());
        }
        if (!key.name().equals("psk-file")) {
            assertTaken(place, key.example());
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void refusesOtherValuesWithTheAllowedOnes(Place place) throws IOException {
        final Key<?> key = place.key();
        for (String text : key.form().outside()) {
            final Path file = write(place, text);
            final String shown = key.isSecret() ? key.name() : key.name() + "=" + text.replace("\"", "");
            assertThatThrownBy(() -> read(place.file(), file))
                    .as("%s = %s", place, text)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageMatching("(?s)" + java.util.regex.Pattern.quote(file.toString()) + ":[0-9]+: .*")
                    .hasMessageContaining(place.section().header() + " " + (text.isEmpty() ? key.name() : shown) + ": ")
                    .hasMessageContaining("must ");
            if (List.of("whole number", "word", "hexadecimal")
                    .contains(key.form().type())) {
                assertThatThrownBy(() -> read(place.file(), file))
                        .hasMessageContaining(key.form().allowed());
            }
        }
    }

    @Test
    void refusesTheKeysOfOtherTables() {
        for (List<Section> file : FILES) {
            for (Section section : file) {
                places().filter(other -> section.key(other.key().name()).isEmpty())
                        .forEach(other -> {
                            final Place place = new Place(file, section, other.key());
                            final String text = other.key().form().ends().getFirst();
                            assertThatThrownBy(() -> read(file, write(place, text)))
                                    .as("%s in %s", other.key().name(), section.header())
                                    .isInstanceOf(ConfigException.class)
                                    .hasMessageContaining(
                                            section.header() + " " + other.key().name() + ": unknown key");
                        });
            }
        }
    }

    private void assertTaken(Place place, String text) throws IOException {
        final Path file = write(place, text);
        assertThatCode(() -> read(place.file(), file))
                .as("%s = %s", place, text)
                .doesNotThrowAnyException();
    }

    private static void read(List<Section> kind, Path file) throws IOException {
        if (kind.equals(ConfigFile.RELAY)) {
            ConfigFile.relay(file).peers().forEach(peer -> peer.psk().ifPresent(LinkSecret::close));
        } else if (kind.equals(ConfigFile.CLIENT)) {
            ConfigFile.client(file).peers().forEach(peer -> peer.psk().ifPresent(LinkSecret::close));
        } else {
            ConfigFile.actors(file);
        }
    }

    /** A file with one value of the key, and with the keys that this one needs. */
    private Path write(Place place, String text) throws IOException {
        final Map<String, Map<String, String>> tables = new LinkedHashMap<>();
        for (Section section : place.file()) {
            final Map<String, String> values = new LinkedHashMap<>();
            section.keys().stream().filter(Key::isRequired).forEach(key -> values.put(key.name(), key.line()));
            if (section.equals(PeerEntry.SECTION) || section.equals(PathNode.SECTION)) {
                values.put("name", "name = \"" + section.name() + "\"");
                values.put(
                        "public-key",
                        "public-key = \"" + (section.equals(PathNode.SECTION) ? "ae" : "ac").repeat(32) + "\"");
            }
            if (section.equals(PeerEntry.SECTION)) {
                values.put("link-key", "link-key = \"" + "ab".repeat(32) + "\"");
            }
            if (section.equals(ActorEntry.SECTION)) {
                values.put("public-key", "public-key = \"" + ActorEntry.PUBLIC_KEY.example() + "\"");
            }
            if (section.equals(MetricsEntry.SECTION)) {
                values.put("listen", "listen = \"127.0.0.1:0\"");
            }
            tables.put(section.name(), values);
        }
        for (String each : WITH.getOrDefault(place.toString(), List.of())) {
            final String[] parts = each.replaceFirst("^-", "").split("[.=]", 3);
            if (each.startsWith("-")) {
                tables.get(parts[0]).remove(parts[1]);
            } else {
                final boolean bare = parts[2].equals("true");
                tables.get(parts[0]).put(parts[1], parts[1] + " = " + (bare ? parts[2] : '"' + parts[2] + '"'));
            }
        }
        final String name = place.key().name();
        tables.get(place.section().name()).put(name, name + " = " + place.key().quoted(text));
        final StringBuilder content = new StringBuilder();
        for (Section section : place.file()) {
            content.append(section.header()).append('\n');
            tables.get(section.name())
                    .values()
                    .forEach(line -> content.append(line).append('\n'));
        }
        return OwnerFile.write(folder.resolve("tested.toml"), content.toString());
    }
}

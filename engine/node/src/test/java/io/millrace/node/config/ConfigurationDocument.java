package io.millrace.node.config;

import java.util.ArrayList;
import java.util.List;

/** Writes the page {@code configuration.md} from the keys. */
final class ConfigurationDocument {
    private static final String HEAD = """
            # Configuration

            <!-- Made from the keys in io.millrace.node.config, change nothing here. To write it again:
                 mvn -pl engine/node -am test -Dtest=ConfigurationDocumentTest -Dsurefire.failIfNoSpecifiedTests=false
                 -Dmillrace.write=true -->

            A relay reads one TOML file, and so does a client. Unknown tables and keys are refused. A relative path begins at
            the folder of the file. A duration is a whole number with `ns`, `us`, `ms`, `s`, `min` or `h`.

            `bench packets`, `bench matrix`, `bench cores`, `bench receipts` and `knee` take the table `[engine]` of a
            relay's file with `--config`, and their options override its keys. They build the engine as `relay` does.

            An error names the file, the line, the table, the key with its value, and the allowed values:
            `r1.toml:12: [engine] slots=3: must be 64 to 1,048,576`.
            """;

    private ConfigurationDocument() {}

    /** The whole page. */
    static String text() {
        final StringBuilder text = new StringBuilder(HEAD);
        add(text, "File of a relay", ConfigFile.RELAY);
        add(text, "File of a client", ConfigFile.CLIENT);
        add(text, "File of the actors of signed documents", ConfigFile.ACTORS);
        return text.toString();
    }

    private static void add(StringBuilder text, String title, List<Section> sections) {
        text.append("\n## ").append(title).append('\n');
        for (Section section : sections) {
            text.append("\n### `").append(section.header()).append("`\n\n").append(section.sentence());
            if (section.equals(PeerEntry.SECTION) && sections.equals(ConfigFile.CLIENT)) {
                text.append("\nThe keys are those of a relay's file, but `id`: a client needs the `public-key`.\n");
                continue;
            }
            text.append("\n\n| key | type | allowed | default | meaning | example |\n|---|---|---|---|---|---|\n");
            section.keys().forEach(key -> text.append(row(key)));
        }
    }

    private static String row(Key<?> key) {
        final String name = key.formerly()
                .map(earlier -> "`" + key.name() + "`, formerly `" + earlier + "`")
                .orElse("`" + key.name() + "`");
        return "| " + name + " | " + key.form().type() + " | "
                + key.form().allowed() + " | " + standard(key) + " | " + key.sentence() + " | `" + key.line()
                + "` |\n";
    }

    private static String standard(Key<?> key) {
        if (key.isRequired()) {
            return "required";
        }
        return key.standardText()
                .map(words -> key.isStandardWritten() ? "`" + words + "`" : words)
                .orElse("none");
    }

    /** Names of tables and keys on a page, as {@code [engine] slots}. */
    static List<String> keysOn(String page) {
        final List<String> keys = new ArrayList<>();
        String header = "";
        for (String line : page.split("\n", -1)) {
            if (line.startsWith("### `")) {
                header = line.substring("### `".length(), line.length() - 1);
            } else if (line.startsWith("| `")) {
                keys.add(header + " " + line.substring("| `".length(), line.indexOf('`', "| `".length())));
            }
        }
        return keys;
    }
}

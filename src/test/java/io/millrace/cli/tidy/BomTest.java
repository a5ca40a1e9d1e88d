package io.millrace.cli.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The bill of materials has every library artifact, and the versions of the build. */
class BomTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern ARTIFACT = Pattern.compile("</parent>\\s*<artifactId>([^<]+)</artifactId>");
    private static final Pattern PINNED =
            Pattern.compile("<groupId>io.millrace</groupId>\\s*<artifactId>([^<]+)</artifactId>\\s*<version>\\$");

    @Test
    void hasEveryLibraryArtifact() throws IOException {
        final Set<String> artifacts =
                new TreeSet<>(all(ARTIFACT, Files.readString(ROOT.resolve("native-bindings/pom.xml"))));
        try (Stream<Path> folders = Files.list(ROOT.resolve("engine"))) {
            for (Path folder : folders.toList()) {
                if (Files.exists(folder.resolve("pom.xml"))) {
                    artifacts.addAll(all(ARTIFACT, Files.readString(folder.resolve("pom.xml"))));
                }
            }
        }
        artifacts.remove("millrace-test");
        assertThat(all(PINNED, bom())).isEqualTo(artifacts);
    }

    @Test
    void hasTheVersionsOfTheBuild() throws IOException {
        final String build = Files.readString(ROOT.resolve("pom.xml"));
        final String version = first("<artifactId>millrace</artifactId>\\s*<version>([^<]+)<", build);
        assertThat(first("<artifactId>millrace-bom</artifactId>\\s*<version>([^<]+)<", bom()))
                .isEqualTo(version);
        assertThat(first("<artifactId>chronicle-core</artifactId>\\s*<version>([^<]+)<", bom()))
                .isEqualTo(first("<chronicle-core.version>([^<]+)<", build));
    }

    private static String bom() throws IOException {
        return Files.readString(ROOT.resolve("bom/pom.xml"));
    }

    private static String first(String pattern, String text) {
        return all(Pattern.compile(pattern), text).iterator().next();
    }

    private static Set<String> all(Pattern pattern, String text) {
        final Set<String> found = new TreeSet<>();
        for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
            found.add(matcher.group(1));
        }
        return found;
    }
}

package io.millrace.cli.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.Millrace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The tree keeps its own rules; a rule that it does not keep yet has a ceiling that only falls. */
class TidyTest {
    /** Longest source line, in characters: the width that the formatter keeps in code. */
    private static final int LONGEST_LINE = 130;

    private static final int LONGEST_FILE = 400;
    private static final int MOST_FILES_OF_A_PACKAGE = 40;
    private static final int MOST_LINES_OF_THE_README = 120;
    private static final long LARGEST_FILE = 1 << 20;

    /** Most sentences of a document with more than 25 words, in percent. */
    private static final int MOST_LONG_SENTENCES = 15;

    private static Repository repository;
    private static Ceilings ceilings;

    @BeforeAll
    static void open() throws IOException, InterruptedException {
        repository = Repository.at(Path.of(".."));
        ceilings = Ceilings.read(Path.of("test/resources/io/millrace/cli/tidy/ceilings.txt"));
        assertThat(repository.sources())
                .as("the working folder is that of the artifact")
                .hasSizeGreaterThan(100);
    }

    @Test
    void namesThingsInsteadOfParaphrasingThem() {
        final Map<String, Integer> words = new TreeMap<>();
        final Map<String, List<Finding>> found = new TreeMap<>();
        for (Passage passage : repository.passages()) {
            final String place =
                    repository.artifact(passage.file()) + (Repository.isTest(passage.file()) ? "-tests" : "");
            words.merge(place, passage.words(), Integer::sum);
            found.computeIfAbsent(place, key -> new ArrayList<>()).addAll(Phrases.in(passage));
        }
        final Map<String, Integer> over = new TreeMap<>();
        found.forEach((place, findings) -> {
            if (findings.size() > Phrases.most(words.get(place))) {
                over.put(place, findings.size());
            }
        });
        assertThat(ceilings.complaints("phrases", over))
                .as("words: %s, phrases: %s", words, found)
                .isEmpty();
    }

    @Test
    void documentsAnswerEveryLinkBetweenThem() {
        final List<Finding> broken = new ArrayList<>();
        for (String file : repository.documents()) {
            for (Markdown.Link link : new Markdown(file, repository.text(file)).links()) {
                if (!leadsSomewhere(file, link.target())) {
                    broken.add(new Finding(file, link.line(), link.target()));
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    private static boolean leadsSomewhere(String from, String target) {
        final String[] parts = target.split("#", 2);
        final Path folder = Path.of(Repository.folder(from));
        final Path path =
                parts[0].isEmpty() ? Path.of(from) : folder.resolve(parts[0]).normalize();
        return repository.exists(path)
                && (parts.length == 1
                        || !path.toString().endsWith(".md")
                        || new Markdown(path.toString(), repository.text(path.toString())).hasAnchor(parts[1]));
    }

    /** Comments, scripts and poms name documents by their path from the root. */
    @Test
    void sourcesNameDocumentsThatExist() {
        final List<Finding> missing = new ArrayList<>();
        for (String file : repository.files()) {
            if (file.matches(".*\\.(?:java|c|h|xml|toml|py|sh)|\\.ci/run|perf-scripts/[^.]*|millrace")
                    && !file.startsWith("src/test/java/io/millrace/cli/tidy/")) {
                DocumentNames.in(repository.text(file)).stream()
                        .filter(name -> !repository.exists(Path.of(name)))
                        .forEach(name -> missing.add(new Finding(file, 1, name)));
            }
        }
        assertThat(missing).isEmpty();
    }

    /** Promises name the tests that hold them. */
    @Test
    void documentsNameTestsThatExist() {
        final Set<String> classes = repository.sources().stream()
                .map(file -> file.replaceFirst(".*/", ""))
                .collect(Collectors.toSet());
        final List<Finding> missing = new ArrayList<>();
        for (String file : repository.documents()) {
            DocumentNames.testsIn(repository.text(file)).stream()
                    .filter(name -> !classes.contains(name + ".java"))
                    .forEach(name -> missing.add(new Finding(file, 1, name)));
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void documentsHaveShortLines() {
        assertThat(documents(Markdown::longLines)).isEmpty();
    }

    @Test
    void documentsHaveShortSentences() {
        final Map<String, Integer> over = new TreeMap<>();
        for (String file : repository.documents()) {
            final Markdown document = new Markdown(file, repository.text(file));
            final int percent = document.longSentences().size() * 100 / Math.max(1, document.sentenceCount());
            if (percent > MOST_LONG_SENTENCES) {
                over.put(file.replaceFirst(".*/", ""), percent);
            }
        }
        assertThat(ceilings.complaints("long-sentences", over)).isEmpty();
    }

    @Test
    void theReadmeIsShort() {
        assertThat(repository.text("README.md").lines().count()).isLessThanOrEqualTo(MOST_LINES_OF_THE_README);
    }

    @Test
    void sourcesHaveShortLines() {
        final Map<String, Integer> found = new TreeMap<>();
        for (String file : java().toList()) {
            final long count = SourceLines.longerThan(LONGEST_LINE, file, repository.text(file))
                    .size();
            count(found, repository.artifact(file), (int) count);
        }
        assertThat(ceilings.complaints("long-lines", found)).isEmpty();
    }

    @Test
    void filesAreShortOrSayWhyNot() {
        final Map<String, Integer> found = new TreeMap<>();
        for (String file : java().toList()) {
            final String text = repository.text(file);
            if (SourceLines.isTooLong(LONGEST_FILE, text)) {
                found.put(file.replaceFirst(".*/", ""), (int) text.lines().count());
            }
        }
        assertThat(ceilings.complaints("long-files", found)).isEmpty();
    }

    @Test
    void packagesAreSmall() {
        final Map<String, Integer> found =
                java().collect(Collectors.toMap(Repository::packageOf, file -> 1, Integer::sum));
        found.values().removeIf(count -> count <= MOST_FILES_OF_A_PACKAGE);
        assertThat(ceilings.complaints("large-packages", found)).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsFor() {
        final Set<String> folders = java().filter(
                        file -> !Repository.isTest(file) && !file.endsWith("/module-info.java"))
                .map(Repository::folder)
                .collect(Collectors.toSet());
        assertThat(folders).allMatch(folder -> repository.exists(Path.of(folder, "package-info.java")));
    }

    @Test
    void everyLibraryIsAModule() {
        final Set<String> artifacts =
                java().filter(Repository::isLibrary).map(repository::artifact).collect(Collectors.toSet());
        assertThat(artifacts)
                .allMatch(artifact -> repository.exists(Path.of(artifact, "src/main/java/module-info.java")));
    }

    @Test
    void parametersOfExportedTypesAreDocumented() {
        final Set<String> exported = repository.exportedFolders();
        final List<Finding> found =
                shape(file -> exported.contains(Repository.folder(file))).undocumented();
        final Map<String, Integer> byArtifact = new TreeMap<>();
        found.forEach(each -> count(byArtifact, repository.artifact(each.file()), 1));
        assertThat(ceilings.complaints("undocumented-parameters", byArtifact))
                .as("%s", found)
                .isEmpty();
    }

    /**
     * The operating system and the temporary folder come from one class, and nothing is configured by a property. The JDK's HTTP
     * takes its limits from properties alone, so that {@code http} sets three.
     */
    @Test
    void librariesReadNoSystemProperties() {
        final List<Finding> found = shape(Repository::isLibrary).properties();
        assertThat(found)
                .allMatch(each -> each.file().endsWith("/natives/Platform.java")
                        || each.file().startsWith("engine/network/src/main/java/io/millrace/http/"));
        assertThat(found).hasSize(6);
    }

    @Test
    void helpFitsTheTerminal() {
        assertThat(ceilings.complaints("help", HelpText.counts(Millrace.commandLine())))
                .isEmpty();
    }

    /** Larger files are kept compressed, or not at all. */
    @Test
    void filesAreLight() {
        assertThat(repository.files()).allMatch(file -> repository.length(file) <= LARGEST_FILE);
    }

    private static List<Finding> documents(Function<Markdown, List<Finding>> rule) {
        return repository.documents().stream()
                .filter(file -> !file.equals("jmh-results/README.md")) // generated
                .flatMap(file -> rule.apply(new Markdown(file, repository.text(file))).stream())
                .toList();
    }

    private static JavaShape.Findings shape(Predicate<String> chosen) {
        return JavaShape.of(java().filter(chosen)
                .map(file -> new JavaShape.Source(file, repository.text(file)))
                .toList());
    }

    private static Stream<String> java() {
        return repository.sources().stream().filter(file -> file.matches(".*src/(?:main|test)/java/.*[.]java"));
    }

    private static void count(Map<String, Integer> counts, String place, int number) {
        if (number > 0) {
            counts.merge(place, number, Integer::sum);
        }
    }
}

package io.millrace.cli.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of the repository, by kind and by artifact. */
final class Repository {
    private static final Pattern EXPORT = Pattern.compile("(?m)^\\s*exports\\s+([\\w.]+)\\s*(;|\\s+to\\b)");

    private final Path root;
    private final List<String> files;

    private Repository(Path root, List<String> files) {
        this.root = root;
        this.files = files;
    }

    /** Lists what git tracks and, so that a build before the commit sees them, new files that git does not ignore. */
    static Repository at(Path root) throws IOException, InterruptedException {
        final Process git = new ProcessBuilder("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
                .directory(root.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        final String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        final List<String> files = git.waitFor() == 0 ? List.of(names.split("\0")) : walk(root);
        return new Repository(
                root,
                files.stream()
                        .filter(file -> Files.isRegularFile(root.resolve(file)))
                        .toList());
    }

    /** An unpacked archive has no git: every file outside of hidden and built folders. */
    private static List<String> walk(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.map(path -> root.relativize(path).toString())
                    .filter(name -> !name.matches("(?:.*/)?(?:target|\\.[^/]+)(?:/.*)?"))
                    .filter(name -> !name.isEmpty())
                    .toList();
        }
    }

    /** Every file, from the root. */
    List<String> files() {
        return files;
    }

    /** Sources in Java or C. */
    List<String> sources() {
        return ending(".java", ".c", ".h");
    }

    /** Documents, but none of a kept run. */
    List<String> documents() {
        return ending(".md").stream()
                .filter(file -> !file.matches("jmh-results/.*/.*"))
                .toList();
    }

    private List<String> ending(String... ends) {
        return files.stream()
                .filter(file -> Stream.of(ends).anyMatch(file::endsWith))
                .toList();
    }

    /** Text of a file. */
    String text(String file) {
        try {
            return Files.readString(root.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }

    /** Length of a file, in bytes. */
    long length(String file) {
        try {
            return Files.size(root.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }

    /** Whether a path, from the root, is a file or a folder. */
    boolean exists(Path path) {
        return Files.exists(root.resolve(path));
    }

    /** Artifact of a source, as a folder from the root; {@code docs} for a document. */
    String artifact(String file) {
        final int main = file.indexOf("src/");
        if (file.endsWith(".md") || file.startsWith("src/docs/") || main < 0) {
            return "docs";
        }
        return main == 0 ? "src" : file.substring(0, main - 1);
    }

    /** Whether a source belongs to tests. */
    static boolean isTest(String file) {
        return file.contains("src/test/") || file.startsWith("engine/test-support/");
    }

    /** Whether a source is one of an artifact that other programs embed. */
    static boolean isLibrary(String file) {
        return (file.startsWith("engine/") || file.startsWith("native-bindings/")) && !isTest(file);
    }

    /** Folders of the packages that modules export to everyone. */
    Set<String> exportedFolders() {
        return files.stream()
                .filter(file -> file.endsWith("/module-info.java"))
                .flatMap(file -> EXPORT.matcher(text(file))
                        .results()
                        .filter(match -> match.group(2).equals(";"))
                        .map(match -> folder(file) + "/" + match.group(1).replace('.', '/')))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Folder of a file. */
    static String folder(String file) {
        return file.substring(0, Math.max(0, file.lastIndexOf('/')));
    }

    /** Package of a Java source, from its path; with {@code -tests} after it for a test. */
    static String packageOf(String file) {
        final String folder = folder(file).replaceFirst("^.*?src/(?:main|test)/java/?", "");
        return folder.replace('/', '.') + (isTest(file) ? "-tests" : "");
    }

    /** Passages of all files that are read by persons: documents, comments, and the strings of programs. */
    List<Passage> passages() {
        final List<Passage> passages = new ArrayList<>();
        for (String file : documents()) {
            passages.addAll(new Markdown(file, text(file)).passages());
        }
        for (String file : sources()) {
            passages.addAll(SourceProse.of(file, text(file), file.endsWith(".java") && !isTest(file)));
        }
        return passages;
    }
}

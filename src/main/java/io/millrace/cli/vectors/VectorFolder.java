package io.millrace.cli.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.console.UsageError;
import io.millrace.rig.input.InputException;
import io.millrace.rig.input.JsonFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every file below a folder but prose: JSON, whatever its name, is run by the shape that recognises it, and the
 * rest is reported as not read.
 */
final class VectorFolder {
    private static final int SHOWN_FIELDS = 4;
    private static final int LONGEST_FIELD = 24;

    /** Names of files that explain others: prose, licences, and hidden files. */
    private static final Pattern PROSE = Pattern.compile(
            "\\..*|.*\\.(md|adoc|rst|html)|(readme|licen[cs]e|copying|notice|authors)(\\..*)?",
            Pattern.CASE_INSENSITIVE);

    private final Path folder;
    private final List<VectorShape> shapes;

    VectorFolder(Path folder, List<VectorShape> shapes) {
        this.folder = folder;
        this.shapes = shapes;
    }

    /**
     * Runs the files in the order of their paths.
     *
     * @throws UsageError if the folder is missing.
     * @throws IOException if a folder or file cannot be read.
     */
    List<FileReport> run() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new UsageError((Files.exists(folder) ? "not a folder: " : "no such folder: ") + folder);
        }
        final List<Path> files;
        try (Stream<Path> found = Files.walk(folder)) {
            files = found.filter(Files::isRegularFile)
                    .filter(file ->
                            !PROSE.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        final List<FileReport> reports = new ArrayList<>();
        for (final Path file : files) {
            reports.add(run(file));
        }
        return reports;
    }

    private FileReport run(Path file) throws IOException {
        final String name = folder.relativize(file).toString();
        final String text;
        final JsonNode root;
        try {
            text = JsonFile.text(file);
        } catch (FileSystemException e) {
            throw e;
        } catch (InputException | IOException e) { // the text reader's refusals are of both kinds
            return unread(name, "not text in UTF-8, or too long");
        }
        try {
            root = JsonFile.json(text, file, 1);
        } catch (InputException e) {
            return unread(name, "not valid JSON");
        }
        final Optional<VectorShape> shape =
                shapes.stream().filter(known -> known.matches(root)).findFirst();
        if (shape.isEmpty()) {
            return FileReport.unknownFile(name, "unknown shape: " + describe(root));
        }
        final CaseLog log = new CaseLog();
        try {
            shape.get().run(root, log);
        } catch (RuntimeException e) {
            log.fail("file", "has the shape, and something else in it: " + e);
        }
        if (log.total() == 0) {
            log.fail("file", "no cases in a file of a known shape");
        }
        return FileReport.ofFile(name, shape.get().name(), log);
    }

    /** A file that is JSON by its name is damaged; any other is of another format, such as the INI and .rsp files of others. */
    private static FileReport unread(String name, String reason) {
        return name.endsWith(".json") ? FileReport.damagedFile(name, reason) : FileReport.unknownFile(name, reason);
    }

    private static String describe(JsonNode root) {
        final JsonNode described = root.isArray() ? root.path(0) : root;
        final String fields = described.properties().stream()
                .map(each -> each.getKey().length() > LONGEST_FIELD
                        ? each.getKey().substring(0, LONGEST_FIELD) + "..."
                        : each.getKey())
                .limit(SHOWN_FIELDS)
                .collect(Collectors.joining(", "));
        return (root.isArray() ? "list of " : "") + "{" + fields + (described.size() > SHOWN_FIELDS ? ", ...}" : "}");
    }
}

package io.millrace.cli.vectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.cli.console.UsageError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every JSON file below a folder, each run by the shape that recognises it. */
final class VectorFolder {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int SHOWN_FIELDS = 4;

    private final Path folder;
    private final List<VectorShape> shapes;

    VectorFolder(Path folder, List<VectorShape> shapes) {
        this.folder = folder;
        this.shapes = shapes;
    }

    /**
     * Runs the files in the order of their paths.
     *
     * @throws UsageError if the folder is missing, or holds no JSON file.
     * @throws IOException if a folder or file cannot be read.
     */
    List<FileReport> run() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new UsageError((Files.exists(folder) ? "not a folder: " : "no such folder: ") + folder);
        }
        final List<Path> files;
        try (Stream<Path> found = Files.walk(folder)) {
            files = found.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (files.isEmpty()) {
            throw new UsageError("no JSON file below the folder: " + folder);
        }
        final List<FileReport> reports = new ArrayList<>();
        for (final Path file : files) {
            reports.add(run(file));
        }
        return reports;
    }

    private FileReport run(Path file) throws IOException {
        final String name = folder.relativize(file).toString();
        final JsonNode root;
        try {
            root = JSON.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            return FileReport.skippedFile(name, "not valid JSON");
        }
        final Optional<VectorShape> shape =
                shapes.stream().filter(known -> known.matches(root)).findFirst();
        if (shape.isEmpty()) {
            return FileReport.skippedFile(name, "unknown shape: " + describe(root));
        }
        final CaseLog log = new CaseLog();
        shape.get().run(root, log);
        if (log.total() == 0) {
            log.fail("file", "no cases in a file of a known shape");
        }
        return FileReport.ofFile(name, shape.get().name(), log);
    }

    private static String describe(JsonNode root) {
        final JsonNode described = root.isArray() ? root.path(0) : root;
        final String fields = described.properties().stream()
                .map(Map.Entry::getKey)
                .limit(SHOWN_FIELDS)
                .collect(Collectors.joining(", "));
        return (root.isArray() ? "list of " : "") + "{" + fields + (described.size() > SHOWN_FIELDS ? ", ...}" : "}");
    }
}

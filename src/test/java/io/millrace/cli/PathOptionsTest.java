package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.console.PathCheck;
import io.millrace.cli.console.PathKind;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Every path that the program takes, found in the tree of its commands, given wrong paths. */
class PathOptionsTest {
    @TempDir
    private Path folder;

    private Map<String, String> values;

    @BeforeEach
    void makeFiles() throws IOException {
        Files.createDirectory(folder.resolve("folder"));
        Files.createDirectory(folder.resolve("folder.cbor"));
        Files.writeString(folder.resolve("file"), "text\n");
        final JsonNode keys = ProgramRun.of("keygen", "--json", path("key")).json();
        Files.writeString(
                folder.resolve("actors.toml"),
                "[[actor]]\nname = \"a\"\npublic-key = \"%s\"\n"
                        .formatted(keys.path("actorKey").asText()));
        values = Map.of(
                "--actors", path("actors.toml"),
                "--key", path("key"),
                "--identity", keys.path("identity").asText(),
                "--peer", keys.path("linkKey").asText(),
                "HOST:PORT", "127.0.0.1:9",
                "OPERATION", "delete k");
    }

    @Test
    void eachPathSaysOfWhatKindItIs() {
        final List<String> silent = new ArrayList<>();
        int paths = 0;
        for (CommandLine command : commands()) {
            for (ArgSpec option : command.getCommandSpec().args()) {
                if (isPath(option)) {
                    paths++;
                    if (PathCheck.kind(option).isEmpty()) {
                        silent.add(name(command) + " " + label(option));
                    }
                }
            }
        }

        assertThat(silent).isEmpty();
        assertThat(paths).isGreaterThan(50);
    }

    @Test
    void aPathThatIsNotWhatWasMeantIsRefusedInOneLine() {
        for (CommandLine command : commands()) {
            for (ArgSpec option : command.getCommandSpec().args()) {
                PathCheck.kind(option)
                        .ifPresent(kind -> wrong(kind, option).forEach(path -> {
                            final String[] args = arguments(command, option, path);

                            final ProgramRun run = ProgramRun.of(args);

                            assertThat(run.exitCode())
                                    .as("%s: %s", List.of(args), run.err())
                                    .isEqualTo(2);
                            assertThat(run.err()).hasLineCount(1).startsWith("millrace: ");
                        }));
            }
        }
    }

    private List<String> wrong(PathKind kind, ArgSpec option) {
        if (label(option).equals("--sodium")) { // loaded once in a process: a missing one is MillraceTest's
            return List.of("", "/", ".", path("folder"));
        }
        final String below = path("file/below");
        return switch (kind) {
            case FILE -> List.of("", "/", ".", path("folder"), path("none"), below);
            case WRITTEN_FILE, WRITTEN_IN_PLACE, NEW_FILE ->
                List.of("", "/", ".", path("folder"), path("none/file"), below);
            case WRITTEN_PREFIX -> List.of(path("none/file"), below);
            case FOLDER, WRITTEN_FOLDER -> List.of("", path("file"), below);
            case PLACE, STORE -> List.of("", "/", path("file"), path("folder.cbor"), below, path("file/below.cbor"));
        };
    }

    /** The command with all that it requires, and a path. */
    private String[] arguments(CommandLine command, ArgSpec tested, String path) {
        final List<String> args =
                new ArrayList<>(List.of(name(command).split(" ", -1)).subList(1, depth(command)));
        for (OptionSpec option : command.getCommandSpec().options()) {
            if (option.equals(tested)) {
                args.addAll(List.of(option.longestName(), path));
            } else if (option.required() || option.longestName().equals("--actors")) {
                args.addAll(List.of(option.longestName(), value(option)));
            }
        }
        if (name(command).endsWith("prove")) {
            args.addAll(List.of("--index", "0"));
        }
        for (ArgSpec parameter : command.getCommandSpec().positionalParameters()) {
            if (parameter.equals(tested)) {
                args.add(path);
            } else if (parameter.arity().min() > 0 || label(parameter).equals("OPERATION")) {
                args.addAll(List.of(value(parameter).split(" ", -1)));
            }
        }
        return args.toArray(String[]::new);
    }

    private String value(ArgSpec option) {
        final String known = values.get(label(option));
        if (known != null) {
            return known;
        }
        return PathCheck.kind(option)
                .map(kind -> switch (kind) {
                    case FILE -> path("file");
                    case FOLDER, WRITTEN_FOLDER -> path("folder");
                    case WRITTEN_FILE, WRITTEN_IN_PLACE, NEW_FILE, WRITTEN_PREFIX -> path("new");
                    case PLACE, STORE -> path("new.cbor");
                })
                .orElse("1");
    }

    private static boolean isPath(ArgSpec option) {
        return option.userObject() instanceof Field field
                && (field.getType() == Path.class
                        || (field.getGenericType() instanceof ParameterizedType type
                                && Stream.of(type.getActualTypeArguments()).anyMatch(Path.class::equals)));
    }

    private static List<CommandLine> commands() {
        final List<CommandLine> commands = new ArrayList<>();
        collect(Millrace.commandLine(), commands);
        return commands;
    }

    private static void collect(CommandLine command, List<CommandLine> commands) {
        if (command.getSubcommands().isEmpty()) {
            commands.add(command);
        }
        command.getSubcommands().values().forEach(below -> collect(below, commands));
    }

    private static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName();
    }

    private static int depth(CommandLine command) {
        return name(command).split(" ", -1).length;
    }

    private static String label(ArgSpec option) {
        return option instanceof OptionSpec named ? named.longestName() : option.paramLabel();
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }
}

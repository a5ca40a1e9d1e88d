package io.millrace.cli.console;

import io.millrace.text.FileTrouble;
import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.ParseResult;

/** Looks at the paths of a command line before the command runs. */
public final class PathCheck {
    private PathCheck() {}

    /**
     * Refuses a path of another kind than its option takes.
     *
     * @param parsed the program's command line, with those of its subcommands.
     * @throws UsageError that names the path and the fault.
     */
    public static void check(ParseResult parsed) {
        ParseResult each = parsed;
        while (each != null) {
            for (ArgSpec option : each.matchedArgs()) {
                kind(option).ifPresent(kind -> paths(option).forEach(path -> check(option, kind, path)));
            }
            each = each.subcommand();
        }
    }

    /**
     * The kind of path that an option takes.
     *
     * @param option of a command.
     * @return empty if it takes none.
     */
    public static Optional<PathKind> kind(ArgSpec option) {
        return option.userObject() instanceof AnnotatedElement field && field.isAnnotationPresent(PathOption.class)
                ? Optional.of(field.getAnnotation(PathOption.class).value())
                : Optional.empty();
    }

    private static List<Path> paths(ArgSpec option) {
        final Object value = option.getValue();
        if (value instanceof Path path) {
            return List.of(path);
        }
        return value instanceof Collection<?> all
                ? all.stream().map(Path.class::cast).toList()
                : List.of();
    }

    private static void check(ArgSpec option, PathKind kind, Path path) {
        if (path.toString().isEmpty()) {
            throw new UsageError("the path is empty: " + label(option));
        }
        try {
            kind.require(path);
        } catch (IOException e) {
            throw new UsageError(FileTrouble.describe(e), e);
        }
    }

    private static String label(ArgSpec option) {
        return option.isOption() ? ((picocli.CommandLine.Model.OptionSpec) option).longestName() : option.paramLabel();
    }
}

package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.UsedWith;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Every rule that an option or argument of the command tree declares is kept: combinations that are not read are refused,
 * and so is every place that a result cannot be put at, before the command runs.
 */
class OptionRulesTest {
    /** Options and arguments with a path that is only read. A new one belongs here or declares its output. */
    private static final Set<String> READ = Set.of(
            "millrace --sodium",
            "explain FILE",
            "stat FOLDER",
            "compare OLD",
            "compare NEW",
            "demo FILE",
            "relay --config",
            "bench packets --config",
            "bench receipts --config",
            "bench matrix --config",
            "bench cores --config",
            "knee --config",
            "send --config",
            "send FILE",
            "receive --config",
            "htx serve --key",
            "htx connect --key",
            "htx connect --file",
            "delays verify --disclosures",
            "delays verify --descriptor",
            "delays verify --probes",
            "vectors DIR",
            "receipts append --key",
            "receipts append REQUEST",
            "receipts list --log",
            "receipts find --log",
            "receipts prove --log",
            "receipts verify --receipt",
            "receipts verify --proof",
            "receipts verify --signature",
            "receipts verify --checkpoint",
            "receipts verify --consistency",
            "receipts verify --log",
            "receipts checkpoint --log",
            "twin apply --actors",
            "twin apply --key",
            "twin apply --operations",
            "twin show STORE",
            "twin show --actors",
            "twin sync --actors",
            "twin verify FILE",
            "twin verify --actors",
            "twin compact STORE",
            "twin compact --actors");

    /** Options that are not read with every other one. One that loses its rule would be passed over in silence. */
    private static final Set<String> RESTRICTED = Set.of(
            "bench flood --attackers",
            "send --probes",
            "send --probe-gap-ms",
            "htx serve --raw-noise",
            "htx serve --allow",
            "htx serve --prologue",
            "htx serve --prologue-hex",
            "htx connect --raw-noise",
            "htx connect -L",
            "htx connect --echo",
            "htx connect --prologue",
            "htx connect --prologue-hex",
            "keygen --show",
            "delays verify --tolerance-us",
            "receipts verify --witness",
            "receipts verify --quorum",
            "receipts verify --origin",
            "receipts verify --receipt",
            "receipts verify --proof",
            "receipts verify --signature",
            "receipts verify --consistency");

    @TempDir
    private Path folder;

    /** One option or argument of one command. */
    record Arg(List<String> command, ArgSpec spec) {
        String name() {
            return spec.isOption() ? ((OptionSpec) spec).longestName() : spec.paramLabel();
        }

        <A extends Annotation> Optional<A> rule(Class<A> type) {
            return spec.userObject() instanceof AnnotatedElement element
                    ? Optional.ofNullable(element.getAnnotation(type))
                    : Optional.empty();
        }

        @Override
        public String toString() {
            return String.join(" ", command) + " " + name();
        }
    }

    static Stream<Arg> restricted() {
        return args().filter(each -> each.rule(UsedWith.class).isPresent());
    }

    static Stream<Arg> written() {
        return args().filter(each -> isWritten(each));
    }

    private static boolean isWritten(Arg arg) {
        return arg.rule(PathOption.class)
                .filter(rule -> rule.value().isWritten())
                .isPresent();
    }

    @ParameterizedTest
    @MethodSource
    void restricted(Arg arg) {
        final UsedWith rule = arg.rule(UsedWith.class).orElseThrow();
        if (rule.oneOf().length > 0) {
            requireRefused(arg, List.of(), rule.oneOf()[0]);
        }
        final List<String> needed = rule.oneOf().length == 0 ? List.of() : List.of(rule.oneOf()[0]);
        for (String other : rule.not()) {
            requireRefused(arg, plus(needed, other), other);
        }
        final List<String> allowed = List.of(rule.nothingBut());
        if (!allowed.contains(UsedWith.ANYTHING)) {
            for (OptionSpec other : arg.spec().command().options()) {
                final String name = other.longestName();
                final boolean ofAll =
                        other.inherited() || Set.of("--help", "--version").contains(name);
                if (!ofAll && !name.equals("--json") && !name.equals(arg.name()) && !allowed.contains(name)) {
                    requireRefused(arg, List.of(name), name);
                }
            }
        }
    }

    private void requireRefused(Arg arg, List<String> others, String named) {
        final List<String> line = line(arg, folder.resolve("x").toString(), others);
        final ProgramRun run = checked(line);
        assertThat(run.exitCode()).as("%s: %s", line, run.err()).isEqualTo(2);
        assertThat(run.err()).as("%s", line).contains(arg.name(), named).hasLineCount(1);
        assertThat(run.err()).as("%s", line).containsAnyOf("is read only with", "exclude each other");
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource
    void written(Arg arg) throws IOException {
        final PathOption rule = arg.rule(PathOption.class).orElseThrow();
        final Path file = Files.writeString(folder.resolve("file"), "");
        requireRefused(arg, file.resolve("below").resolve("x"));
        requireRefused(arg, folder.resolve("n".repeat(256)));
        switch (rule.value()) {
            case WRITTEN_FILE, WRITTEN_IN_PLACE -> requireRefused(arg, folder);
            case NEW_FILE -> requireRefused(arg, file);
            case WRITTEN_FOLDER -> requireRefused(arg, file);
            case WRITTEN_PREFIX -> requireRefused(arg, folder.resolve("n".repeat(250)));
            case STORE -> requireRefused(arg, folder.resolve("missing/x.cbor"));
            case FILE, FOLDER, PLACE -> throw new AssertionError("only read: " + arg);
        }
        if (Set.of(PathKind.WRITTEN_FILE, PathKind.WRITTEN_IN_PLACE, PathKind.NEW_FILE)
                .contains(rule.value())) {
            requireRefused(arg, folder.resolve("missing/x"));
        }
        assertThat(folder).isDirectoryNotContaining("glob:**/.millrace-*");
    }

    private void requireRefused(Arg arg, Path place) {
        final UsedWith rule = arg.rule(UsedWith.class).orElse(null);
        final List<String> needed = rule == null || rule.oneOf().length == 0 ? List.of() : List.of(rule.oneOf()[0]);
        final List<String> line = line(arg, place.toString(), needed);
        final ProgramRun run = checked(line);
        assertThat(run.exitCode()).as("%s: %s", line, run.err()).isEqualTo(2);
        assertThat(run.err())
                .as("%s", line)
                .contains(place.getParent().getFileName().toString())
                .hasLineCount(1);
        assertThat(run.out()).isEmpty();
    }

    /** Runs the checks alone: a line that is not refused must not start a server or a measurement. */
    private static ProgramRun checked(List<String> line) {
        return ProgramRun.of(Millrace.commandLine(parsed -> ExitCode.OK), line.toArray(String[]::new));
    }

    @Test
    void everyRestrictionIsKnown() {
        assertThat(restricted().map(Arg::toString)).containsExactlyInAnyOrderElementsOf(RESTRICTED);
    }

    @Test
    void everyPathIsDeclaredAsWrittenOrKnownAsRead() {
        final Set<String> undeclared = new TreeSet<>();
        args().filter(each -> each.spec().typeInfo().getType() == Path.class
                        || each.spec().auxiliaryTypes()[0] == Path.class
                        || each.name().equals("--out"))
                .filter(each -> !isWritten(each))
                .map(Arg::toString)
                .filter(each -> !READ.contains(each) && !each.endsWith(" --sodium"))
                .forEach(undeclared::add);

        assertThat(undeclared).isEmpty();
    }

    /** The command line for one option or argument with a value, other options, and all that the command requires. */
    private static List<String> line(Arg arg, String value, List<String> others) {
        final List<String> line = new ArrayList<>(arg.command());
        final CommandSpec command = arg.spec().command();
        for (OptionSpec option : command.options()) {
            final String name = option.longestName();
            if (name.equals(arg.name())) {
                line.add(name);
                addValue(line, option, value);
            } else if (others.contains(name)
                    || (option.required() && (option.group() == null || name.equals("--index")))) {
                line.add(name);
                addValue(line, option, valueOf(option));
            }
        }
        command.positionalParameters().stream()
                .filter(each -> each.arity().min() > 0 || each.paramLabel().equals(arg.name()))
                .forEach(each -> line.add(each.paramLabel().equals(arg.name()) ? value : valueOf(each)));
        return line;
    }

    private static void addValue(List<String> line, OptionSpec option, String value) {
        if (option.arity().max() > 0 && option.arity().min() > 0) {
            final boolean path = option.typeInfo().getType() == Path.class
                    || option.longestName().equals("--out");
            line.add(path ? value : valueOf(option));
        }
    }

    private static String valueOf(ArgSpec spec) {
        final Class<?> type = spec.auxiliaryTypes()[0];
        if (spec.paramLabel().equals("HOST:PORT")) {
            return "127.0.0.1:1";
        }
        if (spec.paramLabel().contains("PORT:HOST")) {
            return "1:localhost:1";
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0].toString();
        }
        return type == String.class || type == Path.class ? "x" : "1";
    }

    private static Stream<Arg> args() {
        final List<Arg> found = new ArrayList<>();
        collect(Millrace.commandLine(), List.of(), found);
        return found.stream();
    }

    private static void collect(CommandLine command, List<String> name, List<Arg> found) {
        command.getCommandSpec().args().forEach(each -> found.add(new Arg(name, each)));
        command.getSubcommands().forEach((word, below) -> collect(below, plus(name, word), found));
    }

    private static List<String> plus(List<String> words, String word) {
        final List<String> more = new ArrayList<>(words);
        more.add(word);
        return List.copyOf(more);
    }
}

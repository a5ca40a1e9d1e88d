package io.millrace.cli.console;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The one place that holds the given options against {@link UsedWith}, and the places for results against {@link PathOption},
 * before a command runs.
 */
public final class OptionRules {
    private static final String JSON = "--json";

    private final ParseResult given;

    private OptionRules(ParseResult given) {
        this.given = given;
    }

    /**
     * Checks the options of a command line that does not ask for help.
     *
     * @param parsed the program's command line, with those of its subcommands.
     * @throws UsageError if options are not used together, or a result cannot be put where it is asked for.
     */
    public static void check(ParseResult parsed) {
        for (ParseResult each = parsed; each != null; each = each.subcommand()) {
            check(each.commandSpec(), new OptionRules(each));
        }
    }

    private static void check(CommandSpec command, OptionRules rules) {
        final List<OptionSpec> options =
                command.options().stream().filter(rules.given::hasMatchedOption).toList();
        options.forEach(each -> annotation(each, UsedWith.class).ifPresent(rule -> rules.refuseOthers(each, rule)));
        options.forEach(each -> annotation(each, UsedWith.class).ifPresent(rule -> rules.requireOne(each, rule)));
        for (ArgSpec each : command.args()) {
            annotation(each, PathOption.class)
                    .filter(rule -> rule.value().isWritten())
                    .ifPresent(rule -> rules.requirePlace(each, rule));
        }
    }

    private void requireOne(OptionSpec option, UsedWith rule) {
        final String name = option.longestName();
        if (rule.oneOf().length > 0 && Arrays.stream(rule.oneOf()).noneMatch(given::hasMatchedOption)) {
            throw new UsageError(name + " is read only with " + String.join(" or ", rule.oneOf()) + ": give "
                    + (rule.oneOf().length == 1 ? "that" : "one of them") + " too, or leave out " + name);
        }
    }

    private void refuseOthers(OptionSpec option, UsedWith rule) {
        final String name = option.longestName();
        for (String other : rule.not()) {
            if (given.hasMatchedOption(other)) {
                throw together(name, other);
            }
        }
        final List<String> allowed = List.of(rule.nothingBut());
        if (!allowed.contains(UsedWith.ANYTHING)) {
            for (OptionSpec other : given.matchedOptions()) {
                if (!other.equals(option)
                        && !other.inherited()
                        && !JSON.equals(other.longestName())
                        && !allowed.contains(other.longestName())) {
                    throw together(name, other.longestName());
                }
            }
        }
    }

    private static UsageError together(String name, String other) {
        return new UsageError(
                name + " and " + other + " exclude each other, one of them would not be read: leave out one");
    }

    private void requirePlace(ArgSpec arg, PathOption rule) {
        final Object value = arg.getValue();
        if (value == null || (!rule.unless().isEmpty() && given.hasMatchedOption(rule.unless()))) {
            return;
        }
        final PathKind kind = rule.value() == PathKind.NEW_FILE
                        && !rule.replacing().isEmpty()
                        && given.hasMatchedOption(rule.replacing())
                ? PathKind.WRITTEN_FILE
                : rule.value();
        final String name = arg.isOption() ? ((OptionSpec) arg).longestName() : arg.paramLabel();
        final String hint = rule.replacing().isEmpty() ? "" : ", " + rule.replacing() + " replaces it";
        ResultPlace.require(name, Path.of(value.toString()), kind, hint);
    }

    private static <A extends Annotation> Optional<A> annotation(ArgSpec arg, Class<A> type) {
        return arg.userObject() instanceof AnnotatedElement element
                ? Optional.ofNullable(element.getAnnotation(type))
                : Optional.empty();
    }
}

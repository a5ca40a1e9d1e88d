package io.millrace.cli.console;

import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Lists the options of a command under the headings that {@link Section} declares; those of every command come last. */
public final class HelpSections {
    private static final List<String> ORDER =
            List.of(Section.OPTIONS, Section.RUN, Section.LOAD, Section.RELAY, Section.RESULT, Section.GENERAL);

    private static final Set<String> OF_EVERY_COMMAND =
            Set.of("--json", "--verbose", "--sodium", "--help", "--version");

    private HelpSections() {}

    /**
     * Sets the sections of a command and all below it.
     *
     * @param command complete with its subcommands.
     */
    public static void apply(CommandLine command) {
        final Map<String, IHelpSectionRenderer> sections = new LinkedHashMap<>(command.getHelpSectionMap());
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpSections::options);
        sections.put(UsageMessageSpec.SECTION_KEY_SYNOPSIS_HEADING, help -> "");
        sections.put(UsageMessageSpec.SECTION_KEY_SYNOPSIS, HelpSections::synopsis);
        sections.put(UsageMessageSpec.SECTION_KEY_PARAMETER_LIST, HelpSections::parameters);
        sections.put(
                UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING,
                help -> help.subcommands().isEmpty() ? "" : "\nCommands:\n");
        command.setHelpSectionMap(sections);
    }

    private static String synopsis(Help help) {
        final StringBuilder line = new StringBuilder("Usage: ")
                .append(help.commandSpec().qualifiedName())
                .append(" [OPTIONS]");
        help.commandSpec().positionalParameters().stream()
                .filter(each -> !each.hidden())
                .forEach(each -> line.append(' ')
                        .append(each.arity().min() == 0 ? "[" + each.paramLabel() + "]" : each.paramLabel())
                        .append(each.arity().max() > 1 ? "..." : ""));
        if (!help.commandSpec().subcommands().isEmpty()) {
            line.append(' ').append(help.commandSpec().usageMessage().synopsisSubcommandLabel());
        }
        return line.append('\n').toString();
    }

    private static String parameters(Help help) {
        final String list = help.parameterList();
        return list.isBlank() ? "" : "\nParameters:\n" + list;
    }

    private static String options(Help help) {
        final Map<String, List<OptionSpec>> sections = new LinkedHashMap<>();
        ORDER.forEach(heading -> sections.put(heading, new ArrayList<>()));
        help.commandSpec().options().stream()
                .filter(option -> !option.hidden())
                .forEach(option -> sections.computeIfAbsent(heading(option), unknown -> new ArrayList<>())
                        .add(option));
        final StringBuilder text = new StringBuilder();
        sections.forEach((heading, options) -> {
            if (!options.isEmpty()) {
                final Help.Layout layout = help.createDefaultLayout();
                layout.addOptions(options, help.createDefaultParamLabelRenderer());
                text.append('\n').append(heading).append(":\n").append(layout);
            }
        });
        return text.toString();
    }

    private static String heading(OptionSpec option) {
        if (OF_EVERY_COMMAND.contains(option.longestName())) {
            return Section.GENERAL;
        }
        return option.userObject() instanceof AnnotatedElement field && field.isAnnotationPresent(Section.class)
                ? field.getAnnotation(Section.class).value()
                : Section.OPTIONS;
    }
}

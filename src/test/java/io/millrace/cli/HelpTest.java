package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.console.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

/** Every help page has the same shape: usage, a short first sentence, options in sections, exit codes. */
class HelpTest {
    private static final int WIDEST_LINE = 80;
    private static final int LONGEST_FIRST_SENTENCE = 70;

    /** Where there is no verb to expect in the third person. */
    private static final Set<String> HEADINGS = Set.of(
            Section.OPTIONS,
            Section.RUN,
            Section.LOAD,
            Section.RELAY,
            Section.RESULT,
            Section.GENERAL,
            "Parameters",
            "Commands");

    static Stream<CommandLine> commands() {
        final List<CommandLine> found = new ArrayList<>();
        collect(Millrace.commandLine(), found);
        assertThat(found).hasSizeGreaterThan(30);
        return found.stream();
    }

    private static void collect(CommandLine command, List<CommandLine> found) {
        found.add(command);
        command.getSubcommands().values().forEach(below -> collect(below, found));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void fitsTheTerminal(CommandLine command) {
        assertThat(help(command).lines()).allMatch(line -> line.length() <= WIDEST_LINE);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void beginsWithOneShortSentenceInTheThirdPerson(CommandLine command) {
        final String[] description = command.getCommandSpec().usageMessage().description();
        assertThat(description).as(command.getCommandName()).isNotEmpty();
        final String first = description[0].split("(?<=[.:]) ", 2)[0];
        assertThat(first.length()).as(first).isLessThanOrEqualTo(LONGEST_FIRST_SENTENCE);
        assertThat(first).matches("[A-Z][a-z]+s[ ,].*[.:]");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void listsEveryOptionOnceUnderAHeading(CommandLine command) {
        final List<String> lines = help(command).lines().toList();
        final Set<String> headings = lines.stream()
                .filter(line -> line.matches("[A-Z][\\w ]*:"))
                .map(line -> line.substring(0, line.length() - 1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(HEADINGS).containsAll(headings);
        assertThat(headings).contains(Section.GENERAL);
        for (OptionSpec option : command.getCommandSpec().options()) {
            final long listed = lines.stream()
                    .dropWhile(line -> !headings.contains(line.replace(":", "")))
                    .filter(line -> line.matches("( {6}| {2}-\\w, | {2})" + option.longestName() + "([ =\\[].*)?"))
                    .count();
            assertThat(listed).as(option.longestName()).isEqualTo(option.hidden() ? 0 : 1);
        }
        assertThat(help(command)).startsWith("Usage: millrace").contains("Exit codes: 0 ");
    }

    @Test
    void aMeasurementListsNoOptionOfAnother() {
        final CommandLine bench = Millrace.commandLine().getSubcommands().get("bench");

        assertThat(own(bench, "htx")).containsExactlyInAnyOrder("--seconds", "--provider");
        assertThat(own(bench, "flood")).containsExactlyInAnyOrder("--seconds", "--attackers", "--attacks");
        assertThat(own(bench, "twin")).containsExactly("--largest");
        assertThat(own(bench, "packets")).doesNotContain("--only", "--chart", "--sign", "--receipts");
        assertThat(own(bench, "receipts")).contains("--sign").doesNotContain("--only", "--chart");
        assertThat(own(bench, "matrix")).contains("--only", "--chart").doesNotContain("--jfr", "--best-case");
        assertThat(own(bench, "cores")).contains("--most", "--threading").doesNotContain("--only", "--receipts");
    }

    private static List<String> own(CommandLine bench, String measurement) {
        final Set<String> general = Set.of("--json", "--verbose", "--sodium", "--help", "--version");
        return bench.getSubcommands().get(measurement).getCommandSpec().options().stream()
                .filter(option -> !option.hidden())
                .map(OptionSpec::longestName)
                .filter(name -> !general.contains(name))
                .toList();
    }

    private static String help(CommandLine command) {
        return command.getUsageMessage(Ansi.OFF);
    }
}

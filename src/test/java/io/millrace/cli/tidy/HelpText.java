package io.millrace.cli.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Shape of the help of a command. */
final class HelpText {
    /** Longest line, in columns. */
    static final int LONGEST_LINE = 80;

    /** Longest first sentence, in characters. */
    static final int LONGEST_FIRST_SENTENCE = 70;

    private HelpText() {}

    /**
     * Finds lines and first sentences that are too long.
     *
     * @param command its full name
     * @param description as declared, without line breaks
     * @param help as printed
     */
    static List<Finding> findings(String command, String description, String help) {
        final List<Finding> found = new ArrayList<>();
        final List<String> lines = help.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).length() > LONGEST_LINE) {
                found.add(new Finding(command + " --help", i + 1, lines.get(i).length() + " columns"));
            }
        }
        final int first = firstSentence(description).length();
        if (first > LONGEST_FIRST_SENTENCE) {
            found.add(new Finding(command + " --help", 1, first + " characters in the first sentence"));
        }
        return found;
    }

    /** Number of findings in the help of each command below that one, by full name with {@code -} between its words. */
    static Map<String, Integer> counts(CommandLine program) {
        final Map<String, Integer> counts = new TreeMap<>();
        count(program, counts);
        return counts;
    }

    private static void count(CommandLine command, Map<String, Integer> counts) {
        final String name = command.getCommandSpec().qualifiedName("-");
        final String description =
                String.join(" ", command.getCommandSpec().usageMessage().description());
        final int count =
                findings(name, description, command.getUsageMessage(Ansi.OFF)).size();
        if (count > 0) {
            counts.put(name, count);
        }
        command.getSubcommands().values().forEach(each -> count(each, counts));
    }

    private static String firstSentence(String description) {
        return description.strip().split("(?<=[.:])\\s+(?=[A-Z`])|%n", 2)[0];
    }
}

package io.millrace.cli.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Completes the words after {@code bench}: options alone are those of {@code packets}, and options that chose another
 * measurement in earlier releases become its subcommand, with a line on stderr that says so.
 */
final class BenchWords implements IParameterPreprocessor {
    private static final Set<String> ABOUT_ITSELF = Set.of("--help", "-h", "--version", "-V");

    private record Former(String option, String measurement, String value, boolean takesValue) {}

    /** In the order in which they are looked for: a matrix has receipts too. */
    private static final List<Former> FORMER = List.of(
            new Former("--matrix", "matrix", "", false),
            new Former("--htx", "htx", "", false),
            new Former("--htx-flood", "flood", "--attackers", true),
            new Former("--htx-attacks", "flood", "--attacks", true),
            new Former("--twin", "twin", "", false),
            new Former("--receipts", "receipts", "--sign", true));

    @Override
    @SuppressWarnings("JdkObsolete") // picocli's interface has a Stack
    public boolean preprocess(Stack<String> args, CommandSpec command, ArgSpec argument, Map<String, Object> info) {
        final List<String> words = new ArrayList<>(args.reversed());
        final List<String> complete = complete(words, command);
        args.clear();
        args.addAll(complete.reversed());
        return false;
    }

    private static List<String> complete(List<String> words, CommandSpec command) {
        if (!words.isEmpty() && (!words.getFirst().startsWith("-") || ABOUT_ITSELF.contains(words.getFirst()))) {
            return words;
        }
        for (Former former : FORMER) {
            for (int i = 0; i < words.size(); i++) {
                final String word = words.get(i);
                if (word.equals(former.option) || (former.takesValue && word.startsWith(former.option + "="))) {
                    return replaced(words, i, former, command);
                }
            }
        }
        final List<String> packets = new ArrayList<>(List.of("packets"));
        packets.addAll(words);
        return packets;
    }

    private static List<String> replaced(List<String> words, int at, Former former, CommandSpec command) {
        final List<String> complete = new ArrayList<>(List.of(former.measurement));
        complete.addAll(words.subList(0, at));
        if (former.takesValue) {
            final String word = words.get(at);
            complete.add(word.contains("=") ? former.value + word.substring(word.indexOf('=')) : former.value);
        }
        complete.addAll(words.subList(at + 1, words.size()));
        command.commandLine()
                .getErr()
                .println("bench " + former.option + " is now: bench "
                        + String.join(
                                " ",
                                former.takesValue
                                        ? List.of(former.measurement, former.value)
                                        : Collections.singleton(former.measurement)));
        command.commandLine().getErr().flush();
        return complete;
    }
}

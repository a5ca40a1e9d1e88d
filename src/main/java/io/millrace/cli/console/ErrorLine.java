package io.millrace.cli.console;

import io.millrace.crypto.SodiumUnavailableException;
import io.millrace.rig.input.InputException;
import io.millrace.text.ConfigException;
import io.millrace.text.FileTrouble;
import io.millrace.text.Shown;
import io.millrace.text.Suggestion;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever ends a command into one line on stderr and an exit code. */
public final class ErrorLine {
    private ErrorLine() {}

    /**
     * Handles errors of the parser: wrong options and arguments.
     *
     * @param refused as the parser threw it.
     * @param args the whole command line.
     * @return the exit code.
     */
    public static int ofParser(ParameterException refused, String[] args) {
        final CommandLine command = refused.getCommandLine();
        print(
                command.getErr(),
                message(refused, args) + " (see " + command.getCommandSpec().qualifiedName() + " --help)");
        return ExitCode.USAGE;
    }

    private static String message(ParameterException refused, String[] args) {
        final CommandLine command = refused.getCommandLine();
        return switch (refused) {
            case UnmatchedArgumentException unmatched ->
                unknown(command, unmatched.getUnmatched().getFirst());
            // A mistyped option leaves the one that was meant missing: the parser tells that first.
            case MissingParameterException missing ->
                Arrays.stream(args)
                        .filter(word ->
                                word.startsWith("--") && !options(command).contains(name(word)))
                        .findFirst()
                        .flatMap(word ->
                                Suggestion.nearest(name(word), options(command)).map(meant -> unknown(command, word)))
                        .orElseGet(() -> ParserWords.of(missing, args));
            default -> ParserWords.of(refused, args);
        };
    }

    private static String unknown(CommandLine command, String word) {
        if (word.startsWith("-")) {
            return "unknown option: " + word
                    + meant(name(word), options(command)).orElse("");
        }
        final List<String> commands = command.getSubcommands().entrySet().stream()
                .filter(each -> !each.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey)
                .toList();
        return commands.isEmpty()
                ? "one argument too many: " + word
                : "unknown command: " + word
                        + meant(word, commands).orElseGet(() -> "; commands: " + String.join(", ", commands));
    }

    private static Optional<String> meant(String word, List<String> words) {
        return Suggestion.nearest(word, words).map(each -> "; did you mean " + each + "?");
    }

    /** An option without its value. */
    private static String name(String word) {
        return word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
    }

    private static List<String> options(CommandLine command) {
        return command.getCommandSpec().options().stream()
                .filter(option -> !option.hidden())
                .flatMap(option -> Arrays.stream(option.names()))
                .filter(option -> option.startsWith("--"))
                .toList();
    }

    /**
     * Handles an exception of a command.
     *
     * @param verbose whether the stack trace follows.
     */
    public static int ofCommand(Throwable thrown, CommandLine command, boolean verbose) {
        final PrintWriter err = command.getErr();
        int exitCode = ExitCode.USAGE;
        switch (thrown) {
            case ConfigException usage -> print(err, usage.getMessage());
            case InputException input -> print(err, input.getMessage());
            case SodiumUnavailableException missing -> print(err, missing.getMessage());
            case IOException io -> print(err, FileTrouble.describe(io));
            case UncheckedIOException io -> print(err, FileTrouble.describe(io.getCause()));
            case InvalidPathException path ->
                print(err, "not a path here: " + path.getInput() + ": " + path.getReason());
            default -> {
                print(err, "a fault of the program: " + thrown + (verbose ? "" : " (--verbose shows where)"));
                exitCode = ExitCode.FAILED;
            }
        }
        if (verbose) {
            thrown.printStackTrace(err);
            err.flush();
        }
        return exitCode;
    }

    /**
     * Says that standard output could not be written, so that the reader of what there is of it does not take it for all.
     *
     * @param why the first failed write; empty if it is not known.
     * @param command writes the line to its standard error.
     */
    public static void ofOutput(Optional<IOException> why, CommandLine command) {
        print(
                command.getErr(),
                "cannot write to standard output: "
                        + why.map(FileTrouble::describe).orElse("a write failed")
                        + "; free the disk or keep the reader open, and run it again");
    }

    private static void print(PrintWriter err, String message) {
        err.println("millrace: " + Shown.of(message.strip().replaceAll("\\R\\s*", " ")));
        err.flush();
    }
}

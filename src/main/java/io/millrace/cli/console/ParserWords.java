package io.millrace.cli.console;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Errors of the parser in the words of this program: the option as it is typed, the fault, the allowed values. */
final class ParserWords {
    private static final String OF_VALUE = "Invalid value for ";

    private ParserWords() {}

    /**
     * Describes an error in one line.
     *
     * @param refused as the parser threw it.
     * @param args the whole command line.
     */
    static String of(ParameterException refused, String[] args) {
        return switch (refused) {
            case MissingParameterException missing -> missing(missing.getMissing(), args);
            case OverwrittenOptionException twice -> name(twice.getOverwritten()) + ": is given twice; give it once";
            default ->
                refused.getArgSpec() == null || !refused.getMessage().startsWith(OF_VALUE)
                        ? refused.getMessage()
                        : value(refused);
        };
    }

    /** A converter of this program says what it wants; one of the parser's says the type. */
    private static String value(ParameterException refused) {
        final ArgSpec of = refused.getArgSpec();
        return of.converters().length > 0 && refused.getCause() instanceof TypeConversionException own
                ? name(of) + ": " + own.getMessage()
                : value(of, refused.getValue());
    }

    /** A missing option that is on the command line lacks its value. */
    private static String missing(List<ArgSpec> missing, String[] args) {
        final List<String> typed = missing.stream().map(ParserWords::typed).toList();
        if (missing.size() == 1 && missing.getFirst() instanceof OptionSpec option && isGiven(option, args)) {
            return name(option) + ": needs a value: " + typed.getFirst();
        }
        final int last = typed.size() - 1;
        return last == 0
                ? typed.getFirst() + " is missing"
                : String.join(", ", typed.subList(0, last)) + " and " + typed.get(last) + " are missing";
    }

    private static boolean isGiven(OptionSpec option, String[] args) {
        return Arrays.stream(args)
                .anyMatch(word -> Arrays.stream(option.names())
                        .anyMatch(each -> word.equals(each) || word.startsWith(each + "=")));
    }

    private static String value(ArgSpec of, Object value) {
        final Class<?> type = of.type();
        final String given = of instanceof OptionSpec ? name(of) + "=" + value : String.valueOf(value);
        if (type == boolean.class || type == Boolean.class) {
            return given + ": takes no value; give " + name(of) + " alone";
        }
        return given + ": must be " + allowed(type);
    }

    private static String allowed(Class<?> type) {
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(each -> each.toString().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(" or "));
        }
        if (type == int.class || type == Integer.class) {
            return "a whole number of at most " + Integer.MAX_VALUE;
        }
        if (type == long.class || type == Long.class) {
            return "a whole number of at most " + Long.MAX_VALUE;
        }
        return type == double.class || type == Double.class ? "a number" : "another value";
    }

    /** As it is typed: {@code --config=FILE}, or {@code FILE}. */
    private static String typed(ArgSpec of) {
        return of instanceof OptionSpec ? name(of) + "=" + of.paramLabel() : of.paramLabel();
    }

    private static String name(ArgSpec of) {
        return of instanceof OptionSpec option ? option.longestName() : of.paramLabel();
    }
}

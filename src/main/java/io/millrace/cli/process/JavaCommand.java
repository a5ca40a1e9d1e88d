package io.millrace.cli.process;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The command line that starts this program once more: same JVM, same classes, same flags, a small heap. */
public final class JavaCommand {
    /** By name: this package is below all commands, and the program's entry point above them. */
    private static final String MAIN_CLASS = "io.millrace.cli.Millrace";

    /** Flags of this JVM that are not for its children: heap, collector, agents, recordings. */
    private static final Pattern OWN_FLAGS = Pattern.compile(
            "-Xm[sxn].*|-XX:\\+Use.*GC|-XX:(Max|Min|Initial)(RAM|Heap).*|-agent.*|-javaagent.*|-XX:.*Flight.*");

    private static final List<String> CHILD_FLAGS =
            List.of("-Xms32m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:-UsePerfData");

    private JavaCommand() {}

    /** The command line for these arguments of the program. */
    public static List<String> of(List<String> arguments) {
        final List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current()
                .info()
                .command()
                .orElseGet(() -> System.getProperty("java.home") + "/bin/java"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !OWN_FLAGS.matcher(flag).matches())
                .forEach(command::add);
        command.addAll(CHILD_FLAGS);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(MAIN_CLASS);
        command.addAll(arguments);
        return List.copyOf(command);
    }
}

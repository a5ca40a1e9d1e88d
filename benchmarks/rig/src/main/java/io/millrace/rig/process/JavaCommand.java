package io.millrace.rig.process;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The command line that starts this program, or a process of a measurement: same JVM and classes, a small heap, and of this
 * JVM's options only those that the program cannot run without. All others - ports of agents, recordings, logs, heap - are
 * meant for one process, whether they came with the command line, {@code MILLRACE_JAVA_OPTS}, {@code JAVA_TOOL_OPTIONS} or
 * {@code JDK_JAVA_OPTIONS}: two processes cannot have them. Options in {@link #CHILD_OPTIONS} are for the children.
 */
public final class JavaCommand {
    /** Variable of the environment with further JVM options of all children, split at spaces. */
    public static final String CHILD_OPTIONS = "MILLRACE_CHILD_JAVA_OPTS";

    /** By name, as both are above this package: the program's entry point, and that of a measurement's processes. */
    private static final String PROGRAM = "io.millrace.cli.Millrace";

    private static final String MEASURED = "io.millrace.rig.RigChild";

    /** Options that give access to the JDK, and properties that describe the machine. */
    private static final Pattern SHARED = Pattern.compile("--enable-native-access=.*|--sun-misc-unsafe-memory-access=.*"
            + "|--add-(opens|exports|modules)=.*|-ea|-enableassertions"
            + "|-D(java\\.io\\.tmpdir|java\\.net\\.prefer\\w+|file\\.encoding|sun\\.jnu\\.encoding"
            + "|std(out|err|in)\\.encoding|user\\.\\w+)=.*");

    /** Options that the launcher always gives, and that each process has in its own way. */
    private static final Pattern LAUNCHER = Pattern.compile("-Xm[sx].*|-XX:\\+UseSerialGC|-XX:-UsePerfData"
            + "|-XX:\\+DisplayVMOutputToStderr|-Xlog:disable|-Xlog:all=warning:stderr");

    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use.*GC");

    /** Variables from which a JVM, or the launcher, takes options. */
    private static final List<String> OPTION_VARIABLES =
            List.of("MILLRACE_JAVA_OPTS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS");

    private static final List<String> CHILD_FLAGS = List.of(
            // Agrona's buffers, in the counters file. The manifest of the jar gives it to this process alone.
            "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-Xms32m",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-XX:+DisplayVMOutputToStderr",
            "-Xlog:disable",
            "-Xlog:all=warning:stderr");

    private JavaCommand() {}

    /**
     * The command line for these arguments of the program.
     *
     * @param arguments of the program.
     * @return to be started in an environment without the variables of {@link #clean}.
     */
    public static List<String> of(List<String> arguments) {
        return of(PROGRAM, ownOptions(), System.getenv().getOrDefault(CHILD_OPTIONS, ""), arguments);
    }

    /**
     * The command line of a process that a measurement starts.
     *
     * @param kind of the process, as {@code RigChild} takes it.
     * @return to be started in an environment without the variables of {@link #clean}.
     */
    static List<String> measured(String kind) {
        return of(MEASURED, ownOptions(), System.getenv().getOrDefault(CHILD_OPTIONS, ""), List.of(kind));
    }

    /** A line that names the JVM options which the children do not get; empty if there are none. */
    public static Optional<String> remark() {
        final List<String> options = notPassedOn(ownOptions());
        return options.isEmpty()
                ? Optional.empty()
                : Optional.of("JVM options of this process alone (" + CHILD_OPTIONS + " has those of its children): "
                        + String.join(" ", options));
    }

    static List<String> notPassedOn(List<String> options) {
        return options.stream()
                .filter(option -> !SHARED.matcher(option).matches()
                        && !LAUNCHER.matcher(option).matches())
                .toList();
    }

    /** Takes the variables away from which a child's JVM would take options of this one. */
    static void clean(Map<String, String> environment) {
        OPTION_VARIABLES.forEach(environment::remove);
    }

    static List<String> of(String mainClass, List<String> options, String childOptions, List<String> arguments) {
        final List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current()
                .info()
                .command()
                .orElseGet(() -> System.getProperty("java.home") + "/bin/java"));
        options.stream().filter(option -> SHARED.matcher(option).matches()).forEach(command::add);
        final List<String> forChildren = childOptions.isBlank()
                ? List.of()
                : List.of(childOptions.strip().split("\\s+", -1));
        CHILD_FLAGS.stream()
                .filter(flag -> !COLLECTOR.matcher(flag).matches()
                        || forChildren.stream()
                                .noneMatch(option -> COLLECTOR.matcher(option).matches()))
                .forEach(command::add);
        command.addAll(forChildren);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(mainClass);
        command.addAll(arguments);
        return List.copyOf(command);
    }

    private static List<String> ownOptions() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments();
    }
}

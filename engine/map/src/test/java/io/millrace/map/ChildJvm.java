package io.millrace.map;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM with the classes and flags of this one. */
final class ChildJvm {
    private ChildJvm() {}

    /**
     * What starts {@code main}.
     *
     * @param flags more flags for the JVM.
     * @param classPath more of it, before the rest; may be empty.
     */
    static ProcessBuilder of(Class<?> main, List<String> flags, List<Path> classPath, String... arguments) {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--"))
                .forEach(command::add);
        command.addAll(List.of("-ea", "-Xms32m", "-Xmx256m", "-XX:+UseSerialGC"));
        command.addAll(flags);
        final StringBuilder path = new StringBuilder();
        classPath.forEach(each -> path.append(each).append(File.pathSeparatorChar));
        command.addAll(List.of("-cp", path + System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }
}

package io.millrace.cli.doctor;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** A C compiler on the search path, which building the provider {@code lanes} needs and nothing else does. */
final class CompilerProbe implements Probe {
    private static final String NAME = "c compiler";
    private static final List<String> COMPILERS = List.of("gcc", "clang", "cc");

    private final String searchPath;

    /** Looks in the folders of {@code searchPath}, written as in the environment variable {@code PATH}. */
    CompilerProbe(String searchPath) {
        this.searchPath = searchPath;
    }

    @Override
    public Finding look() {
        for (final String compiler : COMPILERS) {
            for (final String folder : searchPath.split(Pattern.quote(File.pathSeparator), -1)) {
                final Path file = Path.of(folder, compiler);
                if (!folder.isEmpty() && Files.isRegularFile(file) && Files.isExecutable(file)) {
                    return Finding.ok(NAME, file.toString());
                }
            }
        }
        return Finding.note(
                NAME,
                "none: the kernels of the provider lanes cannot be built",
                "apt install gcc, then touch pom.xml: the next start builds again");
    }
}

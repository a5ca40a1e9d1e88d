package io.millrace.fuzz;

import com.code_intelligence.jazzer.Jazzer;
import java.io.IOException;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** Runs Jazzer on the property that an argument names, a {@link FuzzTarget#label}, where the artifact has it. */
public final class JazzerTarget {
    private static FuzzTarget target;

    private JazzerTarget() {}

    /**
     * Fuzzes; says so and does nothing in an artifact without that property, because a build passes through several.
     *
     * @param arguments the property's label, then Jazzer's own.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (find(arguments[0]).isEmpty()) {
            System.out.println("no property " + arguments[0] + " here");
            return;
        }
        Jazzer.main(Stream.concat(
                        Stream.of("--target_class=" + JazzerTarget.class.getName(), "--target_args=" + arguments[0]),
                        Stream.of(arguments).skip(1))
                .toArray(String[]::new));
    }

    /** Chooses the property, once. */
    public static void fuzzerInitialize(String[] arguments) {
        target = find(String.join(" ", arguments))
                .orElseThrow(() -> new IllegalArgumentException("no such target: " + String.join(" ", arguments)));
    }

    /** One input. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        target.check(bytes);
    }

    private static Optional<FuzzTarget> find(String label) {
        return ServiceLoader.load(FuzzContract.class).stream()
                .flatMap(each -> each.get().targets().stream())
                .filter(each -> each.label().equals(label))
                .findAny();
    }
}

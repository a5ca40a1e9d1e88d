package io.millrace.fuzz;

/** What Jazzer calls: the property that its first argument names, a {@link FuzzTarget#label}. */
public final class JazzerTarget {
    private static FuzzTarget target;

    private JazzerTarget() {}

    /** Chooses the property, once. */
    public static void fuzzerInitialize(String[] arguments) {
        for (FuzzTarget each : FuzzTarget.values()) {
            if (arguments.length == 1 && each.label().equals(arguments[0])) {
                target = each;
                return;
            }
        }
        throw new IllegalArgumentException("no such target: " + String.join(" ", arguments));
    }

    /** One input. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        target.check(bytes);
    }
}

package io.millrace.contract;

import java.lang.foreign.Arena;
import java.lang.reflect.Executable;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The child process of {@link SegmentContractTest}: makes all probes and prints each before it is made, so that the last
 * line before a crash names it.
 */
public final class ContractRun {
    private static final int TRIES = 100;

    /** Of the shapes that are tried where those of {@link Shapes} are refused; fixed, so that each run is the same. */
    private static final long SEED = 1;

    /** Calls that cannot succeed here, with the reason: the probes see only that they refuse. */
    private static final Set<String> NEVER_VALID = Set.of(
            // The engine has no peer.
            "RelayEngine.originate",
            // No record begins at 0.
            "AppendLog.read",
            // Nothing listens.
            "HtxEndpoint.connect");

    private final Map<Executable, long[]> shapes = new HashMap<>();
    private final List<String> failures = new ArrayList<>();
    private final Foreign foreign = new Foreign();
    private int probes;

    private ContractRun() {}

    /**
     * Makes all probes of the exported classes.
     *
     * @param args if wanted, a pattern of the classes to probe.
     */
    public static void main(String[] args) throws Exception {
        final ContractRun run = new ContractRun();
        int classes = 0;
        int executables = 0;
        for (Class<?> type : ExportedClasses.find()) {
            if (args.length > 0 && !type.getName().matches(args[0])) {
                continue;
            }
            final List<Executable> contracted = ExportedClasses.contracted(type);
            if (contracted.isEmpty() || Subjects.isCallback(type)) {
                continue;
            }
            classes++;
            executables += contracted.size();
            for (Executable each : contracted) {
                run.settle(each);
            }
            for (Executable each : contracted) {
                if (run.shapes.containsKey(each)) {
                    new Probes(run, each).all();
                }
            }
        }
        run.foreign.close();
        run.failures.forEach(failure -> System.out.println("FAILED " + failure));
        System.out.println(
                "DONE classes=" + classes + " executables=" + executables + " probes=" + run.probes + " seed=" + SEED);
        System.out.flush();
        Runtime.getRuntime().halt(run.failures.isEmpty() ? 0 : 1);
    }

    Foreign foreign() {
        return foreign;
    }

    /** Names the probe that follows. */
    void announce(Executable each, String probe) {
        probes++;
        System.out.println("PROBE " + Call.name(each) + ": " + probe);
        System.out.flush();
    }

    void fail(Executable each, String what) {
        failures.add(Call.name(each) + ": " + what);
    }

    /** The shapes that made a call of {@code each} valid; null if none did. */
    long[] shapes(Executable each) {
        return shapes.get(each);
    }

    /** Finds arguments that are accepted: without them a refusal says nothing. */
    private void settle(Executable each) {
        announce(each, "valid");
        final SplittableRandom random = new SplittableRandom(SEED);
        final Parameter[] parameters = each.getParameters();
        Throwable first = null;
        for (int attempt = 0; attempt < TRIES; attempt++) {
            final long[] tried = new long[parameters.length];
            for (int i = 0; i < tried.length; i++) {
                tried[i] = attempt == 0 || random.nextInt(3) > 0
                        ? Shapes.of(each, parameters[i])
                        : Shapes.other(parameters[i], random);
            }
            try (World world = new World(Arena.ofConfined())) {
                final Object target = target(world, each);
                final Call.Outcome outcome = Call.of(each, target, arguments(world, each, tried));
                own(world, outcome);
                if (!outcome.refused() || NEVER_VALID.contains(Call.shortName(each))) {
                    shapes.put(each, tried);
                    return;
                }
                first = first == null ? outcome.thrown() : first;
            } catch (IllegalStateException e) {
                fail(each, e.getMessage());
                return;
            }
        }
        fail(each, "no valid call is known, register its shapes: " + first);
    }

    static void own(World world, Call.Outcome outcome) {
        if (outcome.result() instanceof AutoCloseable closeable && !(closeable instanceof Arena)) {
            world.own(closeable);
        }
    }

    /** The object to call {@code each} on, in a state in which the call may be made; null for static ones. */
    static Object target(World world, Executable each) {
        if (!ExportedClasses.isInstanceMethod(each)) {
            return null;
        }
        final Object inState = FurtherSubjects.inState(world, Call.shortName(each));
        return inState == null ? Subjects.make(world, each.getDeclaringClass()) : inState;
    }

    static Object[] arguments(World world, Executable each, long[] shapes) {
        final Parameter[] parameters = each.getParameters();
        final Object[] arguments = new Object[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            arguments[i] = Subjects.argument(world, each, parameters[i], shapes[i], 0);
        }
        return arguments;
    }
}

package io.millrace.contract;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Executable;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Set;
import java.util.function.BiFunction;

/** All probes of one constructor or method. */
final class Probes {
    private static final int[] INTS = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 9, 1 << 16 | 1};
    private static final int[] FEW_INTS = {-1, Integer.MAX_VALUE};
    private static final long[] FEW_LONGS = {-1, Long.MAX_VALUE};
    private static final long[] LONGS = {-1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 8, 1L << 36, 1 << 20, 1};

    /** Parameters that may be a segment which is closed or another thread's, with the reason. */
    private static final Set<String> LENIENT = Set.of(
            // Kept only. What reads or writes later checks then: Java's own accesses, or the carrier that calls the
            // kernel.
            "DatagramBatch.new.memory",
            "CborReader.wrap.source",
            "CborWriter.wrap.target",
            // Kept for all handshakes; each copies it, which checks it.
            "HandshakeAcceptor.new.context",
            // Kept until the batch is wrapped, where Java copies it.
            "WrapBatch.add.payload",
            // The probe's message is refused before an answer is written.
            "HandshakeAcceptor.begin.answer",
            // The probe's proof is refused before the output is written.
            "EcvrfVerifier.verify.vrfOutput",
            // The probe's stream has no byte to copy.
            "SessionStream.read.target",
            // The probe's record is shorter than a header: the size is 0 without a look at it.
            "SegmentRecord.size.record",
            "StoredReceipts.beginSegment.record",
            // The probe's SURB is unknown: nothing is read.
            "SurbVault.open.delta");

    private final ContractRun run;
    private final Executable each;
    private final Parameter[] parameters;

    /** Whether each object opens files and writes them to the disk: such a class gets fewer probes. */
    private final boolean slow;

    Probes(ContractRun run, Executable each) {
        this.run = run;
        this.each = each;
        this.parameters = each.getParameters();
        this.slow = each.getDeclaringClass().getPackageName().endsWith(".store");
    }

    void all() {
        for (int i = 0; i < parameters.length; i++) {
            final Class<?> type = parameters[i].getType();
            if (Subjects.isOperand(parameters[i])) {
                operands(i);
            } else if (type == MemorySegment.class || type == MemorySegment[].class) {
                segments(i);
            } else if (type == AddressArray.class || type == StatusArray.class) {
                arrays(i);
            } else if (type == Arena.class) {
                arenas(i);
            } else if (type == int.class || type == long.class) {
                numbers(i);
            }
        }
        if (ExportedClasses.isInstanceMethod(each)) {
            targets();
        }
    }

    private void segments(int index) {
        final long length = run.shapes(each)[index];
        for (long shorter : slow ? new long[] {length - 1} : new long[] {length - 1, length / 2, 1, 0}) {
            if (shorter >= 0 && shorter < length) {
                probe(index, "length " + shorter, false, (world, good) -> wrap(index, world.memory(shorter)));
            }
        }
        unusable(index, length);
        probe(index, "misaligned", mustBeAligned(index), (world, good) -> {
            final MemorySegment longer = world.memory(length + 1);
            return wrap(index, longer.asSlice(longer.address() % Long.BYTES == 0 ? 1 : 0, length));
        });
        // The JDK writes the state of a call without asking whether it may.
        if (!parameters[index].getName().equals("errnoState")) {
            readOnly(index, length);
        }
    }

    /** An array of addresses: their targets are the caller's, and not probed here. */
    private void operands(int index) {
        final long length = (long) Subjects.BATCH * Long.BYTES;
        for (long shorter : new long[] {length - 1, Long.BYTES, 0}) {
            probe(index, "length " + shorter, true, (world, good) -> ((MemorySegment) good).asSlice(0, shorter));
        }
        unusable(index, length);
        probe(index, "misaligned", true, (world, good) -> {
            final MemorySegment longer = world.memory(length + 1);
            return longer.asSlice(longer.address() % Long.BYTES == 0 ? 1 : 0, length)
                    .copyFrom((MemorySegment) good);
        });
    }

    private void unusable(int index, long length) {
        probe(index, "heap", false, (world, good) -> wrap(index, MemorySegment.ofArray(new byte[(int) length])));
        probe(index, "closed", mustRefuse(index), (world, good) -> {
            try (Arena gone = Arena.ofShared()) {
                return wrap(index, World.guarded(gone, length));
            }
        });
        probe(index, "another thread's", mustRefuse(index), (world, good) -> {
            final World theirs = run.foreign().world();
            world.own(() -> run.foreign().on(() -> {
                theirs.close();
                return null;
            }));
            return wrap(index, run.foreign().on(() -> theirs.memory(length)));
        });
        probe(index, "NULL", false, (world, good) -> wrap(index, MemorySegment.NULL));
    }

    private void readOnly(int index, long length) {
        final MemorySegment[] kept = new MemorySegment[1];
        try (Arena arena = Arena.ofShared()) {
            probe(index, "read only", false, (world, good) -> {
                kept[0] = World.guarded(arena, length);
                return wrap(index, kept[0].asReadOnly());
            });
            final byte[] expected = new byte[(int) length];
            if (length > 0) {
                expected[0] = 9;
            }
            if (!Arrays.equals(expected, kept[0].toArray(JAVA_BYTE))) {
                run.fail(each, parameters[index].getName() + " read only: was written to");
            }
        }
    }

    private void arrays(int index) {
        final boolean addresses = parameters[index].getType() == AddressArray.class;
        probe(index, "one element", true, (world, good) -> array(addresses, world.arena, 1));
        probe(index, "closed", true, (world, good) -> {
            try (Arena gone = Arena.ofShared()) {
                return array(addresses, gone, Subjects.BATCH);
            }
        });
        probe(
                index,
                "another thread's",
                true,
                (world, good) -> run.foreign().on(() -> {
                    return array(addresses, Arena.ofConfined(), Subjects.BATCH);
                }));
        if (addresses) {
            probe(index, "not set", true, (world, good) -> new AddressArray(world.arena, Subjects.BATCH));
            elements(index);
        }
    }

    private void elements(int index) {
        probe(
                index,
                "elements without room",
                false,
                (world, good) -> Subjects.addresses(world.arena, world.memory(1), Subjects.BATCH));
        final MemorySegment[] kept = new MemorySegment[1];
        try (Arena arena = Arena.ofShared()) {
            probe(index, "read-only elements", false, (world, good) -> {
                kept[0] = World.guarded(arena, Subjects.OPERAND);
                return Subjects.addresses(world.arena, kept[0].asReadOnly(), Subjects.BATCH);
            });
            final byte[] expected = World.guarded(arena, Subjects.OPERAND).toArray(JAVA_BYTE);
            if (!Arrays.equals(expected, kept[0].toArray(JAVA_BYTE))) {
                run.fail(each, parameters[index].getName() + " read-only elements: were written to");
            }
        }
        probe(index, "closed elements", true, (world, good) -> {
            try (Arena gone = Arena.ofShared()) {
                return Subjects.addresses(world.arena, World.guarded(gone, Subjects.OPERAND), Subjects.BATCH);
            }
        });
        // libsodium maps no points: without a native call the elements are not touched.
        probe(
                index,
                "elements of another thread",
                !Call.shortName(each).equals("SodiumBatchCrypto.edwardsMap"),
                (world, good) -> {
                    final World theirs = run.foreign().world();
                    world.own(() -> run.foreign().on(() -> {
                        theirs.close();
                        return null;
                    }));
                    final Arena shared = Arena.ofShared();
                    world.own(shared);
                    return run.foreign()
                            .on(() -> Subjects.addresses(shared, theirs.memory(Subjects.OPERAND), Subjects.BATCH));
                });
    }

    private static Object array(boolean addresses, Arena arena, int count) {
        return addresses
                ? Subjects.addresses(arena, World.guarded(Arena.global(), Subjects.OPERAND), count)
                : new StatusArray(arena, count);
    }

    private void arenas(int index) {
        probe(index, "closed", false, (world, good) -> {
            final Arena gone = Arena.ofShared();
            gone.close();
            return gone;
        });
        probe(index, "another thread's", false, (world, good) -> run.foreign().on(Arena::ofConfined));
    }

    private void numbers(int index) {
        final boolean binding = ExportedClasses.isBinding(each.getDeclaringClass());
        final boolean strict = ExportedClasses.isStrictBinding(each.getDeclaringClass());
        if (binding ? !Shapes.isLength(parameters[index]) : Shapes.isAddress(parameters[index])) {
            probe(index, "address 0", strict, (world, good) -> 0L);
        } else if (parameters[index].getType() == long.class) {
            for (long value : binding ? new long[] {-1, Long.MIN_VALUE} : slow ? FEW_LONGS : LONGS) {
                probe(index, "" + value, strict, (world, good) -> value);
            }
        } else {
            for (int value : binding ? new int[] {-1, Integer.MIN_VALUE} : slow ? FEW_INTS : INTS) {
                probe(index, "" + value, strict && !isPlain(parameters[index]), (world, good) -> value);
            }
        }
    }

    /** Numbers of bindings that are no length: every value is one. */
    private static boolean isPlain(Parameter parameter) {
        return Set.of("ic", "prefix").contains(parameter.getName());
    }

    /** The object itself closed, its memory closed under it, and its memory another thread's. */
    private void targets() {
        run.announce(each, "object closed");
        try (World world = new World(Arena.ofConfined());
                World other = new World(Arena.ofConfined())) {
            final Object target = ContractRun.target(world, each);
            if (target instanceof AutoCloseable closeable) {
                closeable.close();
                judge("object closed", false, other, target, arguments(other));
            }
        } catch (Exception e) {
            run.fail(each, "object closed: " + e);
        }
        run.announce(each, "memory closed");
        try (World world = new World(Arena.ofConfined());
                World other = new World(Arena.ofConfined())) {
            final Object target = ContractRun.target(world, each);
            world.closeMemory();
            judge("memory closed", false, other, target, arguments(other));
        }
        run.announce(each, "memory of another thread");
        final World theirs = run.foreign().world();
        try (World world = new World(Arena.ofConfined())) {
            final Object target = run.foreign().on(() -> ContractRun.target(theirs, each));
            judge("memory of another thread", false, world, target, arguments(world));
        } finally {
            run.foreign().on(() -> {
                theirs.close();
                return null;
            });
        }
    }

    private Object[] arguments(World world) {
        return ContractRun.arguments(world, each, run.shapes(each));
    }

    /** Whether C takes a segment for integers of 64 bits. */
    private boolean mustBeAligned(int index) {
        return ExportedClasses.isStrictBinding(each.getDeclaringClass())
                && parameters[index].getName().equals("state");
    }

    private boolean mustRefuse(int index) {
        return !LENIENT.contains(Call.shortName(each) + "." + parameters[index].getName());
    }

    private Object wrap(int index, MemorySegment segment) {
        return parameters[index].getType().isArray() ? new MemorySegment[] {segment} : segment;
    }

    private void probe(int index, String what, boolean refuses, BiFunction<World, Object, Object> bad) {
        final String probe = parameters[index].getName() + " " + what;
        run.announce(each, probe);
        try (World world = new World(Arena.ofConfined())) {
            final Object target = ContractRun.target(world, each);
            final Object[] arguments = arguments(world);
            arguments[index] = bad.apply(world, arguments[index]);
            final Call.Outcome outcome = judge(probe, refuses, world, target, arguments);
            if (outcome.result() != null && each.getDeclaringClass().isInstance(outcome.result())) {
                exercise(probe, outcome.result());
            }
        } catch (IllegalStateException e) {
            run.fail(each, probe + ": " + e);
        }
    }

    private Call.Outcome judge(String probe, boolean refuses, World world, Object target, Object[] arguments) {
        final Call.Outcome outcome = Call.of(each, target, arguments);
        ContractRun.own(world, outcome);
        if (outcome.thrown() instanceof Error && !(outcome.thrown() instanceof OutOfMemoryError)) {
            run.fail(each, probe + ": " + outcome.thrown());
        } else if (refuses && !outcome.refused()) {
            run.fail(each, probe + ": was accepted, result=" + outcome.result());
        }
        return outcome;
    }

    /** Uses an object that was made from something bad. */
    private void exercise(String probe, Object made) {
        for (Executable method : ExportedClasses.contracted(each.getDeclaringClass())) {
            if (ExportedClasses.isInstanceMethod(method) && run.shapes(method) != null) {
                run.announce(each, probe + ", then " + Call.name(method));
                try (World world = new World(Arena.ofConfined())) {
                    final Object[] arguments = ContractRun.arguments(world, method, run.shapes(method));
                    final Call.Outcome outcome = Call.of(method, made, arguments);
                    ContractRun.own(world, outcome);
                }
            }
        }
    }
}

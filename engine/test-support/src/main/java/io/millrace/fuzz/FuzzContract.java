package io.millrace.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The properties of an artifact that Jazzer looks for exceptions of, in every build: over kept inputs, and over drawn ones. An
 * artifact extends it once and names that class in {@code META-INF/services}, where the fuzzer finds it.
 */
public abstract class FuzzContract {
    private static final Path KEPT = Path.of("src/test/resources/fuzz");
    private static final int LONGEST = 3_000;

    /** All properties of the artifact. */
    public abstract List<FuzzTarget> targets();

    @TestFactory
    final Stream<DynamicTest> holdsForEveryKeptInput() {
        return targets().stream().map(target -> DynamicTest.dynamicTest(target.label(), () -> checkKept(target)));
    }

    @TestFactory
    final Stream<DynamicTest> holdsForDrawnInputs() {
        return targets().stream().map(target -> DynamicTest.dynamicTest(target.label(), () -> checkDrawn(target)));
    }

    private static void checkKept(FuzzTarget target) {
        target.check(new byte[0]);
        for (byte[] each : kept(target)) {
            check(target, each, "kept");
        }
    }

    private static void checkDrawn(FuzzTarget target) {
        final long seed = System.nanoTime();
        System.out.println(target + ": seed=" + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        final List<byte[]> kept = kept(target);
        for (int round = 0; round < target.rounds(); round++) {
            check(target, draw(random, kept), "seed=" + seed + ", round=" + round);
        }
    }

    /** Noise, mostly short; or a kept input with some bytes changed. */
    private static byte[] draw(SplittableRandom random, List<byte[]> kept) {
        if (!kept.isEmpty() && random.nextBoolean()) {
            final byte[] input = kept.get(random.nextInt(kept.size())).clone();
            for (int i = 0; i < input.length && random.nextInt(8) > 0; i++) {
                input[random.nextInt(input.length)] = (byte) random.nextInt();
            }
            return input;
        }
        final byte[] input = new byte[random.nextInt(random.nextInt(10) == 0 ? LONGEST : 100)];
        random.nextBytes(input);
        return input;
    }

    private static void check(FuzzTarget target, byte[] input, String which) {
        try {
            target.check(input);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    target + ", " + which + ", input=" + HexFormat.of().formatHex(input), e);
        }
    }

    private static List<byte[]> kept(FuzzTarget target) {
        final Path folder = KEPT.resolve(target.label());
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().map(FuzzContract::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

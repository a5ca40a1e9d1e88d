package io.millrace.crypto.provider;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.crypto.EdwardsPoints;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The part of {@link LanesTrial} for {@link BatchCrypto#edwardsMap}, which libsodium has not: points of RFC 9381 in turn,
 * and their multiples by libsodium.
 *
 * <p>Not thread safe. Source: RFC 9381 appendix B.4, examples 19 to 21: uniform_bytes and H.
 */
final class EdwardsMapTrial implements AutoCloseable {
    private static final int COUNT = 19;

    private static final String[] UNIFORM_BYTES = {
        "d620782a206d9de584b74e23ae5ee1db5ca5298b3fc527c4867f049dee6dd419b3674967bd614890f621c128d72269ae",
        "04ae20a9ad2a2330fb33318e376a2448bd77bb99e81d126f47952b156590444a9225b84128b66a2f15b41294fa2f2f6d",
        "be0aed556e36cdfddf8f1eeddbb7356a24fad64cf95a922a098038f215588b216beabbfe6acf20256188e883292b7a3a",
    };

    private static final String[] POINTS = {
        "b8066ebbb706c72b64390324e4a3276f129569eab100c26b9f05011200c1bad9",
        "76ac3ccb86158a9104dff819b1ca293426d305fd76b39b13c9356d9b58c08e57",
        "13d2a8b5ca32db7e98094a61f656a08c6c964344e058879a386a947a4e189ed1",
    };

    private final Arena arena = Arena.ofConfined();
    private final RandomGenerator random;
    private final MemorySegment scalars = arena.allocate(32L * COUNT);
    private final MemorySegment out = arena.allocate(32L * COUNT);
    private final AddressArray scalarAddresses = new AddressArray(arena, COUNT).fill(COUNT, scalars, 0, 32);
    private final AddressArray outAddresses = new AddressArray(arena, COUNT).fill(COUNT, out, 0, 32);
    private final AddressArray uniform = new AddressArray(arena, COUNT);
    private final MemorySegment[] points = new MemorySegment[POINTS.length];
    private final StatusArray ok = new StatusArray(arena, COUNT);

    EdwardsMapTrial(RandomGenerator random) {
        this.random = random;
        final MemorySegment[] uniformBytes = new MemorySegment[POINTS.length];
        for (int i = 0; i < POINTS.length; i++) {
            points[i] = fromHex(POINTS[i]);
            uniformBytes[i] = fromHex(UNIFORM_BYTES[i]);
        }
        for (int input = 0; input < COUNT; input++) {
            uniform.set(input, uniformBytes[input % POINTS.length], 0);
        }
    }

    /** The first wrong result, if there is one. Inputs that a provider leaves to its caller are not wrong. */
    Optional<String> difference(BatchCrypto provider) {
        for (long offset = 0; offset < scalars.byteSize(); offset += Long.BYTES) {
            scalars.set(JAVA_LONG_UNALIGNED, offset, random.nextLong());
        }
        provider.edwardsMap(COUNT, outAddresses, scalarAddresses, uniform, ok);
        final MemorySegment expected = arena.allocate(EdwardsPoints.LENGTH);
        for (int i = 0; i < COUNT; i++) {
            if (ok.ok(i)
                    && !(EdwardsPoints.multiply(expected, scalars.asSlice(32L * i, 32), points[i % POINTS.length])
                            && expected.mismatch(out.asSlice(32L * i, 32)) == -1)) {
                return Optional.of("multiple of mapped point " + i + " of " + COUNT);
            }
        }
        return Optional.empty();
    }

    /** Frees the operands. */
    @Override
    public void close() {
        arena.close();
    }

    private MemorySegment fromHex(String hex) {
        final byte[] bytes = HexFormat.of().parseHex(hex);
        return arena.allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
    }
}

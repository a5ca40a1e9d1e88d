package io.millrace.crypto.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.Aead;
import io.millrace.crypto.Blake2b;
import io.millrace.crypto.Bytes;
import io.millrace.crypto.ChaCha20;
import io.millrace.crypto.EdwardsPoints;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.Sha512;
import io.millrace.crypto.X25519Keys;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import io.millrace.test.SeededRandomness;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Contract of every provider of {@link BatchCrypto}: the bytes of the single calls, for every count, in place or not,
 * whatever the neighbours are, and no byte outside its outputs. One subclass per provider.
 */
abstract class BatchCryptoContractTest {
    private static final long SEED = 0x6d696c6c72616365L;
    private static final int[] COUNTS = {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100, 255, BatchCrypto.MAX_BATCH};

    /** u-coordinates of low order, also non-canonical ones. */
    private static final String[] LOW_ORDER = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    };

    /** Points that need care and are not refused: non-canonical ones, bit 255, and the base point. */
    private static final String[] ODD_POINTS = {
        "0900000000000000000000000000000000000000000000000000000000000000",
        "f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "fbffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "efffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    };

    @AutoClose
    private final Arena arena = Arena.ofConfined();

    private final Randomness randomness = new SeededRandomness(SEED);
    private final StatusArray ok = new StatusArray(arena, BatchCrypto.MAX_BATCH);
    private BatchCrypto provider;

    /** The provider under test. */
    abstract BatchCrypto provider();

    /** Whether the provider maps to edwards25519 itself. */
    boolean givesMaps() {
        return provider.name().equals("lanes");
    }

    @BeforeEach
    void takeProvider() {
        provider = provider();
    }

    static IntStream counts() {
        return IntStream.of(COUNTS);
    }

    static Stream<Arguments> countsAndTextLengths() {
        return Stream.concat(
                counts().mapToObj(count -> Arguments.of(count, 1024)),
                IntStream.of(0, 1, 63, 64, 65, 255, 512, 513, 992, 1280, 2050, 16384)
                        .mapToObj(length -> Arguments.of(9, length)));
    }

    static Stream<Arguments> countsAndHashLengths() {
        return Stream.concat(
                counts().mapToObj(count -> Arguments.of(count, 64, 992, 32)),
                Stream.of(
                        Arguments.of(9, 16, 0, 16),
                        Arguments.of(9, 17, 1, 17),
                        Arguments.of(9, 32, 127, 32),
                        Arguments.of(9, 64, 128, 64),
                        Arguments.of(9, 64, 129, 64),
                        Arguments.of(9, 33, 256, 63),
                        Arguments.of(9, 64, 976, 32)));
    }

    @ParameterizedTest
    @MethodSource("counts")
    void x25519IsTheSingleCall(int count) {
        final Operand scalar = operand(count, 32);
        final Operand point = pointsSomeBad(count);
        final Operand out = operand(count, 32);
        final String[] expected = multiples(count, scalar, point);

        provider.x25519(count, out.addresses(), scalar.addresses(), point.addresses(), ok);

        assertMultiples(count, expected, out);
        assertUntouchedAround(out, scalar, point);
    }

    @ParameterizedTest
    @MethodSource("counts")
    void x25519WorksInPlaceOfThePointAndOfTheScalar(int count) {
        for (boolean overScalar : new boolean[] {false, true}) {
            final Operand scalar = operand(count, 32);
            final Operand point = pointsSomeBad(count);
            final Operand out = overScalar ? scalar : point;
            final String[] expected = multiples(count, scalar, point);

            provider.x25519(count, out.addresses(), scalar.addresses(), point.addresses(), ok);

            assertMultiples(count, expected, out);
            assertUntouchedAround(scalar, point);
        }
    }

    @ParameterizedTest
    @MethodSource("counts")
    void x25519BaseIsTheSingleCall(int count) {
        final Operand scalar = operand(count, 32);
        final Operand out = operand(count, 32);
        final MemorySegment single = arena.allocate(32);
        final String[] expected = new String[count];
        for (int i = 0; i < count; i++) {
            X25519Keys.publicKey(single, scalar.field(i));
            expected[i] = Bytes.hex(single);
        }

        provider.x25519Base(count, out.addresses(), scalar.addresses());
        assertThat(out.snapshot()).as("seed %d", SEED).containsExactly(expected);

        provider.x25519Base(count, scalar.addresses(), scalar.addresses());
        assertThat(scalar.snapshot()).as("seed %d", SEED).containsExactly(expected);
        assertUntouchedAround(out, scalar);
    }

    @ParameterizedTest
    @MethodSource("countsAndTextLengths")
    void chacha20XorIsTheSingleCall(int count, int length) {
        final Operand text = operand(count, length);
        final Operand key = operand(count, 32);
        final MemorySegment single = arena.allocate(Math.max(1, length)).asSlice(0, length);
        final MemorySegment nonce = arena.allocate(12);
        final String[] expected = new String[count];
        for (int i = 0; i < count; i++) {
            single.copyFrom(text.field(i));
            ChaCha20.xor(single, 0, nonce, key.field(i));
            expected[i] = Bytes.hex(single);
        }

        provider.chacha20Xor(count, text.addresses(), length, key.addresses());

        assertThat(text.snapshot()).as("seed %d", SEED).containsExactly(expected);
        assertUntouchedAround(text, key);
    }

    @ParameterizedTest
    @MethodSource("countsAndHashLengths")
    void blake2bIsTheSingleCall(int count, int outLength, int inLength, int keyLength) {
        final Operand in = operand(count, inLength);
        final Operand key = operand(count, keyLength);
        final Operand out = operand(count, outLength);
        final MemorySegment salt = operand(1, 16).field(0);
        final MemorySegment personal = operand(1, 16).field(0);
        final MemorySegment single = arena.allocate(outLength);
        final String[] expected = new String[count];
        for (int i = 0; i < count; i++) {
            Blake2b.hash(single, in.field(i), key.field(i), salt, personal);
            expected[i] = Bytes.hex(single);
        }

        provider.blake2b(
                count,
                out.addresses(),
                outLength,
                in.addresses(),
                inLength,
                key.addresses(),
                keyLength,
                salt,
                personal);
        assertThat(out.snapshot()).as("seed %d", SEED).containsExactly(expected);

        if (keyLength >= outLength) {
            provider.blake2b(
                    count,
                    key.addresses(),
                    outLength,
                    in.addresses(),
                    inLength,
                    key.addresses(),
                    keyLength,
                    salt,
                    personal);
            for (int i = 0; i < count; i++) {
                assertThat(Bytes.hex(key.field(i).asSlice(0, outLength)))
                        .as("seed %d, over the key of input %d", SEED, i)
                        .isEqualTo(expected[i]);
            }
        }
        assertUntouchedAround(out, in, key);
    }

    static Stream<Arguments> countsAndDigestedLengths() {
        return Stream.concat(
                counts().mapToObj(count -> Arguments.of(count, 244)),
                IntStream.of(0, 1, 35, 106, 111, 112, 127, 128, 129, 239, 240, 256, 1000)
                        .mapToObj(length -> Arguments.of(9, length)));
    }

    @ParameterizedTest
    @MethodSource("countsAndDigestedLengths")
    void sha512IsTheSingleCall(int count, int length) {
        final Operand in = operand(count, length);
        final Operand out = operand(count, 64);
        final MemorySegment single = arena.allocate(64);
        final String[] expected = new String[count];
        for (int i = 0; i < count; i++) {
            Sha512.hash(single, in.field(i));
            expected[i] = Bytes.hex(single);
        }

        provider.sha512(count, out.addresses(), in.addresses(), length);

        assertThat(out.snapshot()).as("seed %d", SEED).containsExactly(expected);
        assertUntouchedAround(out, in);
    }

    /** The VRF's tests, which know the map, check the results; this is about their independence. */
    @ParameterizedTest
    @MethodSource("counts")
    void edwardsMapGivesPointsOfTheSubgroupThatDoNotDependOnTheNeighbours(int count) {
        final Operand scalar = operand(count, 32);
        final Operand uniform = operand(count, 48);
        final Operand out = operand(count, 32);
        final Operand alone = operand(1, 32);
        if (count > 4) {
            scalar.field(3).fill((byte) 0); // gives the identity
        }

        provider.edwardsMap(count, out.addresses(), scalar.addresses(), uniform.addresses(), ok);

        for (int i = 0; i < count; i += count < 20 ? 1 : 37) {
            final boolean given = ok.ok(i);
            assertThat(given).as("seed %d, input %d", SEED, i).isEqualTo(givesMaps() && !(count > 4 && i == 3));
            if (given) {
                assertThat(EdwardsPoints.isInSubgroup(out.field(i))).isTrue();
                final StatusArray alsoOk = new StatusArray(arena, 1);
                provider.edwardsMap(
                        1,
                        alone.addresses(),
                        new AddressArray(arena, 1).fill(1, scalar.field(i), 0, 0),
                        new AddressArray(arena, 1).fill(1, uniform.field(i), 0, 0),
                        alsoOk);
                assertThat(Bytes.hex(out.field(i))).isEqualTo(Bytes.hex(alone.field(0)));
            }
        }
        assertUntouchedAround(out, scalar, uniform);
    }

    @ParameterizedTest
    @MethodSource("countsAndTextLengths")
    void aeadSealIsTheSingleCall(int count, int length) {
        final AeadBatch batch = new AeadBatch(count, length);
        final MemorySegment text = arena.allocate(Math.max(1, length)).asSlice(0, length);
        final MemorySegment tag = arena.allocate(16);
        final String[] texts = new String[count];
        final String[] tags = new String[count];
        for (int i = 0; i < count; i++) {
            text.copyFrom(batch.text.field(i));
            Aead.seal(text, tag, batch.ad.field(i), batch.nonce.field(i), batch.key.field(i));
            texts[i] = Bytes.hex(text);
            tags[i] = Bytes.hex(tag);
        }

        batch.seal();

        assertThat(batch.text.snapshot()).as("seed %d", SEED).containsExactly(texts);
        assertThat(batch.tag.snapshot()).as("seed %d", SEED).containsExactly(tags);
        batch.assertUntouchedAround();
    }

    @ParameterizedTest
    @MethodSource("countsAndTextLengths")
    void aeadOpenRefusesTheForgedAndOnlyThose(int count, int length) {
        final AeadBatch batch = new AeadBatch(count, length);
        final String[] plain = batch.text.snapshot();
        batch.seal();
        final String[] sealed = new String[count];
        for (int i = 0; i < count; i++) {
            // Two in three are forged, each in another place.
            if (i % 3 != 1) {
                final Operand[] places = {batch.tag, batch.nonce, batch.ad, batch.key, batch.text};
                final MemorySegment place = places[i % (length == 0 ? 4 : 5)].field(i);
                Bytes.flip(place, (int) ((i * 31L) % (place.byteSize() * 8)));
            }
            sealed[i] = Bytes.hex(batch.text.field(i));
        }

        batch.open();

        for (int i = 0; i < count; i++) {
            final boolean forged = i % 3 != 1;
            final String text = Bytes.hex(batch.text.field(i));
            assertThat(ok.ok(i)).as("seed %d, input %d of %d", SEED, i, count).isEqualTo(!forged);
            if (forged) {
                final boolean together = i < provider.aeadTogether(count, length);
                final String zeroed = together ? sealed[i] : "00".repeat(length);
                assertThat(text).as("seed %d, input %d of %d", SEED, i, count).isIn(sealed[i], zeroed);
            } else {
                assertThat(text).as("seed %d, input %d of %d", SEED, i, count).isEqualTo(plain[i]);
            }
        }
        batch.assertUntouchedAround();
    }

    @ParameterizedTest
    @MethodSource("countsAndTextLengths")
    void worksTogetherOnAllOfABatchThatIsAsLongAsItSays(int count, int length) {
        final int together = provider.aeadTogether(count, length);

        assertThat(together).isBetween(0, count);
        if (together > 0) {
            assertThat(provider.aeadTogether(together, length)).isEqualTo(together);
        }
    }

    private Operand operand(int count, int length) {
        return new Operand(arena, count, length, randomness);
    }

    /** Random points, of which every third is of low order and every fifth odd but good. */
    private Operand pointsSomeBad(int count) {
        final Operand point = operand(count, 32);
        for (int i = 0; i < count; i++) {
            if (i % 3 == 2) {
                point.field(i).copyFrom(Bytes.of(arena, LOW_ORDER[i / 3 % LOW_ORDER.length]));
            } else if (i % 5 == 0) {
                point.field(i).copyFrom(Bytes.of(arena, ODD_POINTS[i / 5 % ODD_POINTS.length]));
            }
        }
        return point;
    }

    /** The result of each single call; null where it is refused. */
    private String[] multiples(int count, Operand scalar, Operand point) {
        final MemorySegment single = arena.allocate(32);
        final String[] expected = new String[count];
        for (int i = 0; i < count; i++) {
            if (X25519Keys.sharedSecret(single, scalar.field(i), point.field(i))) {
                expected[i] = Bytes.hex(single);
            }
        }
        return expected;
    }

    private void assertMultiples(int count, String[] expected, Operand out) {
        for (int i = 0; i < count; i++) {
            assertThat(ok.ok(i)).as("seed %d, input %d of %d", SEED, i, count).isEqualTo(expected[i] != null);
            if (expected[i] != null) {
                assertThat(Bytes.hex(out.field(i)))
                        .as("seed %d, input %d of %d", SEED, i, count)
                        .isEqualTo(expected[i]);
            }
        }
    }

    private static void assertUntouchedAround(Operand... operands) {
        for (Operand operand : operands) {
            operand.assertGuardsIntact();
        }
    }

    /** Operands of one sealing or opening, with 10 bytes of associated data as link frames have. */
    private final class AeadBatch {
        private static final int AD_LENGTH = 10;

        private final int count;
        private final int length;
        private final Operand text;
        private final Operand tag;
        private final Operand ad;
        private final Operand nonce;
        private final Operand key;

        private AeadBatch(int count, int length) {
            this.count = count;
            this.length = length;
            this.text = operand(count, length);
            this.tag = operand(count, 16);
            this.ad = operand(count, AD_LENGTH);
            this.nonce = operand(count, 12);
            this.key = operand(count, 32);
        }

        private void seal() {
            provider.aeadSeal(
                    count,
                    text.addresses(),
                    length,
                    tag.addresses(),
                    ad.addresses(),
                    AD_LENGTH,
                    nonce.addresses(),
                    key.addresses());
        }

        private void open() {
            provider.aeadOpen(
                    count,
                    text.addresses(),
                    length,
                    tag.addresses(),
                    ad.addresses(),
                    AD_LENGTH,
                    nonce.addresses(),
                    key.addresses(),
                    ok);
        }

        private void assertUntouchedAround() {
            BatchCryptoContractTest.assertUntouchedAround(text, tag, ad, nonce, key);
        }
    }
}

package io.millrace.crypto;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The vectors of RFC 7693, and of an independent implementation where the RFC has none. */
class Blake2bTest {
    @AutoClose
    private final Arena arena = Arena.ofConfined();

    @Test
    void matchesRfc7693AppendixA() {
        final MemorySegment out = arena.allocate(64);

        Blake2b.hash(out, Bytes.of(arena, "abc".getBytes(StandardCharsets.US_ASCII)));

        assertThat(Bytes.hex(out))
                .isEqualTo("ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                        + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
    }

    /** Keyed and unkeyed hashes of many lengths, all hashed into one. */
    @Test
    void matchesTheSelfTestOfRfc7693AppendixE() {
        final MemorySegment all = arena.allocate(2 * 6 * (20 + 32 + 48 + 64));
        long end = 0;
        for (int outLength : new int[] {20, 32, 48, 64}) {
            for (int inLength : new int[] {0, 3, 128, 129, 255, 1024}) {
                final MemorySegment in = sequence(inLength, inLength);
                Blake2b.hash(all.asSlice(end, outLength), in);
                end += outLength;
                Blake2b.hash(all.asSlice(end, outLength), in, sequence(outLength, outLength));
                end += outLength;
            }
        }
        final MemorySegment out = arena.allocate(32);
        Blake2b.hash(out, all);

        assertThat(end).isEqualTo(all.byteSize());
        assertThat(Bytes.hex(out)).isEqualTo("c23a7800d98123bd10f506c61e29da5603d763b8bbad2e737f5e765a7bccd475");
    }

    /** Expected values: {@code hashlib.blake2b} of CPython 3.11. */
    @Test
    void takesSaltAndPersonalisation() {
        final MemorySegment count = arena.allocate(256);
        for (int i = 0; i < 256; i++) {
            count.set(JAVA_BYTE, i, (byte) i);
        }
        final MemorySegment out = arena.allocate(64);

        Blake2b.hash(out, count.asSlice(0, 200), count.asSlice(0, 64), count.asSlice(100, 16), count.asSlice(200, 16));
        assertThat(Bytes.hex(out))
                .isEqualTo("4eba24e6cf9b1e7fb1d5c3f2f4e78de95ee9c47c4dcab2d4ec967dcef2a6b11a"
                        + "fe58755597b53a8ca478a5491b594dc7cf0ed8081a47288f1f18111814fbca88");

        Blake2b.hash(
                out.asSlice(0, 32),
                MemorySegment.NULL,
                count.asSlice(0, 32),
                count.asSlice(100, 16),
                MemorySegment.NULL);
        assertThat(Bytes.hex(out.asSlice(0, 32)))
                .isEqualTo("edbc455c39334fb78128df0f0af6cda1a9b8c917fc40ac8aaf7f140af8eb6dd2");

        final MemorySegment personal = Bytes.of(arena, "millrace-relayid".getBytes(StandardCharsets.US_ASCII));
        Blake2b.hash(out.asSlice(0, 16), count.asSlice(0, 32), MemorySegment.NULL, MemorySegment.NULL, personal);
        assertThat(Bytes.hex(out.asSlice(0, 16))).isEqualTo("412929f3a5827b64e037ff6653a26f45");
    }

    @Test
    void refusesLengthsThatBlake2bDoesNotHave() {
        final MemorySegment in = arena.allocate(8);
        final MemorySegment none = MemorySegment.NULL;

        assertThatIllegalArgumentException().isThrownBy(() -> Blake2b.hash(arena.allocate(0), in));
        assertThatIllegalArgumentException().isThrownBy(() -> Blake2b.hash(arena.allocate(65), in));
        assertThatIllegalArgumentException().isThrownBy(() -> Blake2b.hash(arena.allocate(32), in, arena.allocate(65)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Blake2b.hash(arena.allocate(32), in, none, arena.allocate(15), none));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Blake2b.hash(arena.allocate(32), in, none, none, arena.allocate(17)));
    }

    /** The deterministic sequence of the self-test: a Fibonacci generator. */
    private MemorySegment sequence(int length, int seed) {
        final MemorySegment out = arena.allocate(Math.max(1, length)).asSlice(0, length);
        int a = 0xDEAD4BAD * seed;
        int b = 1;
        for (int i = 0; i < length; i++) {
            final int t = a + b;
            a = b;
            b = t;
            out.set(JAVA_BYTE, i, (byte) (t >>> 24));
        }
        return out;
    }
}

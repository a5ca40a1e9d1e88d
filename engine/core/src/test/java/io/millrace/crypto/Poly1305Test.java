package io.millrace.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The vector of RFC 8439 and every wrong bit of a tag. */
class Poly1305Test {
    @AutoClose
    private final Arena arena = Arena.ofConfined();

    private final MemorySegment key =
            Bytes.of(arena, "85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b");
    private final MemorySegment message =
            Bytes.of(arena, "Cryptographic Forum Research Group".getBytes(StandardCharsets.US_ASCII));
    private final MemorySegment tag = arena.allocate(Poly1305.TAG_LENGTH);

    @Test
    void matchesRfc8439Section252() {
        Poly1305.tag(tag, message, key);

        assertThat(Bytes.hex(tag)).isEqualTo("a8061dc1305136c6c22b8baf0c0127a9");
        assertThat(Poly1305.verify(tag, message, key)).isTrue();
    }

    @Test
    void rejectsEverySingleBitFlipOfTheTag() {
        Poly1305.tag(tag, message, key);
        for (int bit = 0; bit < 128; bit++) {
            Bytes.flip(tag, bit);
            assertThat(Poly1305.verify(tag, message, key)).isFalse();
            Bytes.flip(tag, bit);
        }
    }
}

package io.millrace.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The vectors of RFC 8439 and the end of the block counter. */
class ChaCha20Test {
    @AutoClose
    private final Arena arena = Arena.ofConfined();

    private final MemorySegment key =
            Bytes.of(arena, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

    @Test
    void matchesRfc8439Section232() {
        final MemorySegment block = arena.allocate(64);

        ChaCha20.xor(block, 1, Bytes.of(arena, "000000090000004a00000000"), key);

        assertThat(Bytes.hex(block))
                .isEqualTo("10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e"
                        + "d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e");
    }

    @Test
    void matchesRfc8439Section242() {
        final MemorySegment text = Bytes.of(
                arena,
                ("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future,"
                                + " sunscreen would be it.")
                        .getBytes(StandardCharsets.US_ASCII));

        ChaCha20.xor(text, 1, Bytes.of(arena, "000000000000004a00000000"), key);

        assertThat(Bytes.hex(text))
                .isEqualTo("6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0b"
                        + "f91b65c5524733ab8f593dabcd62b3571639d624e65152ab8f530c359f0861d8"
                        + "07ca0dbf500d6a6156a38e088a22b65e52bc514d16ccf806818ce91ab7793736"
                        + "5af90bbf74a35be6b40b8eedf2785e42874d");
    }

    @Test
    void streamIsWhatItXorsFromBlock0On() {
        final MemorySegment nonce = Bytes.of(arena, "000000000000004a00000000");
        final MemorySegment stream = arena.allocate(1000);
        final MemorySegment zeros = arena.allocate(1000);

        ChaCha20.stream(stream, nonce, key);
        ChaCha20.xor(zeros.asSlice(0, 640), 0, nonce, key);
        ChaCha20.xor(zeros.asSlice(640), 10, nonce, key);

        assertThat(Bytes.hex(zeros)).isEqualTo(Bytes.hex(stream));
    }

    @Test
    void stopsAtTheLastBlockOfANonce() {
        final MemorySegment nonce = arena.allocate(12);

        ChaCha20.xor(arena.allocate(128), -2, nonce, key);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChaCha20.xor(arena.allocate(129), -2, nonce, key))
                .withMessageContaining("counter=4294967294, length=129");
    }
}

package io.millrace.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The vector of RFC 8439, and every wrong bit of everything. */
class AeadTest {
    @AutoClose
    private final Arena arena = Arena.ofConfined();

    private final MemorySegment key =
            Bytes.of(arena, "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
    private final MemorySegment nonce = Bytes.of(arena, "070000004041424344454647");
    private final MemorySegment ad = Bytes.of(arena, "50515253c0c1c2c3c4c5c6c7");
    private final MemorySegment tag = arena.allocate(Aead.TAG_LENGTH);
    private final MemorySegment text = Bytes.of(
            arena,
            ("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen"
                            + " would be it.")
                    .getBytes(StandardCharsets.US_ASCII));

    @Test
    void matchesRfc8439Section282() {
        final String plain = Bytes.hex(text);

        Aead.seal(text, tag, ad, nonce, key);

        assertThat(Bytes.hex(text))
                .isEqualTo("d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
                        + "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
                        + "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
                        + "3ff4def08e4b7a9de576d26586cec64b6116");
        assertThat(Bytes.hex(tag)).isEqualTo("1ae10b594f09e26a7e902ecbd0600691");
        assertThat(Aead.open(text, tag, ad, nonce, key)).isTrue();
        assertThat(Bytes.hex(text)).isEqualTo(plain);
    }

    @Test
    void rejectsEverySingleBitFlip() {
        Aead.seal(text, tag, ad, nonce, key);
        final MemorySegment sealed = arena.allocate(text.byteSize()).copyFrom(text);

        for (MemorySegment part : new MemorySegment[] {tag, ad, nonce, key, text}) {
            for (int bit = 0; bit < part.byteSize() * 8; bit++) {
                Bytes.flip(part, bit);
                assertThat(Aead.open(text, tag, ad, nonce, key)).isFalse();
                Bytes.flip(part, bit);
                text.copyFrom(sealed); // a failed open has zeroed it
            }
        }
        assertThat(Aead.open(text, tag, ad, nonce, key)).isTrue();
    }

    @Test
    void zeroesTheTextOfAForgery() {
        Aead.seal(text, tag, ad, nonce, key);
        Bytes.flip(tag, 0);

        assertThat(Aead.open(text, tag, ad, nonce, key)).isFalse();
        assertThat(ConstantTime.isZero(text)).isTrue();
    }

    @Test
    void sealsAnEmptyTextWithoutAssociatedData() {
        final MemorySegment none = arena.allocate(0);

        Aead.seal(none, tag, MemorySegment.NULL, nonce, key);

        assertThat(Aead.open(none, tag, MemorySegment.NULL, nonce, key)).isTrue();
        assertThat(Aead.open(none, tag, ad, nonce, key)).isFalse();
    }
}

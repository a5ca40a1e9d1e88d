package io.millrace.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The messages of FIPS 180-4 and RFC 6234 section 8.5, whole and in parts. */
class Sha256Test {
    @AutoClose
    private final Arena arena = Arena.ofConfined();

    private final MemorySegment out = arena.allocate(Sha256.LENGTH);

    @Test
    void matchesTheMessagesOfTheStandard() {
        assertThat(hash("")).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(hash("abc")).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))
                .isEqualTo("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
        assertThat(hash("a".repeat(1_000_000)))
                .isEqualTo("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }

    @Test
    void hashesPartsAsTheirConcatenation() {
        final String text = "0123456789".repeat(30);
        final String whole = hash(text);
        final MemorySegment in = Bytes.of(arena, text.getBytes(US_ASCII));
        for (int cut = 0; cut <= 300; cut++) {
            Sha256.hash(out, in.asSlice(0, cut), MemorySegment.NULL, in.asSlice(cut));
            assertThat(Bytes.hex(out)).isEqualTo(whole);
        }
    }

    private String hash(String text) {
        out.fill((byte) 0);
        Sha256.hash(out, Bytes.of(arena, text.getBytes(US_ASCII)));
        return Bytes.hex(out);
    }
}

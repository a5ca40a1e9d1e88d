package io.millrace.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The messages of FIPS 180-4 and RFC 6234 section 8.5, whole and in parts. */
class Sha512Test {
    @AutoClose
    private final Arena arena = Arena.ofConfined();

    private final MemorySegment out = arena.allocate(Sha512.LENGTH);

    @Test
    void matchesTheMessagesOfTheStandard() {
        assertThat(hash(""))
                .isEqualTo("cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
                        + "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e");
        assertThat(hash("abc"))
                .isEqualTo("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                        + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
        assertThat(hash("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                        + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"))
                .isEqualTo("8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
                        + "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909");
        assertThat(hash("a".repeat(1_000_000)))
                .isEqualTo("e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
                        + "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b");
    }

    @Test
    void hashesPartsAsTheirConcatenation() {
        final String text = "0123456789".repeat(30);
        final String whole = hash(text);
        final MemorySegment in = Bytes.of(arena, text.getBytes(US_ASCII));
        for (int cut = 0; cut <= 300; cut++) {
            Sha512.hash(out, in.asSlice(0, cut), MemorySegment.NULL, in.asSlice(cut));
            assertThat(Bytes.hex(out)).isEqualTo(whole);
        }
    }

    private String hash(String text) {
        out.fill((byte) 0);
        Sha512.hash(out, Bytes.of(arena, text.getBytes(US_ASCII)));
        return Bytes.hex(out);
    }
}

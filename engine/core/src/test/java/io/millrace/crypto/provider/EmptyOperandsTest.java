package io.millrace.crypto.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.Aead;
import io.millrace.crypto.Blake2b;
import io.millrace.crypto.Bytes;
import io.millrace.crypto.ChaCha20;
import io.millrace.crypto.ConstantTime;
import io.millrace.crypto.Ed25519;
import io.millrace.crypto.Ed25519KeyPair;
import io.millrace.crypto.HmacSha256;
import io.millrace.crypto.Poly1305;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.Sha256;
import io.millrace.crypto.Sha512;
import io.millrace.crypto.Wiping;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** An empty operand may have the address 0: a C function that then looks at it would end this process. */
class EmptyOperandsTest {
    private static final MemorySegment NONE = MemorySegment.NULL;

    @AutoClose
    private final Arena arena = Arena.ofConfined();

    private final MemorySegment key = arena.allocate(32).fill((byte) 1);
    private final MemorySegment nonce = arena.allocate(12);
    private final MemorySegment out = arena.allocate(64);

    @Test
    void hashesTakeNothingAtAddressZero() {
        Sha256.hash(out.asSlice(0, 32), NONE);
        assertThat(Bytes.hex(out.asSlice(0, 4))).isEqualTo("e3b0c442");
        Sha512.hash(out, NONE);
        assertThat(Bytes.hex(out.asSlice(0, 4))).isEqualTo("cf83e135");
        Blake2b.hash(out, NONE);
        assertThat(Bytes.hex(out.asSlice(0, 4))).isEqualTo("786a02f7");
        HmacSha256.tag(out.asSlice(0, 32), NONE, NONE);
        assertThat(Bytes.hex(out.asSlice(0, 4))).isEqualTo("b613679a");
    }

    @Test
    void ciphersTakeNothingAtAddressZero() {
        final MemorySegment tag = arena.allocate(16);

        Aead.seal(NONE, tag, NONE, nonce, key);
        assertThat(Aead.open(NONE, tag, NONE, nonce, key)).isTrue();
        assertThat(Aead.open(NONE, tag, NONE, nonce, out.asSlice(0, 32))).isFalse();
        Poly1305.tag(tag, NONE, key);
        assertThat(Poly1305.verify(tag, NONE, key)).isTrue();
        ChaCha20.xor(NONE, 0, nonce, key);
        ChaCha20.stream(NONE, nonce, key);
    }

    @Test
    void signaturesTakeNothingAtAddressZero() {
        try (Ed25519KeyPair pair = Ed25519KeyPair.fromSeed(key)) {
            pair.sign(out, NONE);
            assertThat(Ed25519.verify(out, NONE, pair.publicKey())).isTrue();
        }
    }

    @Test
    void memoryCallsTakeNothingAtAddressZero() {
        Wiping.wipe(NONE);
        new SecureRandomness().fill(NONE);
        assertThat(ConstantTime.equal(NONE, NONE)).isTrue();
        assertThat(ConstantTime.isZero(NONE)).isTrue();
    }
}

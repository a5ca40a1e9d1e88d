package io.millrace.crypto;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.test.SeededRandomness;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** SHA-256 and HMAC of several parts against the JDK's, whichever implementation this machine uses. */
class ShaInstructionsTest {
    private static final int LONGEST = 300;

    private final SeededRandomness random = new SeededRandomness(4);

    @Test
    void aHashOfUpToFourPartsIsTheJdks() throws GeneralSecurityException {
        final MessageDigest jdk = MessageDigest.getInstance("SHA-256");
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment out = arena.allocate(Sha256.LENGTH);
            for (int length = 0; length <= LONGEST; length++) {
                final byte[] text = random.bytes(length);
                for (int parts = 0; parts <= 4; parts++) {
                    Sha256.hash(out, split(arena, parts == 0 ? new byte[0] : text, parts));
                    assertThat(out.toArray(JAVA_BYTE))
                            .as("length %d, parts %d", length, parts)
                            .isEqualTo(jdk.digest(parts == 0 ? new byte[0] : text));
                }
            }
        }
    }

    @Test
    void aTagOfUpToFourPartsIsTheJdks() throws GeneralSecurityException {
        final Mac jdk = Mac.getInstance("HmacSHA256");
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment out = arena.allocate(HmacSha256.LENGTH);
            for (int keyLength : new int[] {0, 1, 31, 32, 63, 64, 65, 200}) {
                final byte[] key = random.bytes(keyLength);
                jdk.init(new SecretKeySpec(keyLength == 0 ? new byte[1] : key, "HmacSHA256"));
                final MemorySegment nativeKey = arena.allocateFrom(JAVA_BYTE, key);
                for (int length = 0; length <= LONGEST; length += 1 + length / 70 * 7) {
                    final byte[] text = random.bytes(length);
                    for (int parts = 1; parts <= 4; parts++) {
                        HmacSha256.tag(out, nativeKey, split(arena, text, parts));
                        assertThat(out.toArray(JAVA_BYTE))
                                .as("key %d, length %d, parts %d", keyLength, length, parts)
                                .isEqualTo(jdk.doFinal(text));
                    }
                }
            }
        }
    }

    @Test
    void hkdfIsExtractAndExpandWithTheJdksTags() throws GeneralSecurityException {
        final Mac jdk = Mac.getInstance("HmacSHA256");
        try (Arena arena = Arena.ofConfined()) {
            for (int saltLength : new int[] {1, 32, 64, 65}) {
                for (int infoLength : new int[] {0, 1, 32, 100}) {
                    for (int length : new int[] {0, 1, 31, 32, 33, 40, 64, 96, 500}) {
                        final byte[] salt = random.bytes(saltLength);
                        final byte[] ikm = random.bytes(length / 2);
                        final byte[] info = random.bytes(infoLength);
                        jdk.init(new SecretKeySpec(salt, "HmacSHA256"));
                        jdk.init(new SecretKeySpec(jdk.doFinal(ikm), "HmacSHA256"));
                        final byte[] expected = new byte[length];
                        byte[] block = {};
                        for (int done = 0; done < length; done += block.length) {
                            jdk.update(block);
                            jdk.update(info);
                            block = jdk.doFinal(new byte[] {(byte) (done / 32 + 1)});
                            System.arraycopy(block, 0, expected, done, Math.min(block.length, length - done));
                        }
                        final MemorySegment okm = arena.allocate(length);
                        Hkdf.derive(
                                okm,
                                arena.allocateFrom(JAVA_BYTE, salt),
                                arena.allocateFrom(JAVA_BYTE, ikm),
                                arena.allocateFrom(JAVA_BYTE, info));
                        assertThat(okm.toArray(JAVA_BYTE)).isEqualTo(expected);
                    }
                }
            }
        }
    }

    @Test
    void theResultMayOverlapTheKeyAndTheParts() throws GeneralSecurityException {
        final byte[] bytes = random.bytes(32);
        final Mac jdk = Mac.getInstance("HmacSHA256");
        jdk.init(new SecretKeySpec(bytes, "HmacSHA256"));
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment both = arena.allocateFrom(JAVA_BYTE, bytes);
            HmacSha256.tag(both, both, both, both);
            jdk.update(bytes);
            assertThat(both.toArray(JAVA_BYTE)).isEqualTo(jdk.doFinal(bytes));
            final MemorySegment hash = arena.allocateFrom(JAVA_BYTE, bytes);
            Sha256.hash(hash, hash, hash);
            final MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes);
            assertThat(hash.toArray(JAVA_BYTE)).isEqualTo(digest.digest(bytes));
        }
    }

    /** Which implementation the tests above reach on a machine that has both. */
    @Test
    void threePartsAndKeysOfABlockGoToTheInstructionsWhereTheyAre() {
        assumeThat(ShaInstructions.takes(1)).as("SHA instructions").isTrue();
        assertThat(ShaInstructions.takes(3, 64)).isTrue();
        assertThat(ShaInstructions.takes(4, 32)).isFalse();
        assertThat(ShaInstructions.takes(1, 65)).isFalse();
    }

    private static MemorySegment[] split(Arena arena, byte[] text, int parts) {
        final MemorySegment[] segments = new MemorySegment[parts];
        for (int i = 0; i < parts; i++) {
            final int from = text.length * i / parts;
            segments[i] = arena.allocateFrom(JAVA_BYTE, Arrays.copyOfRange(text, from, text.length * (i + 1) / parts));
        }
        return segments;
    }
}

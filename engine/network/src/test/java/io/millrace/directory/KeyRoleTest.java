package io.millrace.directory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.crypto.Ed25519KeyPair;
import io.millrace.crypto.SecretKey;
import io.millrace.receipt.LogKey;
import io.millrace.vrf.EcvrfSecretKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values from HMAC-SHA256, BLAKE2b and Ed25519 of Python, for the root 00 01 ... 1f. */
class KeyRoleTest {
    private static final String ROOT = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    @ParameterizedTest
    @CsvSource({
        "IDENTITY,49ba251f8f24e2d94a89038062024a61dc483fb35619ad5bff31107a14842da4",
        "VRF,0c0b1b9880c62a521ca1c965ec93eef92b8b5a9e27514cb22d4a2e711173757b",
        "TWIN,9b4f67a916189b1385d611e58a94f108b0ee56e2ab1b1947aca69bc85a56d387",
        "RECEIPT_LOG,6915b4e12414b7fb7c2cdace3763797692d172ee2706d868ac6d586a53b88e92",
        "LINK,dfc56b6a22fad8e2c1c1169fb6ad5aafbfa3eb5873eec49da81e720f44c9b589",
    })
    void derivesEachRoleAsRfc5869Says(KeyRole role, String expected) {
        try (SecretKey root = root();
                SecretKey derived = role.derive(root.segment())) {
            assertThat(hex(derived.segment())).isEqualTo(expected);
        }
    }

    @Test
    void noTwoRolesShareAKeyAndNoneIsTheRoot() {
        try (SecretKey root = root()) {
            assertThat(Arrays.stream(KeyRole.values())
                            .map(role -> {
                                try (SecretKey derived = role.derive(root.segment())) {
                                    return hex(derived.segment());
                                }
                            })
                            .distinct())
                    .hasSize(KeyRole.values().length)
                    .doesNotContain(ROOT);
        }
    }

    @Test
    void identityAndVrfKeyHaveTheExpectedPublicKeys() {
        try (SecretKey root = root();
                Ed25519KeyPair pair = KeyRole.identityKey(root.segment());
                EcvrfSecretKey vrf = KeyRole.vrfKey(root.segment())) {
            assertThat(hex(vrf.publicKey()))
                    .isEqualTo("6b0f427b56a2dbd050b8ccafbf97e4656728d842a658287493371384e7fb2061");
            final IdentityKey identity = IdentityKey.of(pair);
            assertThat(identity).hasToString("5c6a1912c9acc54ab73a57f5eefe7624127ed57e7f4187ca29fd1fcbea501978");
            assertThat(identity.idHex()).isEqualTo("a28802d7e07d1c070d2fdd5b11094e8b");
            assertThat(IdentityKey.ofHex(identity.toString())).isEqualTo(identity);
        }
    }

    @Test
    void theReceiptLogDerivesItsKeyByTheSameRule() {
        try (SecretKey root = root();
                SecretKey seed = KeyRole.RECEIPT_LOG.derive(root.segment());
                LogKey expected = LogKey.ofSeed("test", seed.segment());
                LogKey derived = LogKey.derive("test", root.segment())) {
            assertThat(derived.verifierKey()).isEqualTo(expected.verifierKey());
        }
    }

    @Test
    void refusesARootOfAnotherLength() {
        try (Arena arena = Arena.ofConfined()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> KeyRole.VRF.derive(arena.allocate(31)))
                    .withMessageContaining("rootLength=31");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> IdentityKey.of(new byte[31]));
        assertThatIllegalArgumentException().isThrownBy(() -> IdentityKey.ofHex("00"));
        assertThatIllegalArgumentException().isThrownBy(() -> IdentityKey.ofHex("x".repeat(64)));
    }

    private static SecretKey root() {
        return SecretKey.takeFrom(HexFormat.of().parseHex(ROOT));
    }

    private static String hex(MemorySegment bytes) {
        return HexFormat.of().formatHex(bytes.toArray(JAVA_BYTE));
    }
}

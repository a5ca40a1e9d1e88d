package io.millrace.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The embedded builds: which for whom, and that each is the one whose checksum is pinned. */
class EmbeddedSodiumTest {
    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, LINUX_X86_64",
        "Linux, aarch64, LINUX_ARM64",
        "Mac OS X, x86_64, MAC_X86_64",
        "Mac OS X, aarch64, MAC_ARM64",
    })
    void choosesByOperatingSystemAndProcessor(String osName, String osArch, EmbeddedSodium expected) {
        assertThat(EmbeddedSodium.forPlatform(osName, osArch)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"Windows 11, amd64", "Linux, riscv64", "Linux, x86", "FreeBSD, amd64"})
    void saysWhatToDoOnAPlatformWithoutABuild(String osName, String osArch) {
        assertThatThrownBy(() -> EmbeddedSodium.forPlatform(osName, osArch))
                .isInstanceOf(LibraryUnavailableException.class)
                .message()
                .startsWith("libsodium: none is embedded for " + osName + " on " + osArch)
                .contains("--sodium")
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @EnumSource
    void isInTheJarWithItsPinnedChecksum(EmbeddedSodium build) {
        assertThatCode(build::read).doesNotThrowAnyException();
    }

    @Test
    void refusesABuildWithOneBitChanged() {
        final byte[] content = EmbeddedSodium.LINUX_X86_64.read();
        content[content.length / 2] ^= 1;

        assertThatThrownBy(() -> EmbeddedSodium.LINUX_X86_64.verified(content))
                .isInstanceOf(LibraryUnavailableException.class)
                .message()
                .contains(EmbeddedSodium.LINUX_X86_64.sha256())
                .doesNotContain("\n");
    }
}

package io.millrace.natives;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every way in which there may be no kernels ends in a reason, never in an exception. */
class LanesLibraryTest {
    private static final String RESOURCE = LanesLibrary.resource("amd64");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"Mac OS X, aarch64", "Mac OS X, x86_64", "Windows 11, amd64", "Linux, riscv64"})
    void isForLinuxOnX8664OrArm64(String osName, String osArch) {
        final LanesLibrary.State state = LanesLibrary.open(osName, osArch, RESOURCE, folder);

        assertThat(state.lookup()).isNull();
        assertThat(state.reason()).contains("for Linux on x86-64 or arm64", osName, osArch);
    }

    @ParameterizedTest
    @CsvSource({"amd64, linux-x86_64", "x86_64, linux-x86_64", "aarch64, linux-aarch64"})
    void takesTheLibraryOfTheArchitecture(String osArch, String platform) {
        assertThat(LanesLibrary.resource(osArch)).isEqualTo("lanes/" + platform + "/libmillrace_lanes.so");
    }

    /** A jar that was built on x86-64 has no kernels for arm64: libsodium does the work there. */
    @Test
    void saysWhatIsMissingOnArm64InABuildForX8664() throws IOException {
        final LanesLibrary.State state = LanesLibrary.open("Linux", "aarch64", "lanes/absent.so", folder);

        assertThat(state.lookup()).isNull();
        assertThat(state.level()).isEmpty();
        assertThat(state.reason()).contains("not in this build for aarch64", "build again there");
        assertNothingLeft();
    }

    @Test
    void saysWhatIsMissingInABuildWithoutCompiler() throws IOException {
        final LanesLibrary.State state = LanesLibrary.open("Linux", "amd64", "lanes/absent.so", folder);

        assertThat(state.lookup()).isNull();
        assertThat(state.reason()).contains("without a C compiler", "install gcc or clang");
        assertNothingLeft();
    }

    @Test
    void saysSoIfTheResourceIsNoLibrary() throws IOException {
        // Any other resource of this package.
        final LanesLibrary.State state = LanesLibrary.open("Linux", "amd64", "LanesLibraryTest.class", folder);

        assertThat(state.lookup()).isNull();
        assertThat(state.reason()).contains("damaged", "build again");
        assertNothingLeft();
    }

    @Test
    void saysSoIfTheLibraryIsAnotherOne() throws IOException {
        final LanesLibrary.State state = LanesLibrary.open("Linux", "amd64", "sodium/linux64/libsodium.so", folder);

        assertThat(state.lookup()).isNull();
        assertThat(state.reason()).contains("lacks lanes_abi");
        assertNothingLeft();
    }

    @Test
    void saysSoIfTheFolderCannotBeWritten() {
        final LanesLibrary.State state =
                LanesLibrary.open("Linux", "amd64", "sodium/linux64/libsodium.so", folder.resolve("absent"));

        assertThat(state.lookup()).isNull();
        assertThat(state.reason()).contains("cannot extract", "java.io.tmpdir");
    }

    @Test
    void fitsTheClassesOfTheSameBuild() {
        assertThat(LanesLibrary.reason()).doesNotContain("build again with clean");
    }

    @Test
    void leavesNoFileBehind() throws IOException {
        final LanesLibrary.State state = LanesLibrary.open("Linux", "amd64", RESOURCE, folder);

        assertThat(state.reason()).isNotBlank();
        assertNothingLeft();
    }

    @Test
    void alwaysHasAReason() {
        assertThat(LanesLibrary.reason()).isNotBlank();
        assertThat(LanesLibrary.level().isPresent() && LanesLibrary.features() == 0)
                .isFalse();
    }

    private void assertNothingLeft() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }
}

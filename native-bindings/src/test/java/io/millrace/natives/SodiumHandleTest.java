package io.millrace.natives;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which a libsodium can be the wrong one ends in one line that says what to do. */
class SodiumHandleTest {
    private static final EmbeddedSodium BUILD =
            EmbeddedSodium.forPlatform(System.getProperty("os.name"), System.getProperty("os.arch"));

    @TempDir
    private Path folder;

    @BeforeAll
    static void loadThisProcessesOwn() {
        SodiumLibrary.require();
    }

    @Test
    void opensTheEmbeddedBuildAndLeavesNothingBehind() throws IOException {
        final SodiumHandle handle = SodiumHandle.embedded(BUILD, folder);

        assertThat(handle.origin()).isEqualTo("embedded lazysodium-java 5.2.0 (sha256 " + BUILD.sha256() + ")");
        assertThat(handle.lookup().find("crypto_scalarmult_curve25519")).isPresent();
        assertThat(contentOf(folder)).isEmpty();
    }

    @Test
    void extractsToAPrivateFileInAPrivateDirectory() throws IOException {
        final Path file = SodiumHandle.extract(new byte[] {1, 2, 3}, folder, "libsodium.so");

        assertThat(Files.readAllBytes(file)).containsExactly(1, 2, 3);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(file.getParent().getParent()).isEqualTo(folder);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void extractsToAnotherDirectoryEachTime() throws IOException {
        final Path first = SodiumHandle.extract(new byte[1], folder, "libsodium.so");
        final Path second = SodiumHandle.extract(new byte[1], folder, "libsodium.so");

        assertThat(first.getParent()).isNotEqualTo(second.getParent());
    }

    @Test
    void saysWhichFolderItCannotExtractTo() {
        final Path missing = folder.resolve("missing");

        assertOneLine(() -> SodiumHandle.embedded(BUILD, missing), missing.toString(), "-Djava.io.tmpdir=DIR");
    }

    @Test
    void refusesAMissingFile() {
        final Path missing = folder.resolve("libsodium.so");

        assertOneLine(() -> SodiumHandle.ofFile(missing), missing + " is not a file", "leave out --sodium");
    }

    @Test
    void refusesADirectory() {
        assertOneLine(() -> SodiumHandle.ofFile(folder), folder + " is not a file", "leave out --sodium");
    }

    @Test
    void refusesAFileThatIsNoLibrary() throws IOException {
        final Path text = Files.writeString(folder.resolve("libsodium.so"), "not a library");
        final Path empty = Files.createFile(folder.resolve("empty.so"));

        assertOneLine(() -> SodiumHandle.ofFile(text), text + " is not a shared library", "leave out --sodium");
        assertOneLine(() -> SodiumHandle.ofFile(empty), empty + " is not a shared library", "leave out --sodium");
    }

    @Test
    void refusesALibraryForAnotherProcessor() throws IOException {
        assumeTrue(BUILD == EmbeddedSodium.LINUX_X86_64, "the foreign library is one for arm64");
        final Path foreign = Files.write(folder.resolve("libsodium.so"), EmbeddedSodium.LINUX_ARM64.read());

        assertOneLine(() -> SodiumHandle.ofFile(foreign), foreign + " is not a shared library that this machine");
    }

    @Test
    void refusesALibraryThatIsNotLibsodium() {
        final Path libm = find("libm.so.6");

        assertOneLine(() -> SodiumHandle.ofFile(libm), libm + " lacks sodium_init", "1.0.18 or newer");
    }

    @Test
    void namesTheSymbolThatAnOlderLibsodiumLacks() throws IOException {
        // As libsodium 1.0.17 and older would look: the name of one newer function is not there.
        final Path old = folder.resolve("libsodium.so");
        Files.write(old, withoutSymbol(BUILD.read(), "crypto_core_ed25519_scalar_mul"));

        assertOneLine(
                () -> SodiumHandle.ofFile(old),
                old + " lacks crypto_core_ed25519_scalar_mul; use libsodium 1.0.18 or newer, or leave out --sodium to"
                        + " take the embedded 1.0.20");
    }

    @Test
    void opensTheSystemsLibsodium() {
        final Path system = find("libsodium.so.23");

        final SodiumHandle handle = SodiumHandle.ofFile(system);

        assertThat(Path.of(handle.origin())).isAbsolute().isRegularFile();
        assertThat(handle.isFile(system)).isTrue();
        assertThat(handle.isFile(folder)).isFalse();
    }

    private static void assertOneLine(Runnable open, String... parts) {
        assertThatThrownBy(open::run)
                .isInstanceOf(LibraryUnavailableException.class)
                .message()
                .startsWith("libsodium: ")
                .doesNotContain("\n")
                .contains(parts);
    }

    private static List<Path> contentOf(Path directory) throws IOException {
        try (Stream<Path> list = Files.list(directory)) {
            return list.toList();
        }
    }

    /** Finds a library of the system's; the test is skipped where it is not installed. */
    private static Path find(String name) {
        for (String directory : List.of("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64")) {
            final Path file = Path.of(directory, name);
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        assumeTrue(false, name + " is not installed");
        throw new AssertionError();
    }

    /** Changes the last letter of each mention of a symbol, so that it is not found by its name. */
    private static byte[] withoutSymbol(byte[] library, String symbol) {
        final String text = new String(library, ISO_8859_1);
        final String changed = symbol.substring(0, symbol.length() - 1) + '?';
        assertThat(text).contains(symbol);
        return text.replace(symbol, changed).getBytes(ISO_8859_1);
    }
}

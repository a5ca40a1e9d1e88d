package io.millrace.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.crypto.provider.LanesKernels;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbesTest {
    @TempDir
    private Path folder;

    @Test
    void thisMachineRunsARelay() throws IOException {
        final ProgramRun run = ProgramRun.of("doctor", "--json");

        assertThat(run.exitCode()).isZero();
        final JsonNode report = run.json();
        assertThat(report.path("ready").asBoolean()).isTrue();
        assertThat(report.at("/checks/libsodium/value").asText()).contains("embedded");
        assertThat(report.at("/checks/provider/value").asText())
                .startsWith(CryptoProviders.byName("auto").name() + ", ")
                .endsWith(LanesKernels.reason());
        assertThat(report.at("/checks/selfCheck/status").asText()).isEqualTo("ok");
        assertThat(report.path("checks").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "jdk", "cpu", "memoryLock", "libsodium", "provider", "selfCheck", "udpBuffers", "cCompiler");
    }

    @Test
    void readsModelAndFeaturesOfTheCpu() throws IOException {
        final Path cpuinfo = write("processor\t: 0\nmodel name\t: Some CPU\nflags\t\t: fpu avx2 avx512ifma foo\n");

        assertThat(new CpuProbe(cpuinfo).look().value())
                .contains("Some CPU", "avx2 avx512ifma")
                .doesNotContain("foo");
        assertThat(new CpuProbe(write("flags : fpu\n")).look().value()).contains("none of the wide");
        assertThat(new CpuProbe(folder.resolve("nothing")).look().value()).contains("features unknown");
    }

    @Test
    void aSmallMemoryLockLimitIsNoted() throws IOException {
        final Finding small = new MemoryLockProbe(write("Max locked memory         65536   65536   bytes\n")).look();

        assertThat(small.status()).isEqualTo(Finding.Status.NOTE);
        assertThat(small.remedy()).startsWith("ulimit -l");
        assertThat(new MemoryLockProbe(write("Max locked memory  8388608  8388608  bytes\n")).look())
                .isEqualTo(Finding.ok("memory lock", "8192 KiB"));
        assertThat(new MemoryLockProbe(write("Max locked memory  unlimited unlimited bytes\n"))
                        .look()
                        .value())
                .isEqualTo("unlimited");
        assertThat(new MemoryLockProbe(folder.resolve("nothing")).look().status())
                .isEqualTo(Finding.Status.OK);
    }

    @Test
    void findsACompilerOnTheSearchPath() throws IOException {
        final Path empty = Files.createDirectory(folder.resolve("empty"));
        final String searchPath = empty + File.pathSeparator + folder;

        assertThat(new CompilerProbe(searchPath).look().status()).isEqualTo(Finding.Status.NOTE);
        final Path compiler = Files.createFile(
                folder.resolve("clang"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        assertThat(new CompilerProbe(searchPath).look().value()).isEqualTo(compiler.toString());
    }

    private Path write(String content) throws IOException {
        return Files.writeString(folder.resolve("file"), content);
    }
}

package io.millrace.node.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFileTest {
    @TempDir
    private Path folder;

    /** Memory that is gone stands for a disk that is full: the file is made, and nothing can be written to it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFileThatCannotBeWrittenIsNotLeftThere(boolean overwrite) throws Exception {
        final Path file = folder.resolve("k.key");
        assertThatThrownBy(() -> SecretFile.write(file, unreadable(), overwrite))
                .isInstanceOf(IllegalStateException.class);
        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aFileThatIsReplacedStaysIfItsSuccessorCannotBeWritten() throws Exception {
        final Path file = folder.resolve("k.key");
        SecretFile.write(file, ByteBuffer.wrap("first".getBytes(StandardCharsets.US_ASCII)), false);
        assertThatThrownBy(() -> SecretFile.write(file, unreadable(), true)).isInstanceOf(IllegalStateException.class);
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
        assertThat(file).hasContent("first");
    }

    private static ByteBuffer unreadable() {
        try (Arena arena = Arena.ofConfined()) {
            return arena.allocate(64).asByteBuffer();
        }
    }
}

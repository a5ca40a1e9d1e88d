package io.millrace.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderPublisherTest {
    @TempDir
    private Path temporary;

    private final PaperRelay relay = new PaperRelay(1);

    @AfterEach
    void close() {
        relay.close();
    }

    @Test
    void publishesFilesThatEveryoneCanRead() throws Exception {
        final Path folder = temporary.resolve("a").resolve("published");
        final FolderPublisher publisher = FolderPublisher.open(folder, 3);
        publisher.publish(relay.descriptor(1, 100, 4));
        publisher.publish(relay.descriptor(2, 100, 4));
        for (long epoch = 98; epoch < 103; epoch++) {
            publisher.publish(relay.disclosure(epoch));
        }

        final FolderPublisher reader = FolderPublisher.reader(folder);
        assertThat(reader.descriptor())
                .hasValueSatisfying(bytes ->
                        assertThat(bytes).isEqualTo(relay.descriptor(2, 100, 4).toByteArray()));
        assertThat(reader.epochs()).containsExactly(100L, 101L, 102L);
        assertThat(reader.latest()).hasValue(102);
        assertThat(reader.disclosure(99)).isEmpty();
        assertThat(reader.disclosure(101))
                .hasValueSatisfying(bytes ->
                        assertThat(bytes).isEqualTo(relay.disclosure(101).toByteArray()));
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                        .as(each.toString())
                        .isEqualTo(Files.isDirectory(each) ? "rwxr-xr-x" : "rw-r--r--");
                assertThat(each.getFileName().toString()).doesNotEndWith(".new");
            }
        }
    }

    @Test
    void anEmptyOrAbsentFolderHoldsNothing() throws IOException {
        final FolderPublisher reader = FolderPublisher.reader(temporary.resolve("absent"));
        assertThat(reader.descriptor()).isEmpty();
        assertThat(reader.latest()).isEmpty();
        assertThat(temporary.resolve("absent")).doesNotExist();
    }

    @Test
    void otherFilesAreIgnoredAndLongOnesRefused() throws IOException {
        FolderPublisher.open(temporary, 3);
        Files.writeString(temporary.resolve("disclosures").resolve("x.cbor"), "");
        Files.write(temporary.resolve("descriptor.cbor"), new byte[RelayDescriptor.MAX_LENGTH + 1]);

        final FolderPublisher reader = FolderPublisher.reader(temporary);
        assertThat(reader.epochs()).isEmpty();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(reader::descriptor)
                .withMessageContaining("longer than 4096 bytes");
    }
}

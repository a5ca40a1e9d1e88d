package io.millrace.rig.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightRecordingTest {
    @TempDir
    private Path folder;

    @Test
    void writesItsFileAtTheEnd() throws IOException {
        final Path file = folder.resolve("run.jfr");
        try (FlightRecording recording = new FlightRecording(file)) {
            recording.begin();
            recording.end();
        }
        assertThat(RecordingFile.readAllEvents(file))
                .extracting(event -> event.getEventType().getName())
                .contains("millrace.Measuring");
    }

    /** The JDK itself only logs that the file of a recording cannot be written. */
    @Test
    void aFullDiskIsAnError() {
        final Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "no /dev/full here");
        final FlightRecording recording = new FlightRecording(full);
        recording.begin();
        recording.end();
        assertThatThrownBy(recording::close).isInstanceOf(IOException.class).hasMessageContaining("No space left");
    }
}

package io.millrace.cli.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalPictureTest {
    private static final String FRAMES = "before\u001b[Hone\u001b[J\u001b[Htwo\u001b[J\u001b[Hunfinis";

    @TempDir
    private Path folder;

    @Test
    void drawsTheLastWholeFrame() throws IOException {
        assertThat(TerminalPicture.lastFrame("f", FRAMES)).isEqualTo("two");
        final Path recording = Files.writeString(folder.resolve("recording"), FRAMES);
        final Path picture = folder.resolve("picture.png");
        TerminalPicture.main(new String[] {recording.toString(), picture.toString()});
        assertThat(picture).isNotEmptyFile();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no such relay", "\u001b[Honly begun", "only ended\u001b[J"})
    void aRecordingWithoutAFrameIsNamed(String recording) throws IOException {
        final Path file = Files.writeString(folder.resolve("recording"), recording);
        assertThatThrownBy(() -> TerminalPicture.main(new String[] {file.toString(), "picture.png"}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file + ": has no whole frame");
    }
}

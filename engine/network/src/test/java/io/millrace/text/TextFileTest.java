package io.millrace.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFileTest {
    private static final int LONGEST = 1 << 20;

    @TempDir
    private Path folder;

    @Test
    void readsTheSameTextWhateverTheEditorThatSavedIt() throws IOException {
        final String text = "a = 1\n\nb = \"\u00fc\"\n";

        assertThat(read(text)).isEqualTo(text);
        assertThat(read("\ufeff" + text)).isEqualTo(text);
        assertThat(read(text.replace("\n", "\r\n"))).isEqualTo(text);
        assertThat(read("\ufeff" + text.replace("\n", "\r\n"))).isEqualTo(text);
    }

    @Test
    void keepsAMissingLastLineFeedMissing() throws IOException {
        assertThat(read("one\ntwo")).isEqualTo("one\ntwo");
        assertThat(read("\r")).isEqualTo("\r");
        assertThat(read("")).isEmpty();
        assertThat(read("\ufeff")).isEmpty();
        assertThat(read("a")).isEqualTo("a");
    }

    @Test
    void readsLinesLongerThanItsBuffers() throws IOException {
        final String line = "x\u20ac".repeat(10_000);

        assertThat(read(line + "\n" + line)).isEqualTo(line + "\n" + line);
    }

    @Test
    void numbersItsLines() throws IOException {
        final Path file = file("a\r\n\r\nb".getBytes(StandardCharsets.UTF_8));
        final List<String> lines = new ArrayList<>();

        try (TextFile text = TextFile.open(file, LONGEST)) {
            for (String line = text.readLine(); line != null; line = text.readLine()) {
                lines.add(text.lineNumber() + line);
            }
        }

        assertThat(lines).containsExactly("1a", "2", "3b");
    }

    @Test
    void namesTheLineThatIsNotUtf8() throws IOException {
        final Path file = file("good\nna\u00efve\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> TextFile.read(file, LONGEST))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ":2: not UTF-8: save the file as UTF-8");
    }

    @Test
    void namesUtf16() throws IOException {
        for (Charset order : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            final Path file = file("\ufeffa = 1\n".getBytes(order));

            assertThatThrownBy(() -> TextFile.read(file, LONGEST))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("byte order mark of UTF-16");
        }
    }

    @Test
    void refusesFoldersMissingFilesAndLongOnes() throws IOException {
        final Path file = file("123456\n".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> TextFile.read(folder, LONGEST)).hasMessageContaining("a folder, not a file");
        assertThatThrownBy(() -> TextFile.read(folder.resolve("none"), LONGEST))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> TextFile.read(file, 6)).hasMessageContaining("longer than 6 bytes");
        assertThat(TextFile.read(file, 7)).isEqualTo("123456\n");
    }

    private String read(String text) throws IOException {
        return TextFile.read(file(text.getBytes(StandardCharsets.UTF_8)), LONGEST);
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("text"), content);
    }
}

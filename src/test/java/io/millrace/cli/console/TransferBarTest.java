package io.millrace.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A bar is one more thing on standard error: it holds nothing up, and a write that fails is seen. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a stopped terminal cannot be interrupted
class TransferBarTest {
    private static final int COLUMNS = 80;

    private final StringWriter shown = new StringWriter();
    private final CountDownLatch stuck = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    /** Takes nothing until it goes on. */
    private final Writer terminal = new Writer() {
        @Override
        public void write(char[] characters, int offset, int length) {
            stuck.countDown();
            while (goOn.getCount() > 0) {
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    // A write to a stopped terminal cannot be interrupted.
                }
            }
            shown.write(characters, offset, length);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @Test
    void aStoppedTerminalHoldsUpNoTransfer() throws IOException, InterruptedException {
        final Output output = output(new PrintWriter(terminal));
        try (Closeable notes = output.notesInBackground()) {
            assertThat(notes).isNotNull();
            try (TransferBar bar = TransferBar.ofWidth("file", 1_000, output, COLUMNS)) {
                stuck.await();
                bar.show(1_000);
            }
            goOn.countDown();
        }
        assertThat(shown.toString()).startsWith("\rfile ").contains("100%").endsWith(System.lineSeparator());
    }

    @Test
    void aNoteBeginsALineOfItsOwn() throws IOException {
        goOn.countDown();
        final Output output = output(new PrintWriter(terminal));
        try (Closeable notes = output.notesInBackground()) {
            assertThat(notes).isNotNull();
            output.bar("half");
            output.note("a note");
        }
        assertThat(shown.toString().lines()).containsExactly("", "half", "a note");
    }

    @Test
    void aBarThatCannotBeWrittenIsLostOutput() throws IOException {
        final Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "no /dev/full here");
        try (PrintWriter err = new PrintWriter(Files.newBufferedWriter(full))) {
            final Output output = output(err);
            try (Closeable notes = output.notesInBackground()) {
                assertThat(notes).isNotNull();
                TransferBar.ofWidth("file", 1_000, output, COLUMNS).close();
            }
            assertThat(err.checkError()).isTrue();
        }
    }

    private static Output output(PrintWriter err) {
        return new Output(new PrintWriter(Writer.nullWriter()), err, false);
    }
}

package io.millrace.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A command goes on while its standard error is a pipe that is not read. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a pipe cannot be interrupted
class BackgroundNotesTest {
    private final StringWriter out = new StringWriter();
    private final CountDownLatch reading = new CountDownLatch(1);
    private final CountDownLatch stuck = new CountDownLatch(1);
    private final StringWriter err = new StringWriter();

    /** Takes nothing until it is read. */
    private final Writer pipe = new Writer() {
        @Override
        public void write(char[] characters, int offset, int length) {
            stuck.countDown();
            while (reading.getCount() > 0) {
                try {
                    reading.await();
                } catch (InterruptedException e) {
                    // A write to a full pipe cannot be interrupted.
                }
            }
            err.write(characters, offset, length);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private PrintWriter instead;
    private final Output output =
            new Output(new PrintWriter(out), new PrintWriter(pipe), false, writer -> instead = writer);

    @AfterEach
    void readThePipe() {
        reading.countDown();
    }

    @Test
    void linesAreWrittenInOrderAndAllOfThemByTheEnd() throws IOException {
        reading.countDown();
        try (Closeable notes = output.notesInBackground()) {
            assertThat(notes).isNotNull();
            for (int i = 0; i < BackgroundNotes.LIMIT; i++) {
                output.note("line " + i);
            }
        }
        output.note("afterwards");
        assertThat(err.toString().lines()).hasSize(BackgroundNotes.LIMIT + 1).startsWith("line 0", "line 1");
        assertThat(err.toString()).endsWith("afterwards" + System.lineSeparator());
    }

    @Test
    void aPipeThatIsNotReadHoldsNothingUpAndWhatIsLostIsCounted() throws Exception {
        final Closeable notes = output.notesInBackground();
        output.note("first");
        stuck.await();
        for (int i = 0; i < BackgroundNotes.LIMIT + 10; i++) {
            output.note("line " + i);
        }
        reading.countDown();
        notes.close();
        assertThat(err.toString().lines())
                .startsWith("first", "10 lines were lost here: standard error was not read", "line 0")
                .hasSize(BackgroundNotes.LIMIT + 2);
    }

    @Test
    void theEndDoesNotWaitForEverForAPipeThatIsNotRead() throws Exception {
        final Closeable notes = output.notesInBackground();
        output.note("first");
        stuck.await();
        notes.close();
        output.note("and nothing after it");
        assertThat(instead).as("for the program's last words").isNotNull();
        assertThat(err.toString()).isEmpty();
        reading.countDown();
    }
}

package io.millrace.cli.console;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.text.Shown;
import java.io.Closeable;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.function.Consumer;

/**
 * Where a command writes: text for people, or exactly one JSON object.
 *
 * <p>Under {@code --json} stdout carries that object and nothing else; everything for people is silent then, except
 * {@link #note}, which always goes to stderr. A command writes both forms and need not ask which one is wanted.
 *
 * <p>Not thread safe, but for {@link #note} after {@link #notesInBackground}.
 */
public final class Output {
    private static final JsonMapper JSON = ShownJson.mapper();

    private final PrintWriter out;
    private final Consumer<PrintWriter> onStuckErr;
    private final boolean json;
    private volatile PrintWriter err;
    private volatile BackgroundNotes background;
    private boolean objectWritten;

    /**
     * Writes to {@code out} and {@code err}.
     *
     * @param json whether {@code out} carries one JSON object instead of text.
     */
    public Output(PrintWriter out, PrintWriter err, boolean json) {
        this(out, err, json, instead -> {});
    }

    /** As above; {@code onStuckErr} is given what takes the place of {@code err} when that is a pipe that is not read. */
    Output(PrintWriter out, PrintWriter err, boolean json, Consumer<PrintWriter> onStuckErr) {
        this.out = out;
        this.err = err;
        this.json = json;
        this.onStuckErr = onStuckErr;
    }

    /** Whether the JSON object is wanted, for a command that has to do more than print to make it. */
    public boolean json() {
        return json;
    }

    /**
     * Writes a line of text for people to stdout.
     *
     * @param text one line; characters that {@link Shown} escapes, line feeds among them, appear as escapes.
     */
    public void line(String text) {
        print(Shown.of(text));
    }

    /**
     * Writes several lines of text for people to stdout.
     *
     * @param text lines of the program's own making, with line feeds between them; other characters that {@link Shown}
     *     escapes appear as escapes.
     */
    public void lines(String text) {
        print(Shown.lines(text));
    }

    /** Writes a table for people to stdout. */
    public void table(Table table) {
        lines(table.text());
    }

    /**
     * Standard output as it is, for a view that moves the cursor. It escapes nothing: text of others goes through
     * {@link Shown} first.
     */
    public PrintWriter terminal() {
        return out;
    }

    /** Whether all that was written to standard output so far has reached its reader; false once the reader is gone. */
    public boolean isOpen() {
        return !out.checkError();
    }

    private void print(String text) {
        if (!json) {
            out.println(text);
            out.flush();
        }
    }

    /**
     * Writes a line to stderr: progress, warnings, whatever is not the result.
     *
     * @param text as for {@link #line}.
     */
    public void note(String text) {
        final BackgroundNotes notes = background;
        if (notes == null) {
            err.println(Shown.of(text));
            err.flush();
        } else {
            notes.add(Shown.of(text));
        }
    }

    /**
     * Shows a progress bar on stderr, in the place of the one that was shown last. The next note begins a new line.
     *
     * @param text of the bar, one line.
     */
    void bar(String text) {
        final BackgroundNotes notes = background;
        if (notes == null) {
            BackgroundNotes.printBar(err, text);
        } else {
            notes.bar(text);
        }
    }

    /** Ends the line of a progress bar. */
    void barEnds() {
        final BackgroundNotes notes = background;
        if (notes == null) {
            err.println();
            err.flush();
        } else {
            notes.barEnds();
        }
    }

    /**
     * Until the result is closed, {@link #note} waits for no reader of stderr, and may be called by any thread: a pipe that is
     * not read costs lines, which are counted, and holds up nothing.
     *
     * @return to be closed once; closing waits for the lines, for two seconds at most. If they cannot be written then, nothing
     *     is written to stderr any more.
     */
    public Closeable notesInBackground() {
        final BackgroundNotes notes = new BackgroundNotes(err);
        background = notes;
        return () -> {
            if (!notes.end()) {
                err = new PrintWriter(Writer.nullWriter());
                onStuckErr.accept(err);
            }
            background = null;
        };
    }

    /**
     * Writes the result as one JSON object in one line; does nothing without {@code --json}.
     *
     * @param result a record or map; called once per run, after everything else.
     */
    public void object(Object result) {
        if (!json) {
            return;
        }
        if (objectWritten) {
            throw new IllegalStateException("a command writes one JSON object, this is the second");
        }
        objectWritten = true;
        try {
            out.println(JSON.writeValueAsString(result));
            out.flush();
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}

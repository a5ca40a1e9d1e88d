package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.NetworkCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** A command with peers goes on while its standard error is a pipe that is not read. */
class NetworkCommandTest {
    /** Commands that end by themselves, and the children of others. A new one belongs here or is a {@link NetworkCommand}. */
    private static final Set<String> ENDING = Set.of(
            "bench cores",
            "bench flood",
            "bench htx",
            "bench matrix",
            "bench packets",
            "bench receipts",
            "bench twin",
            "stat",
            "explain",
            "knee",
            "trace",
            "keygen",
            "delays fetch",
            "delays verify",
            "doctor",
            "vectors",
            "receipts append",
            "receipts list",
            "receipts find",
            "receipts prove",
            "receipts verify",
            "receipts checkpoint",
            "twin apply",
            "twin show",
            "twin sync",
            "twin verify",
            "twin compact",
            "report",
            "compare");

    private static final int CONNECTIONS = 3;
    private static final int PATIENCE_S = 60;

    /** Takes one line, and from then on nothing until it is read. */
    private static final class Pipe extends Writer {
        private final StringWriter taken = new StringWriter();
        private final CountDownLatch line = new CountDownLatch(1);
        private final CountDownLatch reading = new CountDownLatch(1);

        @Override
        public void write(char[] characters, int offset, int length) {
            while (line.getCount() == 0 && reading.getCount() > 0) {
                try {
                    reading.await();
                } catch (InterruptedException e) {
                    // A write to a full pipe cannot be interrupted.
                }
            }
            taken.write(characters, offset, length);
        }

        @Override
        public void flush() {
            line.countDown();
        }

        @Override
        public void close() {}
    }

    @Test
    void eachCommandEndsByItselfOrWaitsForNoReaderOfItsNotes() {
        final Set<String> found = new TreeSet<>();
        collect(Millrace.commandLine(), "", found);

        assertThat(found).containsExactlyInAnyOrderElementsOf(ENDING);
    }

    private static void collect(CommandLine command, String name, Set<String> others) {
        if (command.getSubcommands().isEmpty() && !(command.getCommand() instanceof NetworkCommand)) {
            others.add(name.strip());
        }
        command.getSubcommands().forEach((word, below) -> collect(below, name + " " + word, others));
    }

    /** The server has something to say about each connection, since each is lost at once. */
    @Test
    @Timeout(120)
    void aServerServesWhileItsNotesAreNotRead() throws Exception {
        final Pipe pipe = new Pipe();
        final CommandLine program = Millrace.commandLine();
        final CompletableFuture<Integer> server = CompletableFuture.supplyAsync(() -> program.setOut(
                        new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(pipe))
                .execute("htx", "serve", "--raw-noise", "--listen", "127.0.0.1:0", "--count", "" + CONNECTIONS));
        try {
            assertThat(pipe.line.await(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
            final Matcher port =
                    Pattern.compile("listening at 127\\.0\\.0\\.1:(\\d+) ").matcher(pipe.taken.toString());
            assertThat(port.find()).as("%s", pipe.taken).isTrue();
            for (int i = 0; i < CONNECTIONS; i++) {
                new Socket(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(port.group(1))).close();
            }

            assertThat(server.get(PATIENCE_S, TimeUnit.SECONDS)).isEqualTo(ExitCode.FAILED);
        } finally {
            pipe.reading.countDown();
        }
    }
}

package io.millrace.cli.htx;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.StandardInput;
import io.millrace.cli.console.Termination;
import io.millrace.cli.console.UsageError;
import io.millrace.cli.htx.HtxReport.Outcome;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.htx.admission.TicketKey;
import io.millrace.htx.endpoint.HtxConnection;
import io.millrace.htx.endpoint.HtxEndpoint;
import io.millrace.htx.endpoint.HtxStream;
import io.millrace.htx.session.SessionEnd;
import io.millrace.names.HostAddresses;
import io.millrace.names.NameLookup;
import io.millrace.text.HostPort;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The end that begins a session: sends a file, joins standard input and output, or forwards local ports. */
final class HtxClient {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Output output;
    private final SessionOptions options;
    private final String ticket;

    HtxClient(Output output, SessionOptions options, String ticket) {
        this.output = output;
        this.options = options;
        this.ticket = ticket;
    }

    @SuppressWarnings("try") // closed before the report, which tells how it ended
    int run(HostPort address, byte[] peer, List<LocalForward.Spec> forwards) throws IOException, InterruptedException {
        if (options.file() != null && !Files.isReadable(options.file())) {
            throw new UsageError("cannot read: --file=" + options.file());
        }
        if (output.json() && options.file() == null && forwards.isEmpty()) {
            throw new UsageError("--json needs --file or -L: stdout is the pipe's otherwise");
        }
        if (options.file() == null && forwards.isEmpty()) {
            StandardInput.requireOpen();
        }
        try (Arena arena = Arena.ofConfined();
                X25519KeyPair own = options.keys();
                HtxEndpoint endpoint = HtxEndpoint.start(options.config())) {
            final MemorySegment responder = arena.allocateFrom(ValueLayout.JAVA_BYTE, peer);
            final long start = System.nanoTime();
            try (TicketKey ticketKey = TicketOption.ofClient(ticket, own, peer);
                    HtxConnection connection = HostAddresses.tryAll(
                            address,
                            NameLookup.SYSTEM,
                            each -> endpoint.connect(each, own, responder, ticketKey, PATIENCE))) {
                output.note("handshake hash " + HexFormat.of().formatHex(connection.handshakeHash()));
                final Outcome outcome = work(connection, forwards);
                final double seconds = (System.nanoTime() - start) / 1e9;
                connection.close();
                final HtxReport report = HtxReport.of(connection, outcome, seconds);
                if (outcome.failure() != null) {
                    output.note("millrace: " + outcome.failure());
                } else if (outcome.sha256() != null) {
                    output.line("sent " + outcome.bytes() + " bytes, SHA-256 " + outcome.sha256()
                            + (outcome.well() ? ", the same at the other end" : ", NOT THE SAME at the other end"));
                }
                output.object(report);
                return outcome.well() && connection.end() == SessionEnd.CLOSED ? ExitCode.OK : ExitCode.FAILED;
            }
        }
    }

    private Outcome work(HtxConnection connection, List<LocalForward.Spec> forwards) throws InterruptedException {
        try {
            if (!forwards.isEmpty()) {
                return forward(connection, forwards);
            }
            try (HtxStream stream = connection.open()) {
                final StreamPurpose purpose = options.file() == null ? StreamPurpose.PIPE : StreamPurpose.FILE;
                purpose.write(stream.output());
                if (!StreamPurpose.isAccepted(stream.input())) {
                    return Outcome.failed("the other end takes no " + (options.file() == null ? "pipe" : "file"));
                }
                return options.file() == null ? Pipe.standard(stream) : FileExchange.send(options.file(), stream);
            }
        } catch (IOException e) {
            return Outcome.failed(e.getMessage());
        }
    }

    private Outcome forward(HtxConnection connection, List<LocalForward.Spec> specs)
            throws IOException, InterruptedException {
        final List<LocalForward> forwards = new ArrayList<>();
        try (Termination termination = Termination.onSignal(connection::close)) {
            for (LocalForward.Spec spec : specs) {
                forwards.add(new LocalForward(spec, connection, output));
            }
            final SessionEnd end = connection.awaitEnd();
            final long bytes = forwards.stream().mapToLong(LocalForward::bytes).sum();
            termination.finished(end == SessionEnd.CLOSED ? ExitCode.OK : ExitCode.FAILED);
            return Outcome.carried(bytes);
        } finally {
            for (LocalForward each : forwards) {
                each.close();
            }
        }
    }
}

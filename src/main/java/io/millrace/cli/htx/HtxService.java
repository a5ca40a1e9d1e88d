package io.millrace.cli.htx;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.StandardInput;
import io.millrace.cli.console.Termination;
import io.millrace.cli.console.UsageError;
import io.millrace.cli.htx.HtxReport.Outcome;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.TicketKey;
import io.millrace.htx.endpoint.HtxConnection;
import io.millrace.htx.endpoint.HtxEndpoint;
import io.millrace.htx.endpoint.HtxListener;
import io.millrace.htx.endpoint.HtxServer;
import io.millrace.htx.endpoint.HtxStream;
import io.millrace.text.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;

/** The end that waits for sessions: receives a file, joins standard input and output, or connects to allowed targets. */
final class HtxService {
    private static final int MAX_CONNECTIONS = 1_024;

    /** What ends the wait for the next session. */
    private static final Finished STOP = new Finished(null, null);

    private final Output output;
    private final SessionOptions options;
    private final ForwardTargets targets;
    private final Set<String> welcome;
    private final Set<String> tickets;
    private final LinkedBlockingQueue<Finished> finished = new LinkedBlockingQueue<>();
    private final Object pipeLock = new Object();
    private boolean pipeTaken;

    /**
     * Makes a service.
     *
     * @param welcome public keys in hex, of either case, that may come; empty lets everybody.
     * @param tickets values of {@link TicketOption}.
     */
    HtxService(
            Output output, SessionOptions options, ForwardTargets targets, Set<String> welcome, Set<String> tickets) {
        this.output = output;
        this.options = options;
        this.targets = targets;
        this.welcome = welcome.stream()
                .map(each -> HexFormat.of().formatHex(PublicKeyText.parse(each)))
                .collect(Collectors.toUnmodifiableSet());
        this.tickets = Set.copyOf(tickets);
    }

    /** Those whose tickets open the door; closed when the endpoint is. */
    private record TicketKeys(List<TicketKey> keys) implements AutoCloseable {
        @Override
        public void close() {
            keys.forEach(TicketKey::close);
        }
    }

    /** One session that is over. */
    private record Finished(HtxReport report, Outcome outcome) {}

    /** Result; also its form in JSON. */
    public record Report(String publicKey, List<HtxReport> sessions) {}

    int run(InetSocketAddress listen, int count) throws IOException, InterruptedException {
        if (output.json() && options.file() == null && targets.isEmpty()) {
            throw new UsageError("--json needs --file or --allow: stdout is the pipe's otherwise");
        }
        if (options.file() == null && targets.isEmpty()) {
            StandardInput.requireOpen();
        }
        try (X25519KeyPair own = options.keys();
                TicketKeys ticketKeys = new TicketKeys(TicketOption.ofServer(tickets, own, welcome));
                HtxEndpoint endpoint = HtxEndpoint.start(options.config());
                Termination termination = Termination.onSignal(() -> finished.add(STOP))) {
            final HtxListener listener = endpoint.listen(
                    listen,
                    new HtxServer(
                            own,
                            ticketKeys.keys(),
                            key -> welcome.isEmpty()
                                    || welcome.contains(HexFormat.of().formatHex(key)),
                            AdmissionConfig.DEFAULT,
                            MAX_CONNECTIONS,
                            this::serve));
            final String publicKey = SessionOptions.hex(own.publicKey());
            output.note("listening at " + HostPort.text(listener.address()) + " with public key " + publicKey);
            final List<HtxReport> reports = new ArrayList<>();
            boolean well = true;
            for (int i = 0; count == 0 || i < count; i++) {
                final Finished next = finished.take();
                if (next.equals(STOP)) {
                    break;
                }
                if (reports.size() < MAX_CONNECTIONS) {
                    reports.add(next.report());
                }
                well &= next.outcome().well();
            }
            output.object(new Report(publicKey, reports));
            return termination.finished(well ? ExitCode.OK : ExitCode.FAILED);
        }
    }

    private void serve(HtxConnection connection) {
        final long start = System.nanoTime();
        output.note("handshake hash " + HexFormat.of().formatHex(connection.handshakeHash()) + ", peer "
                + HexFormat.of().formatHex(connection.remoteStatic()));
        Outcome outcome;
        try (connection) {
            outcome =
                    targets.isEmpty() ? serveOne(connection) : new ForwardedStreams(output, targets).carry(connection);
            // The one that began the session ends it.
            connection.awaitEnd();
        } catch (IOException e) {
            outcome = Outcome.failed(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outcome = Outcome.failed("interrupted");
        }
        if (outcome.failure() != null) {
            output.note("millrace: " + outcome.failure());
        } else if (outcome.sha256() != null) {
            output.line("received " + outcome.bytes() + " bytes, SHA-256 " + outcome.sha256());
        }
        finished.add(new Finished(HtxReport.of(connection, outcome, (System.nanoTime() - start) / 1e9), outcome));
    }

    private Outcome serveOne(HtxConnection connection) throws IOException, InterruptedException {
        try (HtxStream stream = connection.accept()) {
            if (stream == null) {
                return Outcome.failed("the other end left without a stream");
            }
            final StreamPurpose purpose = StreamPurpose.read(stream.input());
            final StreamPurpose.Kind own = options.file() == null ? StreamPurpose.Kind.PIPE : StreamPurpose.Kind.FILE;
            final boolean accepted = purpose.kind() == own && takePipe();
            StreamPurpose.answer(stream.output(), accepted);
            if (!accepted) {
                return Outcome.failed("refused a " + purpose.kind().name().toLowerCase(java.util.Locale.ROOT));
            }
            return options.file() == null ? Pipe.standard(stream) : FileExchange.receive(options.file(), stream);
        }
    }

    /** Standard input and output, and the file, are there once. */
    private boolean takePipe() {
        synchronized (pipeLock) {
            final boolean free = !pipeTaken;
            pipeTaken = true;
            return free;
        }
    }
}

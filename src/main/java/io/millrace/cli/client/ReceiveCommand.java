package io.millrace.cli.client;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.NetworkCommand;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.Termination;
import io.millrace.cli.console.UsageError;
import io.millrace.cli.node.RelayReport;
import io.millrace.client.AddressBook;
import io.millrace.client.AddressBook.Route;
import io.millrace.client.EndPoint;
import io.millrace.node.ClientNode;
import io.millrace.node.config.ClientFile;
import io.millrace.node.config.ConfigFile;
import io.millrace.node.keys.KeyFile;
import io.millrace.text.HostPort;
import io.millrace.transfer.Answer;
import io.millrace.transfer.Inbox;
import io.millrace.transfer.MessageCodec;
import io.millrace.transfer.ReceivedFile;
import io.millrace.transfer.ReturnRoute;
import io.millrace.transfer.TransferReceiver;
import io.millrace.transfer.TransferTiming;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code receive}: takes files that others send through relays. */
@Command(
        name = "receive",
        description = {
            "Receives files that others send through relays.",
            "Takes one file at a time, until SIGTERM or SIGINT.",
            "A file appears under its name only when it is whole and its SHA-256 is right. Nothing is overwritten."
        })
public final class ReceiveCommand extends NetworkCommand {
    private static final long LONGEST_WAIT_NS = 50_000_000;

    /** How long a receiver that is to end goes on answering a sender that does not know yet that it succeeded. */
    private static final long LINGER_NS = 3_000_000_000L;

    private static final long COMPLAIN_EVERY_NS = 500_000_000;
    private static final int REMEMBERED_ROUTES = 64;

    @Option(names = "--config", required = true, paramLabel = "CONFIG", description = "The client's file (TOML).")
    @PathOption(PathKind.FILE)
    private Path config;

    @Mixin
    private final ProfileOption profile = new ProfileOption();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder for the files.")
    @PathOption(PathKind.WRITTEN_FOLDER)
    private Path out;

    @Option(names = "--once", description = "End after one transfer; exit 1 if it failed.")
    private boolean once;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "Give a transfer up after so long without progress (default: ${DEFAULT-VALUE}).")
    private int patienceSeconds;

    @Option(names = "--with-parent", hidden = true, description = "Stop when the process that started this one ends.")
    private boolean withParent;

    private final List<ReceiveReport.File> results = new ArrayList<>();
    private final Map<ReturnRoute, Route> ways = new LinkedHashMap<>();
    private volatile boolean stopped;

    @Override
    protected int serve(Output output) throws Exception {
        final ClientFile client = profile.of(ConfigFile.client(config));
        if (!Files.isDirectory(out)) {
            throw new UsageError((Files.exists(out) ? "not a folder: " : "no such folder: ") + out);
        }
        final AddressBook book = ClientNode.book(client);
        final TransferTiming timing = TimeoutOption.timing(patienceSeconds);
        try (Termination termination = Termination.onSignal(() -> stopped = true)) {
            return termination.finished(run(client, book, timing, output));
        }
    }

    private int run(ClientFile client, AddressBook book, TransferTiming timing, Output output)
            throws IOException, InterruptedException {
        try (KeyFile keys = KeyFile.read(client.client().key());
                TransferReceiver receiver = new TransferReceiver(new Inbox(out), timing);
                ClientNode node = ClientNode.open(client, keys, book, output::note)) {
            if (withParent) {
                Termination.withParent(() -> stopped = true);
            }
            output.note("receiver " + client.client().name() + " is ready at " + HostPort.text(node.address()));
            takeFiles(receiver, node, book, output);
            output.object(new ReceiveReport(
                    results,
                    receiver.counters().messages(),
                    receiver.counters().duplicates(),
                    receiver.counters().ignored()));
            final boolean allWell = results.stream().allMatch(result -> result.failure() == null);
            if (RelayReport.mostDropped(node.counters())) {
                output.note("most packets that the receiver got were dropped: "
                        + node.counters().dropped());
                return ExitCode.FAILED;
            }
            return allWell && !(once && results.isEmpty()) ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private void takeFiles(TransferReceiver receiver, ClientNode node, AddressBook book, Output output)
            throws InterruptedException {
        final EndPoint endPoint = node.endPoint();
        long endedNs = 0;
        long complainNs = System.nanoTime();
        while (true) {
            final long now = System.nanoTime();
            if (stopped) {
                receiver.cancel(now);
            }
            if (now - complainNs >= 0) {
                complainNs = now + COMPLAIN_EVERY_NS;
                node.complaints().forEach(output::note);
            }
            for (Answer answer = receiver.poll(now); answer != null; answer = receiver.poll(now)) {
                answer(answer, endPoint, book, output);
            }
            for (ReceivedFile result = receiver.takeResult(); result != null; result = receiver.takeResult()) {
                results.add(ReceiveReport.File.of(result));
                tell(result, output);
                endedNs = now;
            }
            final boolean over = once && !results.isEmpty() && !receiver.busy();
            if (stopped || (over && (receiver.senderKnows() || now - endedNs >= LINGER_NS))) {
                return;
            }
            final long wait = Math.min(receiver.dueNs(now, now + LONGEST_WAIT_NS) - now, LONGEST_WAIT_NS);
            for (ByteBuffer message = endPoint.receive(wait); message != null; message = endPoint.receive(0)) {
                receiver.onMessage(message, System.nanoTime());
            }
        }
    }

    /** Sends an answer; a route that this client does not know is noted once, and its answers are not sent. */
    private void answer(Answer answer, EndPoint endPoint, AddressBook book, Output output) {
        if (!ways.containsKey(answer.to())) {
            if (ways.size() == REMEMBERED_ROUTES) {
                ways.remove(ways.keySet().iterator().next());
            }
            Route way = null;
            try {
                way = book.route(answer.to());
            } catch (IllegalArgumentException e) {
                output.note("millrace: cannot answer: " + e.getMessage());
            }
            ways.put(answer.to(), way);
        }
        final Route way = ways.get(answer.to());
        if (way != null) {
            endPoint.send(way, MessageCodec.encode(answer.message()));
        }
    }

    private static void tell(ReceivedFile result, Output output) {
        if (result.failure() == null) {
            output.line("received " + result.path() + ": " + result.length() + " bytes, SHA-256 " + result.sha256());
        } else {
            output.note("millrace: " + result.name() + " was not received: " + result.failure());
        }
    }
}

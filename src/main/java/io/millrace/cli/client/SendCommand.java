package io.millrace.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.NetworkCommand;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.Termination;
import io.millrace.cli.console.UsageError;
import io.millrace.cli.console.UsedWith;
import io.millrace.client.AddressBook;
import io.millrace.client.AddressBook.Route;
import io.millrace.client.EndPoint;
import io.millrace.node.ClientNode;
import io.millrace.node.config.ClientFile;
import io.millrace.node.config.ConfigFile;
import io.millrace.node.keys.KeyFile;
import io.millrace.transfer.FileSource;
import io.millrace.transfer.MessageCodec;
import io.millrace.transfer.OfferedFile;
import io.millrace.transfer.TransferId;
import io.millrace.transfer.TransferMessage;
import io.millrace.transfer.TransferSender;
import io.millrace.transfer.TransferState;
import io.millrace.transfer.TransferTiming;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code send}: sends one file through relays to a client that receives. */
@Command(
        name = "send",
        description = {
            "Sends a file through relays to a client that runs receive.",
            "Answers come back along the same relays. The file is there, whole and verified, or it failed."
        })
public final class SendCommand extends NetworkCommand {
    private static final long LONGEST_WAIT_NS = 50_000_000;
    private static final int SENDS_PER_ROUND = 8;
    private static final long LONGEST_LINK_WAIT_NS = 3_000_000_000L;

    @Option(names = "--config", required = true, paramLabel = "CONFIG", description = "The client's file (TOML).")
    @PathOption(PathKind.FILE)
    private Path config;

    @Mixin
    private final ProfileOption profile = new ProfileOption();

    @Option(names = "--to", required = true, paramLabel = "NAME", description = "The receiver, by its name in CONFIG.")
    private String to;

    @Option(
            names = "--route",
            split = ",",
            paramLabel = "NAME",
            description = "The relays on the way, by their names in CONFIG, for example r1,r2,r3. Default: straight to"
                    + " the receiver.")
    private List<String> route = List.of();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Offer the file under this name (default: the name of FILE).")
    private String name;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "Fail after so long without progress (default: ${DEFAULT-VALUE}).")
    private int patienceSeconds;

    @Option(
            names = "--progress",
            paramLabel = "MODE",
            defaultValue = "AUTO",
            description = "auto (a bar on a terminal), lines or none.")
    private ProgressMode progress;

    @Option(
            names = "--verify-delays",
            paramLabel = "FILE",
            description =
                    "Send probes along the route and back, and record those that return in FILE, which only you can"
                            + " read; delays verify --probes FILE judges the relays once they have disclosed.")
    @PathOption(PathKind.WRITTEN_IN_PLACE)
    private Path probeFile;

    @UsedWith(oneOf = "--verify-delays")
    @Option(
            names = "--probes",
            paramLabel = "N",
            defaultValue = "100",
            description =
                    "With --verify-delays: send at least N probes, also after the file (default: ${DEFAULT-VALUE}).")
    private int probeCount;

    @UsedWith(oneOf = "--verify-delays")
    @Option(
            names = "--probe-gap-ms",
            paramLabel = "MS",
            defaultValue = "50",
            description = "Mean time between two probes in milliseconds, 1 to 60,000 (default: ${DEFAULT-VALUE}).")
    private int probeGapMs;

    @Option(names = "--with-parent", hidden = true, description = "Stop when the process that started this one ends.")
    private boolean withParent;

    @Parameters(paramLabel = "FILE", description = "The file to send.")
    @PathOption(PathKind.FILE)
    private Path file;

    private volatile boolean stopped;

    @Override
    protected int serve(Output output) throws Exception {
        if (probeCount < 1 || probeGapMs < 1 || probeGapMs > 60_000) {
            throw new UsageError("--probes must be 1 or more, --probe-gap-ms 1 to 60,000: probes=" + probeCount
                    + ", probeGapMs=" + probeGapMs);
        }
        final TransferTiming timing = TimeoutOption.timing(patienceSeconds);
        final ClientFile client = profile.of(ConfigFile.client(config));
        if (!Files.isRegularFile(file)) {
            throw new UsageError((Files.exists(file) ? "not a regular file: " : "no such file: ") + file);
        }
        final String offered = offeredName();
        if (offered.isEmpty()
                || offered.indexOf('/') >= 0
                || offered.getBytes(UTF_8).length > OfferedFile.MAX_NAME_LENGTH) {
            throw new UsageError(
                    "--name must be 1 to " + OfferedFile.MAX_NAME_LENGTH + " bytes without a slash: name=" + offered);
        }
        final AddressBook book = ClientNode.book(client);
        final Route way = Routes.named(config, () -> book.route(route, to));
        try (Termination termination = Termination.onSignal(() -> stopped = true)) {
            return termination.finished(run(client, book, way, timing, output));
        }
    }

    private String offeredName() {
        return name == null ? file.getFileName().toString() : name;
    }

    private int run(ClientFile client, AddressBook book, Route way, TransferTiming timing, Output output)
            throws IOException, InterruptedException {
        try (KeyFile keys = KeyFile.read(client.client().key());
                FileSource source = FileSource.open(file);
                ClientNode node = ClientNode.open(client, keys, book, output::note)) {
            final EndPoint endPoint = node.endPoint();
            if (withParent) {
                Termination.withParent(() -> stopped = true);
            }
            final OfferedFile offered =
                    source.describe(offeredName(), EndPoint.MESSAGE_LIMIT - MessageCodec.CHUNK_OVERHEAD);
            final Optional<String> keyless =
                    endPoint.awaitKeys(way, timing.patience().toNanos());
            if (keyless.isPresent()) {
                throw new UsageError(keyless.get());
            }
            if (!endPoint.awaitLink(
                    way, Math.min(LONGEST_LINK_WAIT_NS, timing.patience().toNanos()))) {
                node.complaints().forEach(output::note);
            }
            final long start = System.nanoTime();
            final TransferSender sender = new TransferSender(
                    TransferId.draw(new SecureRandom()),
                    offered,
                    book.back(route, keys.publicIdentity().publicKey()),
                    source,
                    timing,
                    start);
            try (DelayProbing probing = probing(endPoint, book, keys)) {
                try (SendProgress bar = new SendProgress(progress, output, offered.name(), offered.length(), start)) {
                    move(sender, endPoint, way, bar, probing);
                }
                final double seconds = (System.nanoTime() - start) / 1e9;
                if (sender.state() == TransferState.DONE) {
                    probing.finish(probeCount, () -> stopped);
                }
                return report(sender, offered, seconds, probing, output);
            }
        }
    }

    private DelayProbing probing(EndPoint endPoint, AddressBook book, KeyFile keys) throws IOException {
        return probeFile == null
                ? DelayProbing.none()
                : DelayProbing.start(
                        endPoint,
                        Routes.named(
                                config,
                                () -> book.loop(route, keys.publicIdentity().publicKey())),
                        probeFile,
                        Duration.ofMillis(probeGapMs));
    }

    private void move(TransferSender sender, EndPoint endPoint, Route way, SendProgress bar, DelayProbing probing)
            throws IOException, InterruptedException {
        while (!sender.ended()) {
            long now = System.nanoTime();
            if (stopped) {
                sender.cancel("it was stopped");
            }
            int sent = 0;
            try {
                for (TransferMessage message = sender.poll(now); message != null; message = sender.poll(now)) {
                    endPoint.send(way, MessageCodec.encode(message));
                    now = System.nanoTime();
                    if (++sent == SENDS_PER_ROUND) {
                        break;
                    }
                }
            } catch (IOException e) {
                sender.cancel("cannot read the file: " + e.getMessage());
            }
            final long nextProbeNs = probing.sendIfDue();
            final long wait = sent == SENDS_PER_ROUND
                    ? 0
                    : Math.min(sender.dueNs() - now, Math.min(nextProbeNs, LONGEST_WAIT_NS));
            for (ByteBuffer message = endPoint.receive(wait); message != null; message = endPoint.receive(0)) {
                final long arrivalNs = System.nanoTime();
                if (!probing.take(message, arrivalNs)) {
                    sender.onMessage(message, arrivalNs);
                }
            }
            bar.show(sender.confirmedLength(), now);
        }
    }

    private int report(
            TransferSender sender, OfferedFile offered, double seconds, DelayProbing probing, Output output) {
        final SendReport report = new SendReport(
                file.toString(),
                to,
                route,
                sender.confirmedLength(),
                seconds,
                sender.counters().messages(),
                sender.counters().retransmissions(),
                sender.roundTripNs() / 1e6,
                offered.sha256(),
                probing.sent(),
                probing.returned(),
                sender.failure());
        output.object(report);
        if (sender.state() != TransferState.DONE) {
            output.note("millrace: " + offered.name() + " was not sent: " + sender.failure());
            return ExitCode.FAILED;
        }
        output.line(String.format(
                Locale.ROOT,
                "sent %s: %d bytes in %.1f s (%.2f MB/s), %d packets, %d retransmissions",
                offered.name(),
                offered.length(),
                seconds,
                offered.length() / 1e6 / seconds,
                report.packets(),
                report.retransmissions()));
        output.line("SHA-256 " + offered.sha256() + ", verified by " + to);
        if (probeFile != null) {
            output.line(probing.returned() + " of " + probing.sent() + " probes returned: " + probeFile);
        }
        return ExitCode.OK;
    }
}

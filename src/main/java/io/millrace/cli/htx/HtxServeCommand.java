package io.millrace.cli.htx;

import io.millrace.cli.console.NetworkCommand;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.UsageError;
import io.millrace.cli.console.UsedWith;
import java.net.InetSocketAddress;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code htx serve}: waits for sessions. */
@Command(
        name = "serve",
        description = {
            "Answers handshakes and carries sessions.",
            "Prints the handshake hash of each session and joins its first stream to standard input and output; with"
                    + " --file it receives a file, with --allow it connects to the allowed targets.",
            "With --raw-noise: bare Noise XK handshakes, and every message is echoed.",
            "One line on stderr gives address and public key."
        })
public final class HtxServeCommand extends NetworkCommand {
    @UsedWith(nothingBut = {"--listen", "--count", "--prologue", "--prologue-hex"})
    @Option(names = "--raw-noise", description = "Speak bare Noise messages behind two-byte lengths.")
    private boolean rawNoise;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:0",
            converter = AddressConverter.class,
            description = "Where to wait (${DEFAULT-VALUE}; port 0: any free one).")
    private InetSocketAddress listen;

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "Stop after N sessions (default: 1; with --allow or --raw-noise at SIGTERM).")
    private Integer count;

    @UsedWith(not = "--file")
    @Option(
            names = "--allow",
            paramLabel = "HOST:PORT",
            description = "Connect streams of -L to this target, as the other end writes it; may be repeated.")
    private Set<String> allowed = Set.of();

    @Option(
            names = "--peer",
            paramLabel = "HEX",
            description = "Let only the owner of this public key in; may be repeated.")
    private Set<String> peers = Set.of();

    @Option(
            names = "--ticket",
            paramLabel = "T",
            defaultValue = TicketOption.OPEN,
            description = {
                "Whose tickets open the door: open, all who know the public key; pairwise, the owners of the keys of"
                        + " --peer; a FILE of keygen --psk, all who were given it. May be repeated (default:"
                        + " ${DEFAULT-VALUE})."
            })
    private Set<String> tickets;

    @Mixin
    private SessionOptions.Receiving options;

    @Mixin
    private PrologueOptions prologue;

    private HtxServeCommand() {}

    @Override
    protected int serve(Output output) throws Exception {
        if (count != null && count < 0) {
            throw new UsageError("must not be negative: --count=" + count);
        }
        if (rawNoise) {
            return new RawNoiseServer(output, prologue.bytes()).run(listen, count == null ? 0 : count);
        }
        for (String target : allowed) {
            try {
                ForwardTargets.check(target);
            } catch (IllegalArgumentException e) {
                throw new UsageError("--allow=" + target + ": " + e.getMessage(), e);
            }
        }
        peers.forEach(PublicKeyText::parse);
        final int sessions = count != null ? count : allowed.isEmpty() ? 1 : 0;
        return new HtxService(output, options, new ForwardTargets(allowed), peers, tickets).run(listen, sessions);
    }
}

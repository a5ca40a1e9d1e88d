package io.millrace.cli.htx;

import io.millrace.cli.console.NetworkCommand;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.UsedWith;
import io.millrace.text.HostPort;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code htx connect}: begins a session. */
@Command(
        name = "connect",
        description = {
            "Begins a session with a host that runs htx serve.",
            "Prints the handshake hash and joins standard input and output to those of the other end; with --file it"
                    + " sends a file, with -L it forwards local ports.",
            "With --raw-noise: a bare Noise XK handshake; sends messages and compares the answers."
        })
public final class HtxConnectCommand extends NetworkCommand {
    @UsedWith(nothingBut = {"--peer", "--echo", "--prologue", "--prologue-hex"})
    @Option(names = "--raw-noise", description = "Speak bare Noise messages behind two-byte lengths.")
    private boolean rawNoise;

    @Parameters(
            paramLabel = "HOST:PORT",
            converter = AddressConverter.Target.class,
            description = "Where the other end waits; all addresses of a name are tried.")
    private HostPort address;

    @Option(names = "--peer", required = true, paramLabel = "HEX", description = "The other end's public key.")
    private String peer;

    @Option(
            names = "--ticket",
            paramLabel = "T",
            defaultValue = TicketOption.OPEN,
            description = {
                "What opens the door: open, the public key; pairwise, the public key and the keys of --key; or a FILE"
                        + " of keygen --psk (default: ${DEFAULT-VALUE})."
            })
    private String ticket;

    @UsedWith(not = "--file")
    @Option(
            names = "-L",
            paramLabel = "[ADDR:]PORT:HOST:PORT",
            converter = LocalForward.Converter.class,
            description = "Forward a local port to a target that the other end allows; may be repeated.")
    private List<LocalForward.Spec> forwards = List.of();

    @UsedWith(oneOf = "--raw-noise")
    @Option(
            names = "--echo",
            paramLabel = "LENGTH",
            split = ",",
            defaultValue = "0,1,1024,65519",
            description = "With --raw-noise: lengths of the messages to send, 0 to 65519 (${DEFAULT-VALUE}).")
    private List<Integer> lengths;

    @Mixin
    private SessionOptions.Sending options;

    @Mixin
    private PrologueOptions prologue;

    private HtxConnectCommand() {}

    @Override
    protected int serve(Output output) throws Exception {
        final byte[] key = PublicKeyText.parse(peer);
        if (rawNoise) {
            return new RawNoiseClient(output, prologue.bytes()).run(address, key, lengths);
        }
        return new HtxClient(output, options, ticket).run(address, key, forwards);
    }
}

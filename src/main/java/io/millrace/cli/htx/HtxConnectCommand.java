package io.millrace.cli.htx;

import io.millrace.cli.console.Output;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.UsageError;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code htx connect}: begins a session. */
@Command(
        name = "connect",
        description = {
            "Makes a Noise XK handshake, prints its hash, sends messages and compares what comes back.",
            "The static key is drawn anew at each start."
        })
public final class HtxConnectCommand extends ProgramCommand {
    private static final int KEY_LENGTH = 32;

    @Option(names = "--raw-noise", description = "Speak bare Noise messages behind two-byte lengths.")
    private boolean rawNoise;

    @Parameters(
            paramLabel = "HOST:PORT",
            converter = AddressConverter.class,
            description = "Where the other end waits.")
    private InetSocketAddress address;

    @Option(names = "--peer", required = true, paramLabel = "HEX", description = "The other end's public key.")
    private String peer;

    @Option(
            names = "--echo",
            paramLabel = "LENGTH",
            split = ",",
            defaultValue = "0,1,1024,65519",
            description = "Lengths of the messages to send, 0 to 65519 (${DEFAULT-VALUE}).")
    private List<Integer> lengths;

    @Mixin
    private PrologueOptions prologue;

    private HtxConnectCommand() {}

    @Override
    protected int run(Output output) throws Exception {
        if (!rawNoise) {
            throw new UsageError("htx connect needs --raw-noise");
        }
        return new RawNoiseClient(output, prologue.bytes()).run(address, publicKey(), lengths);
    }

    private byte[] publicKey() {
        try {
            final byte[] key = HexFormat.of().parseHex(peer);
            if (key.length == KEY_LENGTH) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            throw new UsageError("not hex: --peer=" + peer, e);
        }
        throw new UsageError("a public key is 32 bytes in hex: --peer=" + peer);
    }
}

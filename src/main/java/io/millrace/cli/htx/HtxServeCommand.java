package io.millrace.cli.htx;

import io.millrace.cli.console.Output;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.UsageError;
import java.net.InetSocketAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code htx serve}: waits for sessions. */
@Command(
        name = "serve",
        description = {
            "Answers Noise XK handshakes, prints the handshake hash of each, and echoes every message.",
            "The static key is drawn anew at each start; one line on stderr gives address and public key."
        })
public final class HtxServeCommand extends ProgramCommand {
    @Option(names = "--raw-noise", description = "Speak bare Noise messages behind two-byte lengths.")
    private boolean rawNoise;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:0",
            converter = AddressConverter.class,
            description = "Where to wait (${DEFAULT-VALUE}; port 0: any free one).")
    private InetSocketAddress listen;

    @Option(names = "--count", paramLabel = "N", description = "Stop after N connections (default: at SIGTERM).")
    private int count;

    @Mixin
    private PrologueOptions prologue;

    private HtxServeCommand() {}

    @Override
    protected int run(Output output) throws Exception {
        if (!rawNoise) {
            throw new UsageError("htx serve needs --raw-noise");
        }
        if (count < 0) {
            throw new UsageError("must not be negative: --count=" + count);
        }
        return new RawNoiseServer(output, prologue.bytes()).run(listen, count);
    }
}

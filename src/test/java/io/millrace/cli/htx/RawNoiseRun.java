package io.millrace.cli.htx;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.Millrace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code htx serve --raw-noise} for one connection, in a separate thread. */
final class RawNoiseRun {
    final int port;
    final String publicKey;
    private final StringWriter out = new StringWriter();
    private final CompletableFuture<Integer> exitCode;

    RawNoiseRun(String... moreArgs) throws IOException {
        final List<String> args = new ArrayList<>(List.of("htx", "serve", "--raw-noise", "--count", "1"));
        args.addAll(List.of(moreArgs));
        final PipedWriter err = new PipedWriter();
        final BufferedReader lines = new BufferedReader(new PipedReader(err, 1 << 16));
        exitCode = CompletableFuture.supplyAsync(
                () -> Millrace.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(args.toArray(String[]::new)),
                command -> Thread.ofPlatform().start(command));
        final String line = lines.readLine();
        assertThat(line).matches("listening at 127\\.0\\.0\\.1:\\d+ with public key [0-9a-f]{64}");
        port = Integer.parseInt(line.replaceAll(".*:(\\d+) .*", "$1"));
        publicKey = line.substring(line.length() - 64);
    }

    int exitCode() {
        return exitCode.join();
    }

    String out() {
        return out.toString();
    }
}

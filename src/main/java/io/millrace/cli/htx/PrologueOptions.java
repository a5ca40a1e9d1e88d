package io.millrace.cli.htx;

import io.millrace.cli.console.UsageError;
import io.millrace.cli.console.UsedWith;
import io.millrace.text.HexText;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Option;

/** What both ends must agree on before a handshake. */
final class PrologueOptions {
    @UsedWith(oneOf = "--raw-noise")
    @Option(names = "--prologue", paramLabel = "TEXT", description = "The prologue as text (default: none).")
    private String text;

    @UsedWith(oneOf = "--raw-noise", not = "--prologue")
    @Option(names = "--prologue-hex", paramLabel = "HEX", description = "The prologue in hex.")
    private String hex;

    byte[] bytes() {
        if (hex == null) {
            return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return HexText.parse(hex);
        } catch (IllegalArgumentException e) {
            throw new UsageError("--prologue-hex=" + hex + ": " + e.getMessage(), e);
        }
    }
}

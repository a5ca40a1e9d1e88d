package io.millrace.cli.htx;

import io.millrace.cli.console.UsageError;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import picocli.CommandLine.Option;

/** What both ends must agree on before a handshake. */
final class PrologueOptions {
    @Option(names = "--prologue", paramLabel = "TEXT", description = "The prologue as text (default: none).")
    private String text;

    @Option(names = "--prologue-hex", paramLabel = "HEX", description = "The prologue in hex.")
    private String hex;

    byte[] bytes() {
        if (text != null && hex != null) {
            throw new UsageError("give --prologue or --prologue-hex, not both");
        }
        if (hex == null) {
            return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException e) {
            throw new UsageError("not hex: --prologue-hex=" + hex, e);
        }
    }
}

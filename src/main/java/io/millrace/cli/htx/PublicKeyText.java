package io.millrace.cli.htx;

import io.millrace.cli.console.UsageError;
import io.millrace.text.HexText;

/** Public keys on the command line. */
final class PublicKeyText {
    private static final int LENGTH = 32;

    private PublicKeyText() {}

    /** The 32 bytes of a public key in hex. */
    static byte[] parse(String text) {
        try {
            return HexText.parse(text, LENGTH);
        } catch (IllegalArgumentException e) {
            throw new UsageError("--peer=" + text + ": " + e.getMessage(), e);
        }
    }
}

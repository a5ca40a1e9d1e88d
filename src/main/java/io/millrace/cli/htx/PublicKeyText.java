package io.millrace.cli.htx;

import io.millrace.cli.console.UsageError;
import java.util.HexFormat;

/** Public keys on the command line. */
final class PublicKeyText {
    private static final int LENGTH = 32;

    private PublicKeyText() {}

    /** The 32 bytes of a public key in hex. */
    static byte[] parse(String text) {
        try {
            final byte[] key = HexFormat.of().parseHex(text);
            if (key.length == LENGTH) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            throw new UsageError("not hex: --peer=" + text, e);
        }
        throw new UsageError("a public key is 32 bytes in hex: --peer=" + text);
    }
}

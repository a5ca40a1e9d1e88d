package io.millrace.node.keys;

import io.millrace.crypto.SecretKey;
import io.millrace.text.ConfigException;
import io.millrace.text.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A file with one secret of 32 bytes in hex, as {@code keygen --psk} makes it: two ends of something have the same.
 * A byte order mark before the digits, and spaces and line ends after them, are skipped.
 */
public final class PskFile {
    private PskFile() {}

    /**
     * Reads the secret; the caller closes it.
     *
     * @param file readable by its owner alone.
     * @return the secret, 32 bytes.
     * @throws ConfigException if the file holds something else, or others than its owner may read it.
     */
    public static SecretKey read(Path file) throws IOException {
        return of(file, SecretFile.read(file));
    }

    /** Takes the secret out of the content of a file, which is filled with zeros whatever happens. */
    static SecretKey of(Path file, byte[] text) {
        final byte[] secret = new byte[SecretKey.LENGTH];
        try {
            final int begin = TextFile.begin(text);
            int end = text.length;
            while (end > begin && isSpace(text[end - 1])) {
                end--;
            }
            if (end - begin != 2 * secret.length || !SecretHex.decode(text, begin, secret)) {
                throw new ConfigException(file + ": must hold " + secret.length + " bytes in hex");
            }
            return SecretKey.takeFrom(secret);
        } finally {
            Arrays.fill(text, (byte) 0);
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static boolean isSpace(byte letter) {
        return letter == '\n' || letter == '\r' || letter == ' ' || letter == '\t';
    }
}

package io.millrace.cli.htx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.UsageError;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.htx.session.PaddingPolicy;
import io.millrace.htx.session.SessionConfig;
import io.millrace.node.keys.KeyFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HexFormat;
import picocli.CommandLine.Option;

/** Options of both ends of a session. */
abstract sealed class SessionOptions {
    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "This end's keys, made by millrace keygen (default: drawn anew at each start).")
    @PathOption(PathKind.FILE)
    private Path key;

    @Option(
            names = "--padding",
            paramLabel = "P",
            defaultValue = "none",
            description = "none, size-classes or idle (default: ${DEFAULT-VALUE}).")
    private String padding;

    /** For the parser. */
    SessionOptions() {}

    /** The file to send or to receive into; null if there is none. */
    abstract Path file();

    /** Options of the end that begins a session and sends. */
    static final class Sending extends SessionOptions {
        @Option(names = "--file", paramLabel = "FILE", description = "Send this file; the ends compare its SHA-256.")
        @PathOption(PathKind.FILE)
        private Path file;

        /** For the parser. */
        Sending() {}

        @Override
        Path file() {
            return file;
        }
    }

    /** Options of the end that waits for sessions and receives. */
    static final class Receiving extends SessionOptions {
        @Option(
                names = "--file",
                paramLabel = "FILE",
                description = "Receive into this file, which is not there yet; the ends compare its SHA-256.")
        @PathOption(PathKind.NEW_FILE)
        private Path file;

        /** For the parser. */
        Receiving() {}

        @Override
        Path file() {
            return file;
        }
    }

    /** This end's static keys; their owner closes them. */
    X25519KeyPair keys() throws IOException {
        if (key == null) {
            return X25519KeyPair.generate(new SecureRandomness());
        }
        try (KeyFile keys = KeyFile.read(key);
                SecretKey secret = keys.linkSecret()) {
            return X25519KeyPair.of(secret.segment());
        }
    }

    SessionConfig config() {
        try {
            return SessionConfig.HTX1.withPadding(PaddingPolicy.byName(padding));
        } catch (IllegalArgumentException e) {
            throw new UsageError("--padding=" + padding + ": " + e.getMessage(), e);
        }
    }

    static String hex(MemorySegment bytes) {
        return HexFormat.of().formatHex(bytes.toArray(JAVA_BYTE));
    }
}

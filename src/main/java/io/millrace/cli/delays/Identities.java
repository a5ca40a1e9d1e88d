package io.millrace.cli.delays;

import io.millrace.cli.console.UsageError;
import io.millrace.directory.IdentityKey;

/** Reads identity keys from the command line. */
final class Identities {
    private Identities() {}

    static IdentityKey read(String hex) {
        try {
            return IdentityKey.ofHex(hex);
        } catch (IllegalArgumentException e) {
            throw new UsageError(
                    "--identity takes the 64 hexadecimal digits that keygen prints as identity: identity=" + hex, e);
        }
    }
}

package io.millrace.cli.doctor;

import io.millrace.crypto.Sodium;
import io.millrace.crypto.SodiumUnavailableException;

/** The libsodium in use, and where it came from. */
final class SodiumProbe implements Probe {
    @Override
    public Finding look() {
        try {
            return Finding.ok("libsodium", Sodium.version() + ", " + Sodium.origin());
        } catch (SodiumUnavailableException e) {
            return Finding.missing(
                    "libsodium", e.getMessage(), "install libsodium 1.0.18 or newer and name it with --sodium PATH");
        }
    }
}

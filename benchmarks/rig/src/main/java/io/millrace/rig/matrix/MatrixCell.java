package io.millrace.rig.matrix;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.receipt.SigningMode;
import io.millrace.rig.bed.MeasuredPath;
import io.millrace.rig.crypto.UnsealedCrypto;
import java.util.Locale;
import java.util.Optional;

/**
 * One setting of the path, and the setting that it is compared with.
 *
 * @param feature that is switched, one of {@link MatrixCells#FEATURES}; {@code base} for what all is measured against.
 * @param setting it is switched to.
 * @param path how the relay then works.
 * @param crypto the relay's provider.
 * @param neighbourCrypto that of its neighbours.
 * @param delayed whether senders ask for delays.
 * @param counted whether a mirror copies the relay's counters into a file, as {@code [metrics] counters} has it.
 * @param against the same path without the switch; null for the base.
 */
record MatrixCell(
        String feature,
        String setting,
        MeasuredPath path,
        BatchCrypto crypto,
        BatchCrypto neighbourCrypto,
        boolean delayed,
        boolean counted,
        MatrixCell against) {
    static final String BASE = "base";

    /** Name for people and in JSON. */
    String name() {
        return feature + " " + setting;
    }

    /** This cell with another path, compared with it. */
    MatrixCell with(String feature, String setting, MeasuredPath path) {
        return new MatrixCell(feature, setting, path, crypto, neighbourCrypto, delayed, counted, this);
    }

    /** This cell with the relay's crypto alone changed, compared with it. */
    MatrixCell with(String feature, String setting, BatchCrypto crypto) {
        return new MatrixCell(feature, setting, path, crypto, neighbourCrypto, delayed, counted, this);
    }

    /** This cell with links that seal nothing. */
    MatrixCell unsealed(String feature, String setting) {
        return new MatrixCell(
                feature,
                setting,
                path,
                new UnsealedCrypto(crypto),
                new UnsealedCrypto(neighbourCrypto),
                delayed,
                counted,
                against == null ? this : against);
    }

    /** This cell with senders that ask for delays, or for none. */
    MatrixCell asking(boolean delays) {
        return new MatrixCell(feature, setting, path, crypto, neighbourCrypto, delays, counted, against);
    }

    /** This cell with counters in a file, compared with it. */
    MatrixCell countedInAFile(String feature, String setting) {
        return new MatrixCell(feature, setting, path, crypto, neighbourCrypto, delayed, true, this);
    }

    /** Who signs receipts, for a report. */
    static String label(Optional<SigningMode> receipts) {
        return receipts.map(mode -> mode.name().toLowerCase(Locale.ROOT)).orElse("none");
    }
}

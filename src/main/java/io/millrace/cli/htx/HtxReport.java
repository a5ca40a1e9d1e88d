package io.millrace.cli.htx;

import io.millrace.htx.endpoint.HtxConnection;
import io.millrace.htx.endpoint.HtxFigures;
import io.millrace.htx.session.SessionEnd;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Result of one session; also its form in JSON.
 *
 * @param handshakeHash in hex; the same at both ends.
 * @param peer the other end's static public key in hex.
 * @param end why the session is over, or null while it is not.
 * @param bytes that were carried in streams, both directions together.
 * @param sha256 of the file, or null without one.
 * @param verified whether the other end had the same SHA-256; null where that was not asked.
 * @param session frames, keys, round-trip time and memory of the session.
 * @param heapPeakBytes most bytes that the heap held.
 * @param residentPeakBytes most memory that the process held; 0 where the system does not tell.
 * @param failure message, or null.
 */
public record HtxReport(
        String handshakeHash,
        String peer,
        String end,
        long bytes,
        double seconds,
        double megabytesPerSecond,
        String sha256,
        Boolean verified,
        HtxFigures session,
        long heapPeakBytes,
        long residentPeakBytes,
        String failure) {
    private static final double MEGABYTE = 1e6;

    static HtxReport of(HtxConnection connection, Outcome outcome, double seconds) {
        final HexFormat hex = HexFormat.of();
        final SessionEnd end = connection.end();
        return new HtxReport(
                hex.formatHex(connection.handshakeHash()),
                hex.formatHex(connection.remoteStatic()),
                end == null ? null : end.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                outcome.bytes(),
                seconds,
                outcome.bytes() / seconds / MEGABYTE,
                outcome.sha256(),
                outcome.verified(),
                connection.figures(),
                ProcessMemory.heapPeakBytes(),
                ProcessMemory.residentPeakBytes(),
                outcome.failure());
    }

    /** What became of the streams of a session. */
    record Outcome(long bytes, String sha256, Boolean verified, String failure) {
        boolean well() {
            return failure == null && !Boolean.FALSE.equals(verified);
        }

        static Outcome carried(long bytes) {
            return new Outcome(bytes, null, null, null);
        }

        static Outcome failed(String why) {
            return new Outcome(0, null, null, why);
        }
    }
}

package io.millrace.cli.client;

import java.util.List;

/**
 * How a transfer ended at the sender; also its form in JSON.
 *
 * @param to name of the receiver.
 * @param route names of the relays.
 * @param bytes that the receiver confirmed.
 * @param seconds from the first offer to the end.
 * @param packets that the sender sent.
 * @param retransmissions chunks among them that were sent again.
 * @param roundTripMs smoothed round trip, mixing delays included.
 * @param sha256 of the file, verified by the receiver if there is no failure.
 * @param probesSent probes of {@code --verify-delays}.
 * @param probesReturned probes that came back and are in the file.
 * @param failure why it did not work, or null.
 */
public record SendReport(
        String file,
        String to,
        List<String> route,
        long bytes,
        double seconds,
        long packets,
        long retransmissions,
        double roundTripMs,
        String sha256,
        long probesSent,
        long probesReturned,
        String failure) {}

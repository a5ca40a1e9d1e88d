package io.millrace.cli.client;

import io.millrace.transfer.ReceivedFile;
import java.util.List;

/**
 * Result of a receiver; also its form in JSON.
 *
 * @param files every transfer that ended, whether it worked or not.
 * @param packets that the receiver sent.
 * @param duplicates chunks that arrived more than once.
 * @param ignored messages that it had no use for.
 */
public record ReceiveReport(List<File> files, long packets, long duplicates, long ignored) {
    /**
     * One transfer.
     *
     * @param name as it was offered.
     * @param path of the file, or null if there is a failure.
     * @param failure why it did not work, or null.
     */
    public record File(String name, String path, long bytes, double seconds, String sha256, String failure) {
        static File of(ReceivedFile result) {
            return new File(
                    result.name(),
                    result.path() == null ? null : result.path().toString(),
                    result.length(),
                    result.elapsedNs() / 1e9,
                    result.sha256(),
                    result.failure());
        }
    }
}

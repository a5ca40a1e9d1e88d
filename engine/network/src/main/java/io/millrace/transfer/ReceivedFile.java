package io.millrace.transfer;

import io.millrace.text.Shown;
import java.nio.file.Path;

/**
 * How a transfer ended at the receiver.
 *
 * @param id of the transfer.
 * @param name as it was offered, safe to print.
 * @param path the file under its final name; null unless it worked.
 * @param length of the file in bytes.
 * @param sha256 as it was offered, and verified if it worked.
 * @param elapsedNs from the offer to the end.
 * @param failure why it did not work, one line for people; null if it did.
 */
public record ReceivedFile(
        TransferId id, String name, Path path, long length, String sha256, long elapsedNs, String failure) {
    static ReceivedFile of(TransferId id, OfferedFile file, Path target, long elapsedNs, String failure) {
        final String name = Shown.of(file.name());
        return new ReceivedFile(
                id, name, failure == null ? target : null, file.length(), file.sha256(), elapsedNs, failure);
    }
}

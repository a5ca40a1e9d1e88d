package io.millrace.cli.transfer;

import java.nio.file.Path;

/**
 * How a transfer ended at the receiver.
 *
 * @param id of the transfer.
 * @param path the file under its final name; there only if {@code failure} is null.
 * @param length of the file in bytes.
 * @param sha256 as it was offered, and verified if {@code failure} is null.
 * @param elapsedNs from the offer to the end.
 * @param failure why it did not work, one line for people; null if it did.
 */
public record ReceivedFile(TransferId id, Path path, long length, String sha256, long elapsedNs, String failure) {}

package io.millrace.cli.delays;

import io.millrace.directory.DelayDisclosure;
import io.millrace.directory.DisclosureLog;
import io.millrace.directory.DocumentException;
import io.millrace.directory.FolderPublisher;
import io.millrace.directory.IdentityKey;
import io.millrace.directory.RelayDescriptor;
import java.io.IOException;
import java.util.List;

/**
 * Verified disclosures of one relay, or the reason for refusing them.
 *
 * @param identity of the relay.
 * @param log disclosures that were verified; null if the descriptor is refused.
 * @param refusal reason for refusing; null if there is none.
 */
record RelayDisclosures(IdentityKey identity, DisclosureLog log, String refusal) {
    /** Verifies all documents of a folder, in the order of the epochs. */
    static RelayDisclosures verify(IdentityKey identity, byte[] descriptorDocument, FolderPublisher folder)
            throws IOException {
        DisclosureLog log = null;
        try {
            final RelayDescriptor descriptor = RelayDescriptor.decode(descriptorDocument, identity);
            log = new DisclosureLog(descriptor, FolderPublisher.DEFAULT_CAPACITY);
            final List<Long> epochs = folder.epochs();
            for (long epoch :
                    epochs.subList(Math.max(0, epochs.size() - FolderPublisher.DEFAULT_CAPACITY), epochs.size())) {
                final DelayDisclosure disclosure =
                        DelayDisclosure.decode(folder.disclosure(epoch).orElseThrow(), identity);
                if (disclosure.epoch() != epoch) {
                    throw new DocumentException("epoch " + disclosure.epoch() + " is published as epoch " + epoch);
                }
                log.add(disclosure);
            }
            return new RelayDisclosures(identity, log, null);
        } catch (DocumentException e) {
            return new RelayDisclosures(identity, log, e.getMessage());
        }
    }

    int count() {
        return log == null ? 0 : log.size();
    }

    /** First and last epoch, for reports. */
    String span() {
        return count() == 0
                ? "-"
                : log.last().orElseThrow().epoch() - count() + 1 + " to "
                        + log.last().orElseThrow().epoch();
    }
}

package io.millrace.cli.node;

import io.millrace.htx.LinkFailure;
import io.millrace.relay.LinkReport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Says once for each peer that its configuration names this relay by a public key, so that it gets no link.
 *
 * <p>Not thread safe.
 */
final class LinkComplaints {
    private final Set<String> told = new HashSet<>();

    /**
     * Compares with the complaints so far.
     *
     * @param links all that are handshaked.
     * @return new lines for people; usually none.
     */
    List<String> look(List<LinkReport> links) {
        final List<String> lines = new ArrayList<>();
        for (LinkReport link : links) {
            if (link.failures().containsKey(LinkFailure.MISNAMED) && told.add(link.peer())) {
                lines.add("peer " + link.peer()
                        + " gets no link: its file names this relay by public-key, and the keys of"
                        + " this relay change; that file must say identity and descriptor instead");
            }
        }
        return lines;
    }
}

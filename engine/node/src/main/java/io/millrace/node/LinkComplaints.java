package io.millrace.node;

import io.millrace.link.LinkFailure;
import io.millrace.relay.peer.LinkReport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Says once for each peer that its configuration names this relay by the wrong one of public key and identity, so that it
 * gets no link.
 *
 * <p>Not thread safe.
 */
public final class LinkComplaints {
    private final boolean rolls;
    private final Set<String> told = new HashSet<>();

    /**
     * Complains of nothing yet.
     *
     * @param rolls whether the keys of this relay change: then the identity is right.
     */
    public LinkComplaints(boolean rolls) {
        this.rolls = rolls;
    }

    /**
     * Compares with the complaints so far.
     *
     * @param links all that are handshaked.
     * @return new lines for people; usually none.
     */
    public List<String> look(List<LinkReport> links) {
        final List<String> lines = new ArrayList<>();
        for (LinkReport link : links) {
            if (link.failures().containsKey(LinkFailure.MISNAMED) && told.add(link.peer())) {
                lines.add("peer " + link.peer() + " gets no link: its file names this relay by "
                        + (rolls
                                ? "public-key, and the keys of this relay change; that file must say identity and"
                                        + " descriptor instead"
                                : "identity, and this relay keeps its key; that file must say public-key and link-key"
                                        + " instead, or the file of this relay must have a section [epochs]"));
            }
        }
        return lines;
    }
}

package io.millrace.cli.trace;

import io.millrace.receipt.Receipt;
import io.millrace.sphinx.SphinxProfile;
import java.util.List;

/**
 * Success of the attackers.
 *
 * @param profile wire profile of the packets, {@code mr1} or {@code mr2}.
 * @param rate packets a second that were asked for.
 * @param packets that passed.
 * @param chance share that a guess without knowledge gets.
 * @param links the observer of the links: the measure for the others.
 * @param attacks with the relay's files.
 * @param limit share beyond which files help: that of the links or of chance, and four standard deviations of the difference.
 * @param tagsInClear replay tags of which the journal's bytes hold a part.
 * @param journalOrder rank correlation of arrival and place in the journal, in standard deviations.
 * @param receipts for forwarded packets.
 * @param fineReceipts receipts that tell a finer time than the period, and those that cover no multiple of the least number of
 *     packets, beyond one for each next hop at the end of the run and at each end of the longest time.
 * @param held whether no file helped.
 */
record TraceReport(
        String profile,
        double rate,
        int packets,
        double chance,
        Guesses links,
        List<Guesses> attacks,
        double limit,
        int tagsInClear,
        double journalOrder,
        int receipts,
        int fineReceipts,
        boolean held) {
    /** Standard deviations beyond which an order counts as kept: a false alarm in 1.7 million runs. */
    private static final double ORDER_LIMIT = 5;

    /** Standard deviations of the difference of two shares: a false alarm in 30,000 runs for each attack. */
    private static final double SHARE_LIMIT = 4;

    static TraceReport of(
            SphinxProfile profile,
            double rate,
            Guesses links,
            List<Guesses> attacks,
            int tagsInClear,
            double journalOrder,
            List<Receipt> receipts,
            int fineReceipts) {
        final double chance = 1.0 / TracedRelay.HOPS;
        final double variance = 2 * chance * (1 - chance) / links.of();
        final double limit = Math.max(chance, links.share()) + SHARE_LIMIT * Math.sqrt(variance);
        final boolean held = attacks.stream().allMatch(attack -> attack.share() <= limit)
                && tagsInClear == 0
                && Math.abs(journalOrder) <= ORDER_LIMIT
                && fineReceipts == 0;
        return new TraceReport(
                profile.label(),
                rate,
                links.of(),
                chance,
                links,
                attacks,
                limit,
                tagsInClear,
                journalOrder,
                receipts.size(),
                fineReceipts,
                held);
    }
}

package io.millrace.directory;

import java.util.Objects;
import java.util.Optional;

/**
 * Judgement of one relay by probes.
 *
 * @param relay identity of the relay.
 * @param visits passages of probes through the relay.
 * @param slope by which factor the time under way grows with the relay's disclosed delays; 1 for an honest relay; NaN if
 *     there are too few probes.
 * @param slopeError standard error of the slope; NaN if there are too few probes.
 * @param slopeP probability of so large a distance from 1 at an honest relay; 1 if there are too few probes.
 * @param earlyMatches probes that arrived early by just the delay of a passage through this relay.
 * @param earlyExpected matches to be expected by coincidence.
 * @param earlyP probability of as many matches by coincidence.
 * @param refusal reason for refusing the relay; null if there is none.
 */
public record RelayJudgement(
        IdentityKey relay,
        int visits,
        double slope,
        double slopeError,
        double slopeP,
        int earlyMatches,
        double earlyExpected,
        double earlyP,
        String refusal) {
    /** Standard errors between the slopes 0 and 1 from which one is not taken for the other. */
    private static final double DISTANCE = 5;

    /** Checks that the relay is given. */
    public RelayJudgement {
        Objects.requireNonNull(relay, "relay");
    }

    /** Whether the relay is refused. */
    public boolean isRefused() {
        return refusal != null;
    }

    /**
     * Whether the probes tell a relay that keeps its delays from one that gives none. They do not if there are too few, or
     * if the time of links and processing varies too much for so short delays.
     */
    public boolean tells() {
        return slopeError * DISTANCE <= 1; // false if NaN
    }

    /** Reason for refusing the relay. */
    public Optional<String> reason() {
        return Optional.ofNullable(refusal);
    }
}

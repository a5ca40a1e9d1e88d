package io.millrace.directory;

import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import java.util.Objects;

/**
 * Announced rule for the delays of a relay: the policy and the distribution. Written
 * {@code epoch-vrf exponential(50ms,500ms)}; one law has one text.
 *
 * @param policy says who draws a delay.
 * @param distribution maps uniform bits to a delay; under {@link DelayPolicy#SENDER} only its maximum counts.
 */
public record DelayLaw(DelayPolicy policy, DelayDistribution distribution) {
    /** Longest text in bytes. */
    public static final int MAX_LENGTH = 96;

    /** Checks that both are given. */
    public DelayLaw {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(distribution, "distribution");
    }

    /**
     * Reads the form that {@link #toString} writes, and no other.
     *
     * @param text at most {@link #MAX_LENGTH} characters.
     * @throws IllegalArgumentException if the text is anything else.
     */
    public static DelayLaw parse(String text) {
        final int space = text.indexOf(' ');
        if (space < 0 || text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a delay law is written POLICY DISTRIBUTION: law=" + text);
        }
        final DelayLaw law = new DelayLaw(
                DelayPolicy.byLabel(text.substring(0, space)), DelayDistribution.parse(text.substring(space + 1)));
        if (!law.toString().equals(text)) {
            throw new IllegalArgumentException("a delay law has one form: law=" + text + ", expected=" + law);
        }
        return law;
    }

    /** Whether a disclosure of an epoch lets others compute the delays. */
    public boolean isDisclosed() {
        return policy == DelayPolicy.EPOCH_VRF;
    }

    /** The text. */
    @Override
    public String toString() {
        return policy.label() + " " + distribution;
    }
}

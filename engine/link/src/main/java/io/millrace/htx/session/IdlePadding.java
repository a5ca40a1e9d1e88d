package io.millrace.htx.session;

/** Fills silences with padding, if the policy wants it: after a time that is drawn anew each time. Not thread safe. */
final class IdlePadding {
    private static final int LEAST_LENGTH = 3;

    private final PaddingPolicy policy;
    private final Keepalive draws;
    private long silenceNs;

    IdlePadding(PaddingPolicy policy, Keepalive draws) {
        this.policy = policy;
        this.draws = draws;
        draw();
    }

    /** Writes padding if the silence was long enough; whether it did. */
    boolean send(Outbox outbox, long nowNs) {
        if (!policy.padsSilence() || nowNs - outbox.lastNs() < silenceNs) {
            return false;
        }
        outbox.padding((int) draws.draw(LEAST_LENGTH, policy.idleLength()), nowNs);
        draw();
        return true;
    }

    /** When the silence will have been long enough, if that is before {@code deadlineNs}; never while frames wait. */
    long deadlineNs(Outbox outbox, long deadlineNs) {
        final long idle = outbox.lastNs() + silenceNs;
        return policy.padsSilence() && outbox.hasRoom() && idle - deadlineNs < 0 ? idle : deadlineNs;
    }

    private void draw() {
        if (policy.padsSilence()) {
            silenceNs = draws.draw(policy.idleMin().toNanos(), policy.idleMax().toNanos());
        }
    }
}

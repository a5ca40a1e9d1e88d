package io.millrace.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.SecretKey;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Messages of link handshakes that fail when they are half made: the next handshake of the link begins anew. */
class HalfMadeLinkHandshakeTest extends LinkEnds {
    private static final class Broken extends Error {
        private static final long serialVersionUID = 1;
    }

    private int good = Integer.MAX_VALUE;

    @Override
    public void fill(MemorySegment segment) {
        if (good-- == 0) {
            throw new Broken();
        }
        super.fill(segment);
    }

    @Test
    void aDrawThatFailsAnywhereInAHandshakeCostsThatHandshakeOnly() {
        final long keysBefore = SecretKey.liveCount();
        int failures = 0;
        for (int draws = 0; failures == draws; draws++) {
            try (HalfMadeLinkHandshakeTest link = new HalfMadeLinkHandshakeTest()) {
                failures += link.failsAfter(draws) ? 1 : 0;
            }
        }
        assertThat(failures).as("draws of a handshake").isGreaterThan(8);
        assertThat(SecretKey.liveCount()).as("guarded keys that stay").isEqualTo(keysBefore);
    }

    /** Whether a draw failed; the link comes up all the same, and no later call throws. */
    private boolean failsAfter(int draws) {
        start();
        good = draws;
        boolean failed = false;
        while (!failed && !(links[0].isUp() && links[1].isUp())) {
            try {
                step(STEP_NS);
            } catch (Broken expected) {
                failed = true;
            }
        }
        good = Integer.MAX_VALUE;
        runUntilUp();
        assertThat(counters[0].isHybrid() && counters[1].isHybrid()).isTrue();
        return failed;
    }
}

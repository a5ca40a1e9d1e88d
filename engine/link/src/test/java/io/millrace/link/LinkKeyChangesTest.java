package io.millrace.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.frame.FrameStatus;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a link goes from key to key, and from session to session, without losing a frame. */
class LinkKeyChangesTest extends LinkEnds {
    @AfterEach
    void closeAll() {
        close();
    }

    @Test
    void everyEpochHasAKeyOfItsOwnAndNoFrameIsLostAtTheChange() {
        start();
        runUntilUp();
        final long before = counters[0].rekeys();
        byte[] late = null;
        for (int frame = 0; frame < 2 * (1 << LinkKeyGenerations.GENERATION_BITS) + 10; frame++) {
            final byte[] bytes = seal(0);
            if (frame == (1 << LinkKeyGenerations.GENERATION_BITS) - 1) {
                late = bytes;
                continue;
            }
            if (open(1, bytes) != FrameStatus.OK) {
                throw new AssertionError("frame " + frame + ": " + open(1, bytes));
            }
            if (frame == (1 << LinkKeyGenerations.GENERATION_BITS) + 5) {
                assertThat(open(1, late)).as("of the epoch before").isEqualTo(FrameStatus.OK);
            }
            if (frame % 1_000 == 0) {
                step(10_000);
            }
        }
        step(STEP_NS);
        assertThat(counters[0].rekeys()).isEqualTo(before + 2);
    }

    @Test
    void withoutAPreparedKeyNothingIsSealed() {
        start();
        runUntilUp();
        int sealed = 0;
        while (seal(0) != null) {
            sealed++;
        }
        // The epoch in use and the next one; the one after that is not prepared.
        assertThat(sealed).isEqualTo((2 << LinkKeyGenerations.GENERATION_BITS) - 1);
        step(STEP_NS);
        assertThat(seal(0)).isNotNull();
    }

    @Test
    void aReceiverThatMissedWholeEpochsCatchesUp() {
        start();
        runUntilUp();
        for (int frame = 0; frame < 4 << LinkKeyGenerations.GENERATION_BITS; frame++) {
            seal(0);
            if (frame % 10_000 == 0) {
                step(1_000);
            }
        }
        assertThat(open(1, seal(0))).isEqualTo(FrameStatus.UNKNOWN_KEY);
        run(SECOND_NS);
        assertThat(open(1, seal(0))).isEqualTo(FrameStatus.OK);
    }

    @Test
    void afterAnHourTheKeysAreNewAndAHandshakeIsMade() {
        timing = new LinkTiming(
                Duration.ofMillis(200),
                Duration.ofMillis(1_200),
                8,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60));
        start();
        runUntilUp();
        final byte[] early = seal(0);
        run(59 * SECOND_NS);
        assertThat(counters[0].finished()).isOne();
        assertThat(open(1, early)).isEqualTo(FrameStatus.OK);

        final byte[] inFlight = seal(0);
        run(4 * SECOND_NS);
        assertThat(counters[0].finished()).isEqualTo(2);
        assertThat(open(1, inFlight)).as("of the session before").isEqualTo(FrameStatus.OK);
        assertThat(carriesBothWays()).isTrue();
        assertThat(links[0].sending().sendKeys().used()).isZero();
    }
}

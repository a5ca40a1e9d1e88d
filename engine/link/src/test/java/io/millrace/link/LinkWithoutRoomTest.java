package io.millrace.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.SecretCells;
import io.millrace.crypto.SecretCellsExhaustedException;
import io.millrace.crypto.SecretKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Guarded memory that runs out costs a link its handshake, not its thread: the link comes up once there is room. */
class LinkWithoutRoomTest extends LinkEnds {
    private static final int SMALLEST = 1;
    private static final int STEPS = 6;

    private final List<SecretKey> taken = new ArrayList<>();

    @Test
    void anEndThatBeginsCountsTheHandshakeItHasNoRoomFor() {
        try (LinkWithoutRoomTest link = new LinkWithoutRoomTest()) {
            link.start();
            link.withoutRoom(() -> link.ends[0].poll(link.wire.nowNs, 1));
            assertThat(link.noRoom(0)).isEqualTo(1);
            link.runUntilUp();
        }
    }

    @Test
    void anEndThatAnswersCountsTheHandshakeItHasNoRoomFor() {
        try (LinkWithoutRoomTest link = new LinkWithoutRoomTest()) {
            link.start();
            link.ends[0].poll(link.wire.nowNs, 1);
            link.wire.nowNs += STEP_NS;
            link.withoutRoom(() -> link.wire.deliver(link.ends));
            assertThat(link.noRoom(1)).isEqualTo(1);
            link.runUntilUp();
        }
    }

    @Test
    void theLinkComesUpWhereverInAHandshakeTheRoomRanOut() {
        final long keysBefore = SecretKey.liveCount();
        long failures = 0;
        for (int steps = 0; steps < STEPS; steps++) {
            try (LinkWithoutRoomTest link = new LinkWithoutRoomTest()) {
                link.start();
                for (int i = 0; i < steps; i++) {
                    link.step(STEP_NS);
                }
                link.withoutRoom(() -> link.run(5 * SECOND_NS));
                failures += link.noRoom(0) + link.noRoom(1);
                link.runUntilUp();
            }
        }
        assertThat(failures).as("handshakes without room").isGreaterThan(STEPS);
        assertThat(SecretKey.liveCount()).as("guarded keys that stay").isEqualTo(keysBefore);
    }

    private long noRoom(int end) {
        return counters[end].failures().getOrDefault(LinkFailure.NO_ROOM, 0L);
    }

    /** Runs {@code part} while the process can have no further guarded cell of any size. */
    private void withoutRoom(Runnable part) {
        SecretCells.shared().limit(SecretCells.LEAST_LIMIT);
        try {
            for (int length = SMALLEST; length <= SecretCells.MAX_LENGTH; length *= 2) {
                take(length);
            }
            part.run();
        } finally {
            SecretCells.shared().limit(SecretCells.DEFAULT_LIMIT);
            taken.forEach(SecretKey::close);
            taken.clear();
        }
    }

    private void take(int length) {
        try {
            while (true) {
                taken.add(SecretKey.inCell(length));
            }
        } catch (SecretCellsExhaustedException full) {
            assertThat(full).hasMessageContaining("no guarded cell");
        }
    }
}

package io.millrace.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Slots are handed out once, come back once, and a breach is named. */
class SlabTest {
    private static final int BODY_LENGTH = 2048;

    @Test
    void handsOutEachSlotOnceAndThenNone() {
        try (Slab slab = new Slab(3, BODY_LENGTH)) {
            final int[] slots = new int[5];

            assertThat(slab.acquire(slots, 1, 2, SlotOwner.CARRIER)).isEqualTo(2);
            slots[3] = slab.acquire(SlotOwner.CARRIER);

            assertThat(Arrays.copyOfRange(slots, 1, 4)).containsExactlyInAnyOrder(0, 1, 2);
            assertThat(slab.acquire(SlotOwner.CARRIER)).isEqualTo(Slab.NONE);
            assertThat(slab.acquire(slots, 0, 1, SlotOwner.CARRIER)).isZero();
            slab.release(slots, 1, 3, SlotOwner.CARRIER);
            assertThat(slab.freeCount()).isEqualTo(3);
        }
    }

    @Test
    void laysEveryBodyOnItsOwnCacheLines() {
        try (Slab slab = new Slab(4, BODY_LENGTH)) {
            final int slot = slab.acquire(SlotOwner.CARRIER);

            assertThat((slab.segment().address() + slab.bodyPosition(slot)) % 64)
                    .isZero();
            assertThat(slab.slotAt(slab.bodyPosition(slot))).isEqualTo(slot);
            slab.release(slot, SlotOwner.CARRIER);
        }
    }

    @Test
    void catchesDoubleRelease() {
        try (Slab slab = new Slab(2, BODY_LENGTH)) {
            final int slot = slab.acquire(SlotOwner.CARRIER);
            slab.release(slot, SlotOwner.CARRIER);

            assertThatThrownBy(() -> slab.release(slot, SlotOwner.CARRIER))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("double release: slot=" + slot);
        }
    }

    @Test
    void catchesUseAfterRelease() {
        try (Slab slab = new Slab(2, BODY_LENGTH)) {
            final int slot = slab.acquire(SlotOwner.CARRIER);
            slab.release(slot, SlotOwner.CARRIER);

            assertThatThrownBy(() -> slab.bodyPosition(slot)).hasMessage("use after release: slot=" + slot);
        }
    }

    @Test
    void catchesAWriteAfterRelease() {
        try (Slab slab = new Slab(1, BODY_LENGTH)) {
            final int slot = slab.acquire(SlotOwner.CARRIER);
            final long position = slab.bodyPosition(slot);
            slab.release(slot, SlotOwner.CARRIER);
            slab.segment().set(JAVA_BYTE, position + 7, (byte) 1);

            assertThatThrownBy(() -> slab.acquire(SlotOwner.CARRIER))
                    .hasMessage("written after release: slot=0, offset=" + (Slab.BODY_OFFSET + 7));
            slab.segment().fill((byte) 0xDB);
            slab.release(slot, SlotOwner.CARRIER);
        }
    }

    @Test
    void catchesAHandOverBySomebodyElse() {
        try (Slab slab = new Slab(1, BODY_LENGTH)) {
            final int slot = slab.acquire(SlotOwner.CARRIER);

            assertThatThrownBy(() -> slab.transfer(slot, SlotOwner.ENGINE, SlotOwner.WHEEL))
                    .hasMessage("slot=0 belongs to CARRIER, not to ENGINE");
            slab.release(slot, SlotOwner.CARRIER);
        }
    }

    @Test
    void namesTheHolderOfALostSlotWhenClosed() {
        final long before = TrackedArena.liveBytes();
        final Slab slab = new Slab(4, BODY_LENGTH);
        final int slot = slab.acquire(SlotOwner.CARRIER);
        slab.transfer(slot, SlotOwner.CARRIER, SlotOwner.WHEEL);

        assertThatThrownBy(slab::close).hasMessage("lost slots: 1 of 4, held by {WHEEL=1}");
        assertThat(TrackedArena.liveBytes()).isEqualTo(before);
    }

    @Test
    void survivesTwoThreadsThatAcquireAndReleaseInBatches() throws InterruptedException {
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        try (Slab slab = new Slab(64, 64)) {
            final Runnable churn = () -> {
                final SplittableRandom random =
                        new SplittableRandom(Thread.currentThread().threadId());
                final int[] slots = new int[16];
                try {
                    for (int round = 0; round < 20_000; round++) {
                        final int taken = slab.acquire(slots, 0, 1 + random.nextInt(16), SlotOwner.CARRIER);
                        final int single = slab.acquire(SlotOwner.ENGINE);
                        slab.release(slots, 0, taken, SlotOwner.CARRIER);
                        if (single != Slab.NONE) {
                            slab.release(single, SlotOwner.ENGINE);
                        }
                    }
                } catch (Throwable t) {
                    failure.compareAndSet(null, t);
                }
            };
            final Thread[] threads = {new Thread(churn), new Thread(churn), new Thread(churn)};
            for (Thread thread : threads) {
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failure.get()).isNull();
            assertThat(slab.freeCount()).isEqualTo(64);
        }
    }

    @Test
    void refusesImpossibleSizes() {
        assertThatThrownBy(() -> new Slab(0, 64)).hasMessageContaining("slotCount=0");
        assertThatThrownBy(() -> new Slab(1, 100)).hasMessageContaining("bodyLength=100");
    }
}

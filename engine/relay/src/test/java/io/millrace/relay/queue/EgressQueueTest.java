package io.millrace.relay.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Bounded, in order, nothing lost between two threads. */
class EgressQueueTest {
    @Test
    void isBoundedAndKeepsOrder() {
        final EgressQueue queue = new EgressQueue(4);
        for (int slot = 10; slot < 14; slot++) {
            assertThat(queue.hasRoom(1)).isTrue();
            queue.add(slot);
        }

        assertThat(queue.hasRoom(1)).isFalse();
        assertThat(queue.size()).as("before they are shown").isZero();
        queue.publish();
        assertThat(queue.size()).isEqualTo(4);
        assertThat(queue.peek(0)).isEqualTo(10);
        assertThat(queue.peek(3)).isEqualTo(13);
        queue.remove(3);
        assertThat(queue.hasRoom(3)).isTrue();
        assertThat(queue.hasRoom(4)).isFalse();
        assertThat(queue.peek(0)).isEqualTo(13);
    }

    @Test
    void addingWithoutRoomIsAFaultAtOnce() {
        final EgressQueue queue = new EgressQueue(2);
        queue.add(10);
        queue.add(11);
        assertThatThrownBy(() -> queue.add(12))
                .isInstanceOf(AssertionError.class)
                .hasMessage("added without asking for room: capacity=2");
    }

    @Test
    void carriesEverySlotFromOneThreadToAnother() throws InterruptedException {
        final int count = 500_000;
        final EgressQueue queue = new EgressQueue(64);
        final Thread producer = new Thread(() -> {
            for (int slot = 0; slot < count; slot++) {
                while (!queue.hasRoom(1)) {
                    queue.publish();
                    Thread.onSpinWait();
                }
                queue.add(slot);
            }
            queue.publish();
        });
        producer.start();
        for (int expected = 0; expected < count; ) {
            final int size = queue.size();
            for (int i = 0; i < size; i++) {
                assertThat(queue.peek(i)).isEqualTo(expected++);
            }
            queue.remove(size);
            Thread.onSpinWait();
        }
        producer.join();
        assertThat(queue.size()).isZero();
    }
}

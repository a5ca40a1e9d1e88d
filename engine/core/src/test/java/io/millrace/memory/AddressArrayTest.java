package io.millrace.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** An operand array knows how far its elements reach and which memory they lie in. */
class AddressArrayTest {
    private static final int CAPACITY = 4;

    @AutoClose
    private final Arena arena = Arena.ofConfined();

    @AutoClose
    private final Arena other = Arena.ofShared();

    private final MemorySegment memory = arena.allocate(100);
    private final AddressArray array = new AddressArray(arena, CAPACITY);

    @Test
    void pointsIntoItsSegment() {
        array.fill(3, memory, 10, 20);

        for (int i = 0; i < 3; i++) {
            assertThat(array.get(i)).isEqualTo(memory.address() + 10 + 20L * i);
        }
        assertThat(array.memory()).isSameAs(memory);
    }

    @Test
    void refusesALengthBeyondTheSegmentOfAnyElement() {
        array.fill(3, memory, 10, 20);

        array.require(3, 50);
        array.requireWritable(3, 50);
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> array.require(3, 51))
                .withMessage("an element reaches beyond its segment: length=51, room=50");
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> array.requireWritable(3, 51));
    }

    @Test
    void refusesAnOffsetOutsideOfTheSegment() {
        for (long offset : new long[] {-1, 101, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> array.set(0, memory, offset))
                    .withMessageContaining("offset=" + offset);
        }
        array.set(0, memory, 100);
        array.require(1, 0);
    }

    @Test
    void setsElementsInOrder() {
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> array.set(1, memory, 0));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> array.set(-1, memory, 0));
        array.fill(CAPACITY, memory, 0, 1);
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> array.set(CAPACITY, memory, 0));
    }

    @Test
    void forgetsAllElementsWhenTheFirstIsSet() {
        array.fill(3, memory, 90, 1);

        array.set(0, memory, 0);

        array.require(1, 100);
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> array.require(2));
    }

    @Test
    void keepsToOneArenaPerBatch() {
        final MemorySegment foreign = other.allocate(10);
        array.set(0, memory, 0);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> array.set(1, foreign, 0))
                .withMessage("the elements of a batch lie in one arena: index=1");

        array.set(0, foreign, 0);
        assertThat(array.memory()).isSameAs(foreign);
    }

    @Test
    void takesMemoryThatIsNeverFreedBesideThatOfAnArena() {
        final MemorySegment global = Arena.global().allocate(10);
        array.set(0, global, 0);
        assertThat(array.memory()).isEqualTo(MemorySegment.NULL);
        array.set(1, memory, 0);
        array.set(2, global, 0);

        assertThat(array.memory()).isSameAs(memory);
        array.set(0, global, 0);
        assertThat(array.memory()).isEqualTo(MemorySegment.NULL);
    }

    @Test
    void refusesWhatCCannotTake() throws InterruptedException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> array.set(0, MemorySegment.ofArray(new byte[8]), 0))
                .withMessageContaining("native=false");
        assertThatIllegalArgumentException().isThrownBy(() -> array.set(0, MemorySegment.NULL, 0));
        final MemorySegment closed;
        try (Arena gone = Arena.ofConfined()) {
            closed = gone.allocate(8);
        }
        assertThatIllegalStateException().isThrownBy(() -> array.set(0, closed, 0));
        final MemorySegment[] theirs = new MemorySegment[1];
        final Thread thread =
                Thread.ofPlatform().start(() -> theirs[0] = Arena.ofConfined().allocate(8));
        thread.join();
        assertThatExceptionOfType(WrongThreadException.class).isThrownBy(() -> array.set(0, theirs[0], 0));
    }

    @Test
    void knowsThatAnElementIsReadOnly() {
        array.set(0, memory, 0);
        array.set(1, memory.asReadOnly(), 0);

        array.require(2, 8);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> array.requireWritable(2, 8))
                .withMessageContaining("read only");
        array.set(0, memory, 0);
        array.requireWritable(1, 8);
    }
}

package io.millrace.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Operands that a facade refuses before C sees them. */
class OperandsTest {
    @AutoClose
    private final Arena arena = Arena.ofConfined();

    private final MemorySegment good = arena.allocate(32);

    @Test
    void passesANativeSegment() {
        final MemorySegment readOnly = good.asReadOnly();

        assertThat(Operands.in("key", good, 32)).isSameAs(good);
        assertThat(Operands.in("key", readOnly, 32)).isSameAs(readOnly);
        assertThat(Operands.out("key", good, 32)).isSameAs(good);
    }

    @Test
    void refusesAHeapSegment() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Operands.in("key", MemorySegment.ofArray(new byte[32]), 32))
                .withMessage("key must be a native segment, not one on the heap");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sha256.hash(good, MemorySegment.ofArray(new byte[3])))
                .withMessageContaining("in must be a native segment");
    }

    @Test
    void refusesAnotherLength() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Operands.in("key", good, 31))
                .withMessage("key must be 31 bytes: keyLength=32");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Operands.out("tag", good, 33))
                .withMessage("tag must be 33 bytes: tagLength=32");
    }

    @Test
    void refusesAReadOnlyOutput() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Operands.out("tag", good.asReadOnly()))
                .withMessage("tag must be writable");
    }

    @Test
    void refusesAClosedSegment() {
        final MemorySegment closed;
        try (Arena own = Arena.ofConfined()) {
            closed = own.allocate(32);
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> Operands.in("key", closed))
                .withMessage("key is closed");
    }
}

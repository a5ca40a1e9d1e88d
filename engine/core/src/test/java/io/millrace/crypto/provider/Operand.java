package io.millrace.crypto.provider;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.fail;

import io.millrace.crypto.Bytes;
import io.millrace.crypto.Randomness;
import io.millrace.memory.AddressArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One operand of a batch: as many fields as the batch has inputs, each between guard bytes that no operation may touch.
 */
final class Operand {
    private static final int GUARD_LENGTH = 64;
    private static final byte GUARD = (byte) 0xa5;

    private final MemorySegment slab;
    private final long stride;
    private final int count;
    private final int length;
    private final AddressArray addresses;

    /** Fields of {@code length} random bytes each. */
    Operand(Arena arena, int count, int length, Randomness randomness) {
        this.count = count;
        this.length = length;
        // An odd stride: fields of packets are not aligned either.
        this.stride = (long) GUARD_LENGTH + length + GUARD_LENGTH + 1;
        this.slab = arena.allocate(count * stride).fill(GUARD);
        this.addresses = new AddressArray(arena, count);
        for (int i = 0; i < count; i++) {
            randomness.fill(field(i));
            addresses.set(i, field(i), 0);
        }
    }

    AddressArray addresses() {
        return addresses;
    }

    MemorySegment field(int i) {
        return slab.asSlice(i * stride + GUARD_LENGTH, length);
    }

    /** Hexadecimal of every field. */
    String[] snapshot() {
        final String[] fields = new String[count];
        for (int i = 0; i < count; i++) {
            fields[i] = Bytes.hex(field(i));
        }
        return fields;
    }

    void assertGuardsIntact() {
        for (int i = 0; i < count; i++) {
            final long field = i * stride + GUARD_LENGTH;
            assertGuard(field - GUARD_LENGTH, field, i);
            assertGuard(field + length, (i + 1) * stride, i);
        }
    }

    private void assertGuard(long from, long to, int i) {
        for (long at = from; at < to; at++) {
            if (slab.get(JAVA_BYTE, at) != GUARD) {
                fail("byte %d of field %d was overwritten", at - i * stride - GUARD_LENGTH, i);
            }
        }
    }
}

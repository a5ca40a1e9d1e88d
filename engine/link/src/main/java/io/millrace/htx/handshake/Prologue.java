package io.millrace.htx.handshake;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.htx.admission.FirstMessage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** The prologue of an HTX handshake: the profile's name, the part of the first message in clear, the context. */
final class Prologue {
    private static final byte[] PROFILE = "millrace htx1".getBytes(StandardCharsets.US_ASCII);

    private Prologue() {}

    /** Concatenates them; the first {@link FirstMessage#PROLOGUE_LENGTH} bytes of {@code first} count. */
    static MemorySegment of(Arena arena, MemorySegment first, MemorySegment context) {
        final int firstEnd = PROFILE.length + FirstMessage.PROLOGUE_LENGTH;
        final MemorySegment prologue = arena.allocate(firstEnd + context.byteSize());
        MemorySegment.copy(PROFILE, 0, prologue, JAVA_BYTE, 0, PROFILE.length);
        MemorySegment.copy(first, 0, prologue, PROFILE.length, FirstMessage.PROLOGUE_LENGTH);
        MemorySegment.copy(context, 0, prologue, firstEnd, context.byteSize());
        return prologue;
    }
}

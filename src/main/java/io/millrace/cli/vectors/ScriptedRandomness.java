package io.millrace.cli.vectors;

import io.millrace.crypto.Randomness;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The random bytes of a case, in the order of the draws; each draw must have the length of the next entry. */
final class ScriptedRandomness implements Randomness {
    private final Deque<MemorySegment> script;

    ScriptedRandomness(List<MemorySegment> script) {
        this.script = new ArrayDeque<>(script);
    }

    @Override
    public void fill(MemorySegment segment) {
        final MemorySegment next = script.poll();
        if (next == null || next.byteSize() != segment.byteSize()) {
            throw new VectorMismatch("malformed: random bytes of another length: wanted=" + segment.byteSize()
                    + ", has=" + (next == null ? 0 : next.byteSize()));
        }
        segment.copyFrom(next);
    }
}

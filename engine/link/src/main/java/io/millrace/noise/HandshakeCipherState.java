package io.millrace.noise;

import java.lang.foreign.MemorySegment;

/** The cipher state of the messages of a handshake, which both sides write in turn, in memory that the handshake wipes. */
final class HandshakeCipherState extends CipherState {
    HandshakeCipherState(MemorySegment memory) {
        super(null, null, memory);
    }
}

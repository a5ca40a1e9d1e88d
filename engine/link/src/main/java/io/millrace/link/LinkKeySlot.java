package io.millrace.link;

import io.millrace.crypto.Wiping;
import io.millrace.noise.ReceivingCipherState;
import io.millrace.noise.SendingCipherState;
import java.lang.foreign.MemorySegment;

/** Room for the keys of one session, both directions, in memory that lives as long as the links. */
final class LinkKeySlot {
    /** Length in bytes. */
    static final int LENGTH = 2 * LinkKeyGenerations.MEMORY_LENGTH;

    private final MemorySegment memory;
    private LinkKeyGenerations sendKeys;
    private LinkKeyGenerations receiveKeys;

    LinkKeySlot(MemorySegment memory) {
        this.memory = memory;
    }

    /** Copies the first keys of a session. */
    void begin(SendingCipherState send, ReceivingCipherState receive) {
        sendKeys = new LinkKeyGenerations(memory.asSlice(0, LinkKeyGenerations.MEMORY_LENGTH), send);
        receiveKeys = new LinkKeyGenerations(
                memory.asSlice(LinkKeyGenerations.MEMORY_LENGTH, LinkKeyGenerations.MEMORY_LENGTH), receive);
    }

    LinkKeyGenerations sendKeys() {
        return sendKeys;
    }

    LinkKeyGenerations receiveKeys() {
        return receiveKeys;
    }

    void wipe() {
        Wiping.wipe(memory);
    }
}

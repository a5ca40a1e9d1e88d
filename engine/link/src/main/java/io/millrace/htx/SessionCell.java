package io.millrace.htx;

import io.millrace.crypto.Wiping;
import io.millrace.noise.ReceivingCipherState;
import io.millrace.noise.SendingCipherState;
import java.lang.foreign.MemorySegment;

/** Room for the keys of one session, both directions, in memory that lives as long as the links. */
final class SessionCell {
    /** Length in bytes. */
    static final int LENGTH = 2 * EpochKeys.MEMORY_LENGTH;

    private final MemorySegment memory;
    private EpochKeys sendKeys;
    private EpochKeys receiveKeys;

    SessionCell(MemorySegment memory) {
        this.memory = memory;
    }

    /** Copies the first keys of a session. */
    void begin(SendingCipherState send, ReceivingCipherState receive) {
        sendKeys = new EpochKeys(memory.asSlice(0, EpochKeys.MEMORY_LENGTH), send);
        receiveKeys = new EpochKeys(memory.asSlice(EpochKeys.MEMORY_LENGTH, EpochKeys.MEMORY_LENGTH), receive);
    }

    EpochKeys sendKeys() {
        return sendKeys;
    }

    EpochKeys receiveKeys() {
        return receiveKeys;
    }

    void wipe() {
        Wiping.wipe(memory);
    }
}

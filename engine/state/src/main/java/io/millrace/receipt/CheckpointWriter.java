package io.millrace.receipt;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Ed25519;
import io.millrace.tlog.Checkpoint;
import io.millrace.tlog.Hash;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Signs checkpoints of one log without making a string of them: the text of {@link Checkpoint}, off the heap. */
final class CheckpointWriter {
    private static final int MAX_DIGITS = 19;
    private static final int ROOT_LENGTH = 44;
    private static final byte[] ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(StandardCharsets.US_ASCII);

    private final LogKey key;
    private final int originLength;
    private final MemorySegment[] texts = new MemorySegment[MAX_DIGITS + 1]; // by digits of the size
    private final MemorySegment text;
    private final MemorySegment signature;

    CheckpointWriter(Arena arena, LogKey key) {
        this.key = key;
        final byte[] origin = (key.origin() + "\n").getBytes(StandardCharsets.UTF_8);
        this.originLength = origin.length;
        this.text = arena.allocate(originLength + MAX_DIGITS + 1 + ROOT_LENGTH + 1);
        MemorySegment.copy(origin, 0, text, JAVA_BYTE, 0, originLength);
        for (int digits = 1; digits <= MAX_DIGITS; digits++) {
            texts[digits] = text.asSlice(0, originLength + digits + 1 + ROOT_LENGTH + 1);
        }
        this.signature = arena.allocate(Ed25519.SIGNATURE_LENGTH);
    }

    /** The signature over the checkpoint; valid until the next call. */
    MemorySegment sign(long size, MemorySegment root) {
        key.sign(signature, write(size, root));
        return signature;
    }

    /** The text of the checkpoint; valid until the next call. */
    MemorySegment write(long size, MemorySegment root) {
        int digits = 1;
        for (long rest = size / 10; rest > 0; rest /= 10) {
            digits++;
        }
        long rest = size;
        for (int i = digits - 1; i >= 0; i--) {
            text.set(JAVA_BYTE, originLength + i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        long at = (long) originLength + digits;
        text.set(JAVA_BYTE, at++, (byte) '\n');
        for (int i = 0; i < Hash.LENGTH; i += 3) {
            final int left = Math.min(3, Hash.LENGTH - i);
            final int bits = octet(root, i) << 16
                    | (left > 1 ? octet(root, i + 1) << 8 : 0)
                    | (left > 2 ? octet(root, i + 2) : 0);
            text.set(JAVA_BYTE, at++, ALPHABET[bits >> 18]);
            text.set(JAVA_BYTE, at++, ALPHABET[bits >> 12 & 63]);
            text.set(JAVA_BYTE, at++, left > 1 ? ALPHABET[bits >> 6 & 63] : (byte) '=');
            text.set(JAVA_BYTE, at++, left > 2 ? ALPHABET[bits & 63] : (byte) '=');
        }
        text.set(JAVA_BYTE, at, (byte) '\n');
        return texts[digits];
    }

    private static int octet(MemorySegment memory, int position) {
        return Byte.toUnsignedInt(memory.get(JAVA_BYTE, position));
    }
}

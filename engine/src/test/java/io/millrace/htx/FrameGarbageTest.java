package io.millrace.htx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.CryptoProviders;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Plaintexts and streams of ciphertext made of arbitrary bytes, half of them near to a frame, from a seed. */
class FrameGarbageTest {
    private static final int ROUNDS = 20_000;

    private static final int LONGEST = 1 << 17;

    private final MemorySegment memory = Arena.ofAuto().allocate(LONGEST, 64);

    @Test
    void readsOnlyWhatItWouldWrite() {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < ROUNDS; i++) {
            try {
                readsOnlyWhatItWouldWrite(text(random));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed=" + seed + ", round=" + i, e);
            }
        }
    }

    @Test
    void opensNothingThatWasNotSealed() {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < ROUNDS / 10; i++) {
            try {
                opensNothing(text(random));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed=" + seed + ", round=" + i, e);
            }
        }
    }

    private static byte[] text(SplittableRandom random) {
        final byte[] text = new byte[random.nextInt(random.nextInt(20) == 0 ? 3_000 : 40)];
        random.nextBytes(text);
        if (text.length > 2 && random.nextBoolean()) {
            text[0] &= (byte) 0xe7; // a known type, mostly
            text[1] &= 0x3f;
            for (int zeros = random.nextInt(text.length - 1); zeros > 0; zeros--) {
                text[text.length - zeros] = 0;
            }
        }
        return text;
    }

    /** Every plaintext is either refused or read as a frame that, written again, is the same bytes. */
    private void readsOnlyWhatItWouldWrite(byte[] text) {
        final int length = Math.min(text.length, Frame.HARD_MAX_LENGTH - Frame.TAG_LENGTH);
        MemorySegment.copy(text, 0, memory, JAVA_BYTE, 0, length);
        final Frame frame = new Frame();
        if (frame.parse(memory, 0, length) != FrameStatus.OK) {
            return;
        }
        final long payloadEnd = frame.payloadOffset() + frame.payloadLength();
        check(
                frame.payloadOffset() == 1 + QuicVarint.length(frame.streamId()),
                "the stream id is in its shortest form");
        check(payloadEnd <= length, "the payload lies in the plaintext");
        int first = frame.type();
        first |= frame.has(FrameType.FIN) ? FrameType.FIN : 0;
        first |= frame.has(FrameType.RESET) ? FrameType.RESET : 0;
        if (payloadEnd < length) {
            first |= FrameType.PADDED;
            check(text[(int) payloadEnd] == Frame.PADDING_MARK, "padding begins with its mark");
            for (long at = payloadEnd + 1; at < length; at++) {
                check(text[(int) at] == 0, "padding is zero");
            }
        }
        check(text[0] == (byte) first, "the first byte says what was read");
    }

    /** No stream of bytes opens, however it is cut. */
    private void opensNothing(byte[] wire) {
        final int length = Math.min(wire.length, LONGEST);
        MemorySegment.copy(wire, 0, memory, JAVA_BYTE, 0, length);
        try (Arena arena = Arena.ofConfined();
                KeySchedule keys = new KeySchedule(arena.allocate(32), RekeyLimits.HTX1, 0)) {
            final FrameOpener opener =
                    new FrameOpener(arena, CryptoProviders.byName("sodium"), memory, Frame.DEFAULT_MAX_LENGTH);
            for (int available = 0; available <= Math.min(length, Frame.MIN_LENGTH + 8); available++) {
                check(opener.open(keys, 0, available) <= 0, "opened");
            }
            check(opener.open(keys, 0, length) <= 0, "opened");
            check(keys.counter() == 0, "counted");
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}

package io.millrace.frame;

import static io.millrace.fuzz.FuzzInput.require;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.fuzz.FuzzInput;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A plaintext is read as a frame only if writing it again gives the same bytes; of ciphertexts only sealed ones open. */
public final class FrameProperty {
    private static final int LONGEST = 1 << 17;
    private static final int TOGETHER = 16;
    private static final MemorySegment MEMORY = Arena.global().allocate(LONGEST, 64);

    private FrameProperty() {}

    /** The first decision chooses the kind of the rest; the second cuts a stream of ciphertext off. */
    public static void holds(FuzzInput input) {
        if ((input.next() & 1) == 0) {
            readsOnlyWhatItWouldWrite(input.rest());
        } else {
            opensNothing(input.next(), input.rest());
        }
    }

    private static void readsOnlyWhatItWouldWrite(byte[] text) {
        final int length = Math.min(text.length, Frame.HARD_MAX_LENGTH - Frame.TAG_LENGTH);
        MemorySegment.copy(text, 0, MEMORY, JAVA_BYTE, 0, length);
        final Frame frame = new Frame();
        if (frame.parse(MEMORY, 0, length) != FrameStatus.OK) {
            return;
        }
        final long payloadEnd = frame.payloadOffset() + frame.payloadLength();
        require(
                frame.payloadOffset() == 1 + QuicVarint.length(frame.streamId()),
                "the stream id is in its shortest form");
        require(payloadEnd <= length, "the payload lies in the plaintext");
        int first = frame.type();
        first |= frame.has(FrameType.FIN) ? FrameType.FIN : 0;
        first |= frame.has(FrameType.RESET) ? FrameType.RESET : 0;
        if (payloadEnd < length) {
            first |= FrameType.PADDED;
            require(text[(int) payloadEnd] == Frame.PADDING_MARK, "padding begins with its mark");
            for (long at = payloadEnd + 1; at < length; at++) {
                require(text[(int) at] == 0, "padding is zero");
            }
        }
        require(text[0] == (byte) first, "the first byte says what was read");
    }

    private static void opensNothing(int cut, byte[] wire) {
        final int length = Math.min(wire.length, LONGEST);
        MemorySegment.copy(wire, 0, MEMORY, JAVA_BYTE, 0, length);
        try (Arena arena = Arena.ofConfined();
                ReceivingKeySchedule keys = new ReceivingKeySchedule(arena.allocate(32), RekeyLimits.HTX1, 0)) {
            for (String provider : new String[] {"auto", "sodium"}) {
                final FrameOpener opener = new FrameOpener(
                        arena, CryptoProviders.byName(provider), MEMORY, Frame.DEFAULT_MAX_LENGTH, TOGETHER);
                require(opener.open(keys, 0, Math.min(cut, length)) <= 0, "opened");
                require(opener.open(keys, 0, length) <= 0, "opened");
                require(keys.counter() == 0, "counted");
            }
        }
    }
}

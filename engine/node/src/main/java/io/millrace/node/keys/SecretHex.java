package io.millrace.node.keys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** Lower-case hex of secrets in byte arrays that can be wiped, where a {@code String} could not. */
public final class SecretHex {
    private static final byte[] DIGITS = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    private SecretHex() {}

    /**
     * Two digits per byte.
     *
     * @param secret any length; stays the caller's.
     * @return twice as many bytes, ASCII digits; the caller wipes them.
     */
    public static byte[] encode(MemorySegment secret) {
        final byte[] text = new byte[Math.toIntExact(2 * secret.byteSize())];
        for (int i = 0; i < text.length; i += 2) {
            final int value = secret.get(JAVA_BYTE, i / 2);
            text[i] = DIGITS[(value >> 4) & 0xf];
            text[i + 1] = DIGITS[value & 0xf];
        }
        return text;
    }

    /**
     * Reads {@code 2 * target.length} digits from position {@code from} on.
     *
     * @return false if one of them is none; {@code target} is then partly written.
     */
    static boolean decode(byte[] text, int from, byte[] target) {
        for (int i = 0; i < target.length; i++) {
            final int high = Character.digit(text[from + 2 * i], 16);
            final int low = Character.digit(text[from + 2 * i + 1], 16);
            if (high < 0 || low < 0) {
                return false;
            }
            target[i] = (byte) ((high << 4) | low);
        }
        return true;
    }
}

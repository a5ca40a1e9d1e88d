package io.millrace.text;

import java.util.HexFormat;

/** Keys and identifiers in hexadecimal, two digits a byte. Capitals mean the same as small letters. */
public final class HexText {
    private HexText() {}

    /**
     * Reads a value of known length.
     *
     * @param text digits in either case, without spaces.
     * @param length in bytes, 1 or more.
     * @return the bytes, in the order of the digits.
     * @throws IllegalArgumentException if the text is anything else; the message quotes nothing of it, for it may be a
     *     secret.
     */
    public static byte[] parse(String text, int length) {
        if (text.length() != 2 * length || !text.chars().allMatch(HexFormat::isHexDigit)) {
            throw new IllegalArgumentException("must be " + length + " bytes in hex");
        }
        return HexFormat.of().parseHex(text);
    }

    /**
     * Reads a value of any length.
     *
     * @param text an even number of digits in either case, without spaces; may be empty.
     * @return the bytes, in the order of the digits.
     * @throws IllegalArgumentException if the text is anything else; the message quotes nothing of it.
     */
    public static byte[] parse(String text) {
        if (text.length() % 2 != 0 || !text.chars().allMatch(HexFormat::isHexDigit)) {
            throw new IllegalArgumentException("must be hexadecimal digits, two a byte");
        }
        return HexFormat.of().parseHex(text);
    }

    /**
     * The form that the program prints and compares: lower case.
     *
     * @param text as for {@link #parse(String, int)}.
     * @param length in bytes, 1 or more.
     * @return the same digits in lower case.
     * @throws IllegalArgumentException as {@link #parse(String, int)}.
     */
    public static String canonical(String text, int length) {
        return HexFormat.of().formatHex(parse(text, length));
    }
}

package io.millrace.tlog;

import java.util.Base64;

/** Base64 as the C2SP formats want it: the standard alphabet with padding, and one text per value. */
final class Base64Lines {
    private Base64Lines() {}

    static byte[] decode(String text) throws MalformedException {
        try {
            final byte[] bytes = Base64.getDecoder().decode(text);
            // The JDK forgives missing padding and stray low bits: two texts of one value.
            if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
                throw new MalformedException("base64 is not canonical");
            }
            return bytes;
        } catch (IllegalArgumentException e) {
            throw new MalformedException("not base64", e);
        }
    }

    /** A decimal without sign or leading zeros, 0 to 2^63 - 1. */
    static long decimal(String what, String text) throws MalformedException {
        if (text.isEmpty()
                || text.length() > 19
                || !text.chars().allMatch(digit -> digit >= '0' && digit <= '9')
                || (text.length() > 1 && text.charAt(0) == '0')) {
            throw new MalformedException(what + " is not a decimal");
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new MalformedException(what + " is too large", e);
        }
    }
}

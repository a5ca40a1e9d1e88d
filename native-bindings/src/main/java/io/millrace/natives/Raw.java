package io.millrace.natives;

/**
 * Checks numbers before C gets them. An address carries no bounds, so that a caller answers for the memory behind it; an
 * address of 0, a negative length and a count out of range are refused.
 */
final class Raw {
    private Raw() {}

    /** Refuses an address of 0. */
    static void address(String name, long address) {
        if (address == 0) {
            throw new IllegalArgumentException(name + " must not be 0: " + name + "=0");
        }
    }

    /** Refuses a negative length in bytes. */
    static void length(String name, long length) {
        if (length < 0) {
            throw new IllegalArgumentException(name + " must not be negative: " + name + "=" + length);
        }
    }

    /** Refuses a number of inputs outside of 1 to {@code most}. */
    static void count(int count, int most) {
        if (count < 1 || count > most) {
            throw new IllegalArgumentException("count must be 1 to " + most + ": count=" + count);
        }
    }
}

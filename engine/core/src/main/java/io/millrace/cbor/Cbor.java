package io.millrace.cbor;

/** What writer and reader share of RFC 8949. */
final class Cbor {
    static final int UNSIGNED = 0;
    static final int NEGATIVE = 1;
    static final int BYTES = 2;
    static final int TEXT = 3;
    static final int ARRAY = 4;
    static final int MAP = 5;

    static final int FALSE = 0xf4;
    static final int TRUE = 0xf5;
    static final int NULL = 0xf6;

    /** Additional information of a head: below this the argument itself, from here on the length of the content. */
    static final int ONE_BYTE = 24;

    static final int TWO_BYTES = 25;
    static final int FOUR_BYTES = 26;
    static final int EIGHT_BYTES = 27;

    private Cbor() {}

    /** Length of a head in bytes, 1 to 9, for an argument that is read as unsigned. */
    static int headLength(long argument) {
        if (Long.compareUnsigned(argument, ONE_BYTE) < 0) {
            return 1;
        }
        if (Long.compareUnsigned(argument, 0xffL) <= 0) {
            return 2;
        }
        if (Long.compareUnsigned(argument, 0xffffL) <= 0) {
            return 3;
        }
        return Long.compareUnsigned(argument, 0xffff_ffffL) <= 0 ? 5 : 9;
    }
}

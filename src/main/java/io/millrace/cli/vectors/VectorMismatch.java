package io.millrace.cli.vectors;

/** A case did not come out as its file says; the message says what differed. */
final class VectorMismatch extends RuntimeException {
    private static final long serialVersionUID = 1L;

    VectorMismatch(String why) {
        super(why);
    }
}

package io.millrace.link;

/** Tells when every thread that seals or opens has ended its current work: only then may its memory be reused. */
public interface QuiescentState {
    /** For links whose threads are the caller's own. */
    QuiescentState AT_ONCE = new QuiescentState() {
        @Override
        public long mark() {
            return 0;
        }

        @Override
        public boolean isPassed(long mark) {
            return true;
        }
    };

    /** Marks this moment. */
    long mark();

    /**
     * Whether every thread has begun anew since {@code mark}.
     *
     * @param mark from an earlier call of this object.
     */
    boolean isPassed(long mark);
}

package io.millrace.rig.progress;

/** Shows the progress of a measurement. Called by the thread that measures: it must return soon. */
public interface ProgressListener {
    /** A listener that shows nothing. */
    ProgressListener SILENT = new ProgressListener() {
        @Override
        public void step(Step step) {}

        @Override
        public void note(String line) {}
    };

    /**
     * A step begins.
     *
     * @param step with the time that is left.
     */
    void step(Step step);

    /**
     * A result on the way, or a remark.
     *
     * @param line one line for people.
     */
    void note(String line);
}

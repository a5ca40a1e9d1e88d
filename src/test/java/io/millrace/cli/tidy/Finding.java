package io.millrace.cli.tidy;

/**
 * A place that breaks a rule.
 *
 * @param file path from the root of the repository
 * @param line from 1
 * @param text offending words, or a description
 */
record Finding(String file, int line, String text) {
    @Override
    public String toString() {
        return file + ":" + line + ": " + text;
    }
}

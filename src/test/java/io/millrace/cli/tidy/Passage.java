package io.millrace.cli.tidy;

import java.util.regex.Pattern;

/**
 * Prose of a file: a paragraph of a document, a comment, or a text that the program prints.
 *
 * @param file path from the root of the repository
 * @param line line of its first word, from 1
 * @param text without markup and code
 */
record Passage(String file, int line, String text) {
    private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z']+");

    /** Number of words of two letters or more. */
    int words() {
        return (int) WORD.matcher(text).results().count();
    }
}

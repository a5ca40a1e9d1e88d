package io.millrace.text;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the word that a mistyped one was probably meant to be. */
public final class Suggestion {
    /** A word may differ in one letter of this many. */
    private static final int LETTERS_PER_MISTAKE = 3;

    private Suggestion() {}

    /**
     * The end of an error about an unknown word: {@code ; did you mean slots?}, or else all words.
     *
     * @param word as it was written.
     * @param kind of the words, in the plural.
     * @param words that are known.
     */
    public static String of(String word, String kind, Collection<String> words) {
        return nearest(word, words)
                .map(each -> "; did you mean " + each + "?")
                .orElseGet(() -> "; " + kind + ": " + String.join(", ", words));
    }

    /**
     * The known word that differs least, in about one letter of three, or that begins with the one that was written.
     *
     * @param word as it was written.
     * @param words that are known.
     * @return empty if none is so near.
     */
    public static Optional<String> nearest(String word, Collection<String> words) {
        final int most = Math.max(1, word.length() / LETTERS_PER_MISTAKE);
        return words.stream()
                .filter(each -> mistakes(word, each) <= most || each.startsWith(word))
                .min(Comparator.comparingInt(each -> mistakes(word, each)));
    }

    /** Letters that are missing, too many, wrong or swapped with the next one. */
    private static int mistakes(String written, String meant) {
        int[] before = null;
        int[] last = new int[meant.length() + 1];
        Arrays.setAll(last, index -> index);
        for (int i = 1; i <= written.length(); i++) {
            final int[] now = new int[meant.length() + 1];
            now[0] = i;
            for (int j = 1; j <= meant.length(); j++) {
                final int wrong = written.charAt(i - 1) == meant.charAt(j - 1) ? 0 : 1;
                now[j] = Math.min(last[j - 1] + wrong, 1 + Math.min(last[j], now[j - 1]));
                if (before != null
                        && j > 1
                        && written.charAt(i - 1) == meant.charAt(j - 2)
                        && written.charAt(i - 2) == meant.charAt(j - 1)) {
                    now[j] = Math.min(now[j], before[j - 2] + 1);
                }
            }
            before = last;
            last = now;
        }
        return last[meant.length()];
    }
}

package io.millrace.cli.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds turns of phrase that make a reader go over a sentence twice. Names of things take their place. */
final class Phrases {
    /** Most findings per 10,000 words of a module. */
    static final int MOST_PER_TEN_THOUSAND_WORDS = 3;

    private static final String AFTER_WHAT = String.join(
            "|",
            "is|are|was|were|be|has|have|had|does|did|do|must|may|can|the|a|an|it|its|they|their|he|she|we|you|one",
            "this|that|these|those|each|every|comes?|came|follows?|stays?|remains?|happens?|happened|goes|went");

    private static final Pattern BANNED = Pattern.compile(
            String.join(
                    "|",
                    "\\bwhat\\s+(?:" + AFTER_WHAT + ")\\b",
                    "\\b(?:nobody|somebody|whoever)\\b",
                    "\\b(?:stand|stands|stood)\\b(?!\\s+(?:for|in for)\\b)",
                    "\\bof (?:its|their|his|her|our|your|my) own\\b",
                    "\\bbeside\\b",
                    "\\b(?:come|comes|came|coming) round\\b",
                    "\\b(?:hear|hears|heard) of\\b",
                    "\\b(?:tell|tells|told|telling) (?:\\w+ )?apart\\b",
                    "\\bas many as\\b"),
            Pattern.CASE_INSENSITIVE);

    private static final Pattern SENTENCE = Pattern.compile(".+?(?:[.?!](?=\\s|$)|$)");
    private static final Pattern QUESTION = Pattern.compile("(?:_ )?(?:What|Question:)\\s");

    private Phrases() {}

    /** A question may begin with its word: {@code What does a seal cost?}, {@code Question: what does a seal cost?} */
    static List<Finding> in(Passage passage) {
        final List<Finding> found = new ArrayList<>();
        final Matcher matcher = BANNED.matcher(passage.text());
        while (matcher.find()) {
            if (!isQuestion(passage.text(), matcher)) {
                found.add(new Finding(passage.file(), passage.line(), around(passage.text(), matcher)));
            }
        }
        return found;
    }

    /** Findings that a module of that many words may have. */
    static int most(int words) {
        return words * MOST_PER_TEN_THOUSAND_WORDS / 10_000;
    }

    private static boolean isQuestion(String text, Matcher matcher) {
        final Matcher sentence = SENTENCE.matcher(text);
        while (sentence.find()) {
            if (sentence.end() >= matcher.end()) {
                final String words = sentence.group().strip();
                return words.endsWith("?") && QUESTION.matcher(words).lookingAt();
            }
        }
        return false;
    }

    private static String around(String text, Matcher matcher) {
        return text.substring(Math.max(0, matcher.start() - 40), Math.min(text.length(), matcher.end() + 40));
    }
}

package io.millrace.cli.tidy;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Finds the documents that a comment or a script names, and the tests that a document names. */
final class DocumentNames {
    private static final Pattern NAME = Pattern.compile("\\bsrc/docs/[\\w./-]*\\w");

    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*Test)`");

    private DocumentNames() {}

    /** Paths from the root, as written. */
    static List<String> in(String text) {
        return NAME.matcher(text).results().map(MatchResult::group).toList();
    }

    /** Classes of tests that a document names. */
    static List<String> testsIn(String text) {
        return TEST.matcher(text).results().map(match -> match.group(1)).toList();
    }
}

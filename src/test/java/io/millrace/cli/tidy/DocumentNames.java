package io.millrace.cli.tidy;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Finds the documents that a comment or a script names. */
final class DocumentNames {
    private static final Pattern NAME = Pattern.compile("\\bsrc/docs/[\\w./-]*\\w");

    private DocumentNames() {}

    /** Paths from the root, as written. */
    static List<String> in(String text) {
        return NAME.matcher(text).results().map(MatchResult::group).toList();
    }
}

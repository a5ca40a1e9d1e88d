package io.millrace.cli.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Length of source lines and of source files. */
final class SourceLines {
    /** A file over the limit says in the comment of its class why it is one piece, in these words. */
    private static final Pattern REASON = Pattern.compile("\\bIn one file because\\b");

    private static final Pattern UNBROKEN = Pattern.compile("\\S{100}");

    private SourceLines() {}

    /** Lines over a limit, in characters; an import, a row of a table and a word of 100 characters cannot be broken. */
    static List<Finding> longerThan(int limit, String file, String text) {
        final List<Finding> found = new ArrayList<>();
        final List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            final String line = lines.get(i);
            final boolean whole = line.startsWith("import ")
                    || line.strip().startsWith("|")
                    || UNBROKEN.matcher(line).find();
            if (!whole && line.length() > limit) {
                found.add(new Finding(file, i + 1, line.length() + " characters"));
            }
        }
        return found;
    }

    /** Whether a file has more lines than the limit, and no reason. */
    static boolean isTooLong(int limit, String text) {
        return text.lines().count() > limit && !REASON.matcher(text).find();
    }
}

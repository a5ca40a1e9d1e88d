package io.millrace.cli.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes the prose out of a Java or C source: comments, and in Java the strings that contain a space.
 *
 * <p>Comment lines that follow one another are one passage, as are strings that are joined by {@code +}, so that a phrase
 * is found across the end of a line. Contents of {@code {@code ...}} and of {@code {@link ...}} are code, not prose.
 */
final class SourceProse {
    private static final Pattern LINE_HEAD = Pattern.compile("(?m)^[ \\t]*(?:\\*+(?!/)|//+)?[ \\t]?");
    private static final Pattern CODE =
            Pattern.compile("\\{@(?:code|link|linkplain|value|snippet|literal)[^{}]*(?:\\{[^{}]*\\}[^{}]*)*\\}|<[^<>\\n"
                    + "]*>|@param \\S+");

    private final String file;
    private final String source;
    private final boolean withStrings;
    private final List<Passage> passages = new ArrayList<>();
    private final StringBuilder joined = new StringBuilder();
    private int joinedLine;
    private boolean joinsStrings;
    private int at;
    private int line = 1;

    private SourceProse(String file, String source, boolean withStrings) {
        this.file = file;
        this.source = source;
        this.withStrings = withStrings;
    }

    /**
     * Takes a source apart.
     *
     * @param withStrings whether strings of the source are printed to a person; else only comments count
     */
    static List<Passage> of(String file, String source, boolean withStrings) {
        final SourceProse prose = new SourceProse(file, source, withStrings);
        prose.read();
        return prose.passages;
    }

    private void read() {
        while (at < source.length()) {
            if (source.startsWith("//", at)) {
                comment(endOfLine());
            } else if (source.startsWith("/*", at)) {
                final int end = source.indexOf("*/", at + 2);
                comment(end < 0 ? source.length() : end + 2);
            } else if (source.startsWith("\"\"\"", at)) {
                string(endOfBlock(), 3);
            } else if (source.charAt(at) == '"') {
                string(endOfString('"'), 1);
            } else if (source.charAt(at) == '\'') {
                advance(endOfString('\''));
            } else {
                code(source.charAt(at));
            }
        }
        flush();
    }

    private void comment(int end) {
        if (joinsStrings) {
            flush();
        }
        joinsStrings = false;
        append(source.substring(at, end).replaceFirst("^/\\*+", "").replaceFirst("\\*/$", "") + "\n");
        final boolean block = source.charAt(at + 1) == '*';
        advance(end);
        if (block) {
            flush();
        }
    }

    private void string(int end, int quotes) {
        if (!joinsStrings) {
            flush();
        }
        joinsStrings = true;
        if (withStrings) {
            append(source.substring(at + quotes, Math.max(at + quotes, end - quotes))
                    .replace("\\n", "\n"));
        }
        advance(end);
    }

    private void code(char c) {
        if (!Character.isWhitespace(c) && !(joinsStrings && c == '+')) {
            flush();
        }
        advance(at + 1);
    }

    private void append(String text) {
        if (joined.isEmpty()) {
            joinedLine = line;
        }
        joined.append(text);
    }

    private void flush() {
        final String text =
                joinsStrings ? joined.toString() : LINE_HEAD.matcher(joined).replaceAll("");
        joined.setLength(0);
        final String prose =
                CODE.matcher(text).replaceAll(" _ ").replaceAll("\\s+", " ").strip();
        if (prose.indexOf(' ') > 0) {
            passages.add(new Passage(file, joinedLine, prose));
        }
    }

    private int endOfLine() {
        final int end = source.indexOf('\n', at);
        return end < 0 ? source.length() : end;
    }

    private int endOfBlock() {
        int end = at + 3;
        while (end < source.length() && !source.startsWith("\"\"\"", end)) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        return Math.min(source.length(), end + 3);
    }

    private int endOfString(char quote) {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote && source.charAt(end) != '\n') {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        return Math.min(source.length(), end + 1);
    }

    private void advance(int end) {
        for (; at < end; at++) {
            if (source.charAt(at) == '\n') {
                line++;
            }
        }
    }
}

package io.millrace.cli.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A document: its prose, its lines, its links. */
final class Markdown {
    /** Longest line of a document, in characters; tables, code, generated parts and lines without a space have none. */
    static final int LONGEST_LINE = 130;

    /** Most words of a sentence before it counts as long. */
    static final int LONGEST_SENTENCE = 25;

    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
    private static final Pattern ITEM = Pattern.compile("^\\s*(?:[-*]|\\d+\\.) .*");
    private static final Pattern MARKER = Pattern.compile("^\\s*(?:[-*]|\\d+\\.) ");
    private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?:;])\\s+(?=[A-Z_(\\[])");

    private final String file;
    private final List<String> lines;

    /**
     * Reads a document.
     *
     * @param file path from the root of the repository
     */
    Markdown(String file, String text) {
        this.file = file;
        this.lines = text.lines().toList();
    }

    /** Paragraphs, items, headings and rows of tables, without code and without the targets of links. */
    List<Passage> passages() {
        final List<Passage> passages = new ArrayList<>();
        final StringBuilder paragraph = new StringBuilder();
        int from = 1;
        boolean code = false;
        for (int i = 0; i < lines.size(); i++) {
            final String line = lines.get(i);
            final boolean fence = line.strip().startsWith("```");
            final boolean alone = line.startsWith("|")
                    || line.startsWith("#")
                    || ITEM.matcher(line).matches();
            if (fence || line.isBlank() || alone || code) {
                add(passages, from, paragraph);
                from = i + 1;
            }
            code ^= fence;
            if (!code && !fence && !line.isBlank() && !(line.startsWith("    ") && paragraph.isEmpty())) {
                paragraph
                        .append(alone ? MARKER.matcher(line).replaceFirst("") : line)
                        .append(' ');
            }
            if (line.startsWith("|") || line.startsWith("#")) {
                add(passages, from, paragraph);
                from = i + 2;
            }
        }
        add(passages, from, paragraph);
        return passages;
    }

    private void add(List<Passage> passages, int line, StringBuilder paragraph) {
        final String text = LINK.matcher(paragraph.toString().replaceAll("`[^`]*`", "_"))
                .replaceAll(match -> Matcher.quoteReplacement(
                        match.group().substring(1, match.group().indexOf(']'))))
                .replaceAll("<[^<>]*>", " ")
                .replaceAll("\\s+", " ")
                .strip();
        paragraph.setLength(0);
        if (!text.isEmpty()) {
            passages.add(new Passage(file, line, text));
        }
    }

    /** Lines of prose over {@link #LONGEST_LINE}. */
    List<Finding> longLines() {
        final List<Finding> found = new ArrayList<>();
        boolean code = false;
        boolean generated = false;
        for (int i = 0; i < lines.size(); i++) {
            final String line = lines.get(i);
            code ^= line.strip().startsWith("```");
            if (line.startsWith("<!--")) {
                generated = line.contains("made by");
            }
            final boolean free = generated
                    || code
                    || line.startsWith("|")
                    || line.startsWith("    ")
                    || line.strip().indexOf(' ') < 0;
            if (!free && line.length() > LONGEST_LINE) {
                found.add(new Finding(file, i + 1, line.length() + " characters"));
            }
        }
        return found;
    }

    /** Sentences of running text over {@link #LONGEST_SENTENCE}; headings and rows of tables have none. */
    List<Finding> longSentences() {
        final List<Finding> found = new ArrayList<>();
        for (Passage passage : passages()) {
            for (String sentence : sentences(passage)) {
                final int words = sentence.split("\\s+", -1).length;
                if (words > LONGEST_SENTENCE) {
                    found.add(new Finding(file, passage.line(), words + " words: " + sentence));
                }
            }
        }
        return found;
    }

    /** Number of sentences of running text. */
    int sentenceCount() {
        return passages().stream().mapToInt(each -> sentences(each).size()).sum();
    }

    private static List<String> sentences(Passage passage) {
        final boolean running =
                !passage.text().startsWith("|") && !passage.text().startsWith("#");
        return running ? List.of(SENTENCE_END.split(passage.text())) : List.of();
    }

    /** A link to a file of the repository. */
    record Link(int line, String target) {}

    /** Links without a scheme. */
    List<Link> links() {
        final List<Link> links = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            final int line = i + 1;
            LINK.matcher(lines.get(i))
                    .results()
                    .map(match -> match.group(1))
                    .filter(target -> !target.contains("://"))
                    .forEach(target -> links.add(new Link(line, target)));
        }
        return links;
    }

    /** Whether a heading has that anchor, as hosting services form it. */
    boolean hasAnchor(String anchor) {
        return lines.stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "").strip().toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\p{Alnum} _-]", "").replace(' ', '-'))
                .anyMatch(anchor::equals);
    }
}

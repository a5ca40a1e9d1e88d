package io.millrace.cli.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Planted phrases, sentences, lines and links are found; their near misses pass. */
class PlantedProseTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Tells what was lost.",
                "It keeps what\nthe peer sent.",
                "Checks what it is given.",
                "Question: what it is given.",
                "Nobody can read it.",
                "Refuses whoever comes.",
                "The key stands in a cell.",
                "A thread of its own.",
                "Kept beside the log.",
                "When a thread has come round.",
                "Until it hears of the peer.",
                "They cannot be told apart.",
                "Twice as many as before."
            })
    void findsAPhrase(String planted) {
        assertThat(SourceProse.of("A.java", "/** " + planted.replace("\n", "\n * ") + " */ class A {}", true))
                .singleElement()
                .satisfies(each -> assertThat(Phrases.in(each)).hasSize(1));
        assertThat(new Markdown("a.md", "# A\n\n" + planted).passages())
                .satisfiesExactly(
                        heading -> assertThat(Phrases.in(heading)).isEmpty(),
                        text -> assertThat(Phrases.in(text)).hasSize(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "What does a seal cost?",
                "What is the cost of a seal? A microsecond.",
                "Question: what does a seal cost at 64 bytes, and why?",
                "Whatever the size.",
                "It understands the standard.",
                "The first bit stands for the sign.",
                "Besides the log.",
                "Rounds up.",
                "It hears the peer.",
                "Keeps them apart.",
                "As many packets as slots.",
                "Its own thread."
            })
    void passesANearMiss(String text) {
        assertThat(Phrases.in(new Passage("a.md", 1, text))).isEmpty();
    }

    @Test
    void allowsThreeInTenThousandWords() {
        assertThat(Phrases.most(9_999)).isEqualTo(2);
        assertThat(Phrases.most(10_000)).isEqualTo(3);
    }

    @Test
    void readsStringsAcrossTheirEnds() {
        final String source =
                "class A { String s = \"tells what \"\n + \"is lost\"; String t = \"x\" + s + \" beside it\"; }";

        assertThat(SourceProse.of("A.java", source, true).stream().flatMap(each -> Phrases.in(each).stream()))
                .hasSize(2);
        assertThat(SourceProse.of("A.java", source, false)).isEmpty();
    }

    @Test
    void readsTextBlocksAndLineComments() {
        final String source = String.join(
                "\n",
                "// kept beside",
                "class A {",
                "    // tells what",
                "    // is lost",
                "    char c = '\"'; String s = \"\"\"",
                "        a thread of its own, \\\"\"\" quoted",
                "        \"\"\"; // nobody here",
                "}");

        assertThat(SourceProse.of("A.java", source, true).stream().flatMap(each -> Phrases.in(each).stream()))
                .extracting(Finding::line)
                .containsExactly(1, 3, 5, 7);
    }

    @Test
    void leavesCodeAlone() {
        assertThat(SourceProse.of("A.java", "int beside = nobody; // {@code what is} and {@link A#what is}", true))
                .flatExtracting(Phrases::in)
                .isEmpty();
        assertThat(new Markdown("a.md", "Type `what is` or\n\n```\nwhat is\n```\n\n    what is\n").passages())
                .flatExtracting(Phrases::in)
                .isEmpty();
    }

    @Test
    void findsALongLineOfADocument() {
        final String line = "word ".repeat(26);
        final String text = line + "\n" + line + "x\n| " + line + "x |\n```\n" + line + "x\n```\n" + "x".repeat(200);

        assertThat(new Markdown("a.md", text).longLines())
                .extracting(Finding::line)
                .containsExactly(2);
    }

    @Test
    void findsALongSentence() {
        final String right = "Word " + "word ".repeat(23) + "end. ";
        final String planted = "Word " + "word ".repeat(24) + "end. ";
        final Markdown document =
                new Markdown("a.md", "- " + right + "\n- " + planted + right + "\n| " + planted + " |");

        assertThat(document.longSentences()).extracting(Finding::line).containsExactly(2);
        assertThat(document.sentenceCount()).isEqualTo(3);
    }

    @Test
    void readsLinksAndAnchors() {
        final Markdown document =
                new Markdown("a.md", "# Limits of `X`, now\n[a](b.md#c) ![d](e.png)\n[f](https://g.example/h)");

        assertThat(document.links()).containsExactly(new Markdown.Link(2, "b.md#c"), new Markdown.Link(2, "e.png"));
        assertThat(document.hasAnchor("limits-of-x-now")).isTrue();
        assertThat(document.hasAnchor("limits")).isFalse();
    }

    @Test
    void readsNamesOfTests() {
        assertThat(DocumentNames.testsIn("held by `LimitsTest` and `TestBed`, not by a Test"))
                .containsExactly("LimitsTest");
    }

    @Test
    void readsNamesOfDocuments() {
        assertThat(DocumentNames.in("see {@code src/docs/specs/delay.md}, src/docs/a.md#b. And src/documents/c.md"))
                .isEqualTo(List.of("src/docs/specs/delay.md", "src/docs/a.md"));
    }
}

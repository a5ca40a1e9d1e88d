package io.millrace.cli.tidy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Planted parameters, properties, lines, files and help texts are found; their near misses pass; ceilings only fall. */
class PlantedShapeTest {
    private static JavaShape.Findings shape(String source) {
        return JavaShape.of(List.of(new JavaShape.Source("p/A.java", source)));
    }

    @Test
    void findsAParameterWithoutWords() {
        final String source = """
            package p;
            public class A {
                /** Runs. @param notATag no
                 * @param a in bytes
                 */
                public void run(int a, int b) {}
                public A(long c) {}
                public interface I { void take(int d); }
                /** Pair. @param x no */
                public record R(int x, int y) { static int z; public R {} public static R of(int w) { return null; } }
            }\
            """;

        assertThat(shape(source).undocumented())
                .extracting(Finding::text)
                .containsExactly(
                        "run: no @param b",
                        "<init>: no @param c",
                        "take: no @param d",
                        "R: no @param x",
                        "R: no @param y",
                        "of: no @param w");
    }

    @Test
    void passesDocumentedHiddenAndInheritedParameters() {
        final String source = """
            package p;
            public class A implements I {
                /**
                 * Runs.
                 *
                 * @param a in bytes
                 * @param <T> a type
                 */
                public <T> void run(int a) {}
                @Override public void take(int b) {}
                void hidden(int c) {}
                private static class B { public void hidden(int d) {} }
                public interface J { private void hidden(int f) {} }
            }
            class C { public void hidden(int e) {} }\
            """;

        assertThat(shape(source).undocumented()).isEmpty();
    }

    @Test
    void findsASystemProperty() {
        assertThat(shape("class A { String a = System.getProperty(\"a\"); }").properties())
                .hasSize(1);
        assertThat(shape("public class A { void a() { Runnable b = () -> System.setProperty(\"a\", \"b\"); } }")
                        .properties())
                .hasSize(1);
        assertThat(shape("class A { /* System.getProperty(a) */ String a = \"System.getProperty(b)\" +"
                                + " System.nanoTime(); }")
                        .properties())
                .isEmpty();
    }

    @Test
    void findsALongLineOfASource() {
        final String right = "int a; // " + "x ".repeat(60);
        final String text =
                right + "\n" + right + "x\n" + "import " + "x".repeat(140) + ";\n\"" + "x".repeat(140) + "\"";

        assertThat(SourceLines.longerThan(130, "A.java", text))
                .extracting(Finding::line)
                .containsExactly(2);
    }

    @Test
    void findsALongFileWithoutAReason() {
        assertThat(SourceLines.isTooLong(400, "x\n".repeat(401))).isTrue();
        assertThat(SourceLines.isTooLong(400, "x\n".repeat(400))).isFalse();
        assertThat(SourceLines.isTooLong(400, "/** In one file because. */\n" + "x\n".repeat(400)))
                .isFalse();
    }

    @Test
    void findsALongHelpLine() {
        assertThat(HelpText.findings("a", "Does.", "Does.\n" + "x".repeat(81))).hasSize(1);
        assertThat(HelpText.findings("a", "Does.", "Does.\n" + "x".repeat(80))).isEmpty();
    }

    @Test
    void findsALongFirstSentenceOfHelp() {
        assertThat(HelpText.findings("a", "x".repeat(70) + ". And more of it.", ""))
                .hasSize(1);
        assertThat(HelpText.findings("a", "x".repeat(69) + ". And more of it.", ""))
                .isEmpty();
    }

    @Test
    void aCeilingOnlyFalls() {
        final Ceilings ceilings = new Ceilings(List.of("# comment", "", "rule place 2", "other place 1"));

        assertThat(ceilings.complaints("rule", Map.of("place", 2))).isEmpty();
        assertThat(ceilings.complaints("rule", Map.of("place", 3)))
                .singleElement()
                .asString()
                .contains("allowed are 2");
        assertThat(ceilings.complaints("rule", Map.of("place", 1)))
                .singleElement()
                .asString()
                .contains("lower");
        assertThat(ceilings.complaints("rule", Map.of())).hasSize(1);
        assertThat(ceilings.complaints("rule", Map.of("place", 2, "new", 1))).hasSize(1);
        assertThatThrownBy(() -> new Ceilings(List.of("rule place"))).hasMessage("ceiling: rule place");
        assertThatThrownBy(() -> new Ceilings(List.of("a b 1", "a b 2"))).hasMessage("ceiling: a b 2");
    }

    @Test
    void knowsPackagesAndTests() {
        assertThat(Repository.packageOf("engine/core/src/main/java/io/a/B.java"))
                .isEqualTo("io.a");
        assertThat(Repository.packageOf("src/test/java/io/a/B.java")).isEqualTo("io.a-tests");
        assertThat(Repository.isLibrary("engine/core/src/main/java/io/a/B.java"))
                .isTrue();
        assertThat(Repository.isLibrary("engine/core/src/test/java/io/a/B.java"))
                .isFalse();
        assertThat(Repository.isLibrary("src/main/java/io/a/B.java")).isFalse();
    }
}

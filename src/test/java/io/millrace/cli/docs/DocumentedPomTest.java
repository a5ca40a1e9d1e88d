package io.millrace.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** The POM in embedding.md: well-formed, with this project's version and compiler. {@code perf-scripts/embed} builds by it. */
class DocumentedPomTest {
    @Test
    void hasTheVersionsOfThisProject() throws Exception {
        final String text = Files.readString(Path.of("docs", "embedding.md"));
        assertThat(text.split("```xml\n", -1)).hasSize(2);
        final Document shown = parse(text.split("```xml\n", -1)[1].split("```", -1)[0]);
        final Document own = parse(Files.readString(Path.of("..", "pom.xml")));
        final String compiler = "//plugin[artifactId='maven-compiler-plugin']/version";

        assertThat(value(shown, "/project/dependencyManagement/dependencies/dependency/version"))
                .isEqualTo(value(own, "/project/version"));
        assertThat(value(shown, compiler)).isEqualTo(value(own, compiler));
        assertThat(value(shown, "/project/properties/maven.compiler.release"))
                .isEqualTo(value(own, "/project/properties/maven.compiler.release"));
        final Document bom = parse(Files.readString(Path.of("..", "bom", "pom.xml")));
        assertThat(value(bom, "/project/artifactId"))
                .isEqualTo(value(shown, "/project/dependencyManagement/dependencies/dependency/artifactId"));
        assertThat(value(
                        bom,
                        "//dependency[artifactId='" + value(shown, "/project/dependencies/dependency/artifactId")
                                + "']/groupId"))
                .isEqualTo("io.millrace");
    }

    private static Document parse(String xml) throws Exception {
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(xml)));
    }

    private static String value(Document document, String path) throws Exception {
        final String value = XPathFactory.newDefaultInstance().newXPath().evaluate(path, document);
        assertThat(value).as(path).isNotEmpty();
        return value;
    }
}

package io.millrace.rig.report;

import static io.millrace.rig.report.ResultsFixture.NEWER;
import static io.millrace.rig.report.ResultsFixture.OLDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page in a real browser, which is used by {@code probe.js}: every run, every figure, every scale, the pointer. */
class ReportPageTest {
    private static final int HEIGHT = 844;
    /** Chromium's windows are no narrower. */
    private static final int LEAST_WINDOW = 500;

    private static final int MAX_SECONDS = 90;
    private static final Pattern RESULT =
            Pattern.compile("<script type=\"application/json\" id=\"probe\">(.*?)</script>", Pattern.DOTALL);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1280, 390})
    void everyChartHasDataAndNothingIsAmiss(int width) throws Exception {
        final Path browser = Stream.of("chromium", "chromium-browser", "google-chrome")
                .map(name -> Path.of("/usr/bin", name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        assumeTrue(browser != null, "no Chromium in /usr/bin: the page is not tried in a browser");
        ResultsFixture.copy(folder);
        ResultsFixture.report(folder);
        final Path page = folder.resolve("probed.html");
        final String probed = probed(Files.readString(folder.resolve("index.html")));
        Files.writeString(page, width < LEAST_WINDOW ? framed(probed, width) : probed);

        final JsonNode seen = open(browser, page, width);

        assertThat(seen.get("width").asInt()).isEqualTo(width);
        assertThat(seen.get("errors")).isEmpty();
        assertThat(seen.get("overflow").asInt())
                .as("pixels beyond the right edge")
                .isZero();
        assertThat(seen.get("shownRuns")).extracting(JsonNode::asText).containsExactly(OLDER);
        assertThat(seen.get("chosen")).extracting(JsonNode::asText).containsExactly("history");
        final Set<String> drawn = new HashSet<>();
        for (JsonNode each : seen.get("figures")) {
            assertThat(each.get("marks").asInt()).as(each.toString()).isPositive();
            assertThat(each.get("broken").asBoolean()).as(each.toString()).isFalse();
            assertThat(each.get("outside").asInt()).as(each.toString()).isZero();
            assertThat(each.get("right").asInt()).as(each.toString()).isLessThanOrEqualTo(width);
            assertThat(each.get("tip").asText()).as(each.toString()).containsPattern("[0-9]");
            drawn.add(each.get("run").asText() + " " + each.get("scale").asText() + " "
                    + each.get("id").asText());
        }
        final Set<String> expected = new HashSet<>();
        for (String scale : List.of("suited", "linear", "log")) {
            for (String id : List.of("bench-rate", "bench-cost", "bench-relay", "knee-loss", "knee-latency")) {
                expected.add(NEWER + " " + scale + " " + id);
            }
            for (String id : List.of("matrix", "jmh-madeup", "jmh-rate", "history")) {
                expected.add(NEWER + " " + scale + " " + id);
            }
            for (String id : List.of("bench-rate", "bench-cost", "history")) {
                expected.add(OLDER + " " + scale + " " + id);
            }
        }
        assertThat(drawn).isEqualTo(expected);
    }

    /** Errors are collected from the first script on; the probe comes after the last. */
    private static String probed(String page) throws Exception {
        try (InputStream in = ReportPageTest.class.getResourceAsStream("probe.js")) {
            return page.replace(
                            "<title>",
                            "<script>window.probeErrors = []; window.addEventListener('error', event =>"
                                    + " window.probeErrors.push(event.message));</script><title>")
                    .replace(
                            "</body>",
                            "<script>" + new String(in.readAllBytes(), StandardCharsets.UTF_8) + "</script></body>");
        }
    }

    /** The page in a frame of {@code width} pixels, as narrow as windows cannot be. */
    private static String framed(String page, int width) {
        return "<!DOCTYPE html><body style=\"margin:0\"><iframe style=\"border:0;width:" + width + "px;height:" + HEIGHT
                + "px\" srcdoc=\"" + page.replace("&", "&amp;").replace("\"", "&quot;") + "\"></iframe></body>";
    }

    private JsonNode open(Path browser, Path page, int width) throws Exception {
        final Path dom = folder.resolve("dom.txt");
        final Path log = folder.resolve("log.txt");
        final Process process = new ProcessBuilder(
                        browser.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--no-first-run",
                        "--enable-logging=stderr",
                        "--user-data-dir=" + Files.createDirectory(folder.resolve("profile")),
                        "--window-size=" + width + "," + HEIGHT,
                        "--dump-dom",
                        page.toUri().toString())
                .redirectOutput(dom.toFile())
                .redirectError(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(MAX_SECONDS, TimeUnit.SECONDS))
                    .as("the browser ends")
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        assertThat(Files.readAllLines(log).stream().filter(line -> line.contains("CONSOLE")))
                .as("console")
                .singleElement()
                .asString()
                .contains("probe: done");
        final Matcher result = RESULT.matcher(Files.readString(dom));
        assertThat(result.find()).as("the probe's result").isTrue();
        return new JsonMapper().readTree(result.group(1));
    }
}

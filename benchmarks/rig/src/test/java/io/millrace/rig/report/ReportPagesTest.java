package io.millrace.rig.report;

import static io.millrace.rig.report.ResultsFixture.NEWER;
import static io.millrace.rig.report.ResultsFixture.OLDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.rig.input.InputException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ReportPagesTest {
    private static final Path KEPT = Path.of("..", "..", "jmh-results");
    /** The first colour of the charts. */
    private static final int BLUE = 0x0072B2;

    @TempDir
    private Path results;

    @BeforeEach
    void copy() throws Exception {
        ResultsFixture.copy(results);
    }

    @Test
    void theTablesHoldTheRunsFigures() throws IOException {
        ResultsFixture.report(results);

        assertThat(results.resolve("README.md"))
                .content()
                .contains(
                        "| auto-shared | lanes | shared | 99,999 | 10,000 | 0.333 | 9,000 | 45.0 | 543 | 0.25 | 30,003"
                                + " | 13 |",
                        "| auto-shared | later than intended | 10.0 | 20.0 | 30.0 | 40.0 | 50.0 | 60.0 |",
                        "shared, batch 32, epoch-vrf exponential(1ms,10ms), replay exact, receipts none: 81,818 ± 818"
                                + " ns",
                        "| links | unsealed | -5,432 ± 98.7 | -0.181 | 1.07 ± 0.012 | base |",
                        "| dh | twice | +54,545 ± 455 | +1.82 | 0.612 ± 0.013 | base |",
                        "| wait | yielding | +1,235 ± 0 | +0.041 | 1.00 ± 0.001 | threading split |",
                        "](" + NEWER + "/matrix.png)",
                        "| relay: the knee | 54,321 | 0.567 | loss | 0 |",
                        "| relay: half point | 65,432 |  |  |  |",
                        "| bare forwarder: half point | 234,567 |  | the generator |  |",
                        "| relay: half point, best case | 54,000 |  | loss |  |",
                        "| relay: half point, over TCP | 43,210 | 1.25 | backpressure |  |",
                        "| bare forwarder: half point, over TCP | 198,765 |  | the generator |  |",
                        "Knee: 3 of 3 intervals of 10.0 s lost no packet",
                        "ordinary case: 16 made-up neighbours.",
                        "Loss begins at 56,789/s with 77 lost: ring-full 70, socket of the subject 7.",
                        "| relay | 80 % of the knee | 202 | 302 | 402 | 502 | 602 | 702 |",
                        "| bare forwarder | rate of 95 % | 23.0 | 33.0 | 43.0 | 53.0 | 63.0 | 73.0 |",
                        "| machine's hiccups | during 95 % | 71.0 | 72.0 | 73.0 | 74.0 | 75.0 | 7,600 |",
                        "| relay | light load | 200 | 300 | 400 | 500 | 600 | 700 |",
                        "| light load | 12.3 % | 11.2 % | 13.4 % | 2.34 | 1.23 | 5.06 | 0 % | 1.01 | 0.321 |",
                        "| 95 % of the knee | 1.23 % | 1.12 % | 1.34 % | 5.67 | 4.56 | 51.2 | 0 % | 0.99 | 0.432 |",
                        "| MadeUpBenchmark.seal | provider=sodium length=64 | 15.0 | 1.50 | us/op | 0.5 | 48.0 |",
                        "| MadeUpBenchmark.seal | provider=lanes length=64 | 3.00 |  | us/op | 0.1 | 0 |",
                        "| RateBenchmark.insert | mode=thrpt | 4.00 | 0.4 | ops/us | 0.00833 |  |",
                        "| 2026-01-01 aaaaaaa |  | sodium-split, best case, without the I/O thread | 3.46 | 11,111 |  |",
                        "| 2026-01-02 bbbbbbb | made up <for tests> & nothing else | auto-shared, best case | 0.333 | 99,999"
                                + " | 54,321 |",
                        "| processor | made up <for tests> & nothing else |",
                        "perf-scripts/record --seconds 1 --jmh 'Made|Up'");
    }

    @Test
    void theNewestRunComesFirstAndWhatAnOlderOneLacksIsAbsent() throws IOException {
        ResultsFixture.report(results);

        final String text = Files.readString(results.resolve("README.md"));
        final String older = text.substring(text.indexOf("## Run [" + OLDER));
        assertThat(text.indexOf("## Run [" + NEWER)).isBetween(0, text.indexOf("## Run [" + OLDER));
        assertThat(older)
                .contains("| sodium-split | sodium | split | 11,111 | 90,001 | 3.46 | 80,000 | 777 | < 0.01 | 30,003 |")
                .doesNotContain("matrix", "knee", "JMH", "Environment", "Commands", "drawing the delay", "dropped");
    }

    @Test
    void theChartsAreDrawnAndThoseOfAnEarlierReportGo() throws IOException {
        Files.createDirectories(results.resolve("charts"));
        Files.writeString(results.resolve("charts/stale.png"), "of a benchmark that is no more");

        ResultsFixture.report(results);

        final String text = Files.readString(results.resolve("README.md"));
        try (Stream<Path> found = Files.list(results.resolve("charts"))) {
            assertThat(found.map(each -> each.getFileName().toString()))
                    .allSatisfy(name -> {
                        assertThat(text).contains("(charts/" + name + ")");
                        assertThat(blue(results.resolve("charts").resolve(name)))
                                .as(name)
                                .isPositive();
                    })
                    .containsExactlyInAnyOrder(
                            "bench-cost.png",
                            "bench-rate.png",
                            "bench-relay.png",
                            "history.png",
                            "jmh-madeup.png",
                            "jmh-rate.png",
                            "knee-latency.png",
                            "knee-loss.png");
        }
    }

    @Test
    void thePageParsesAndRefersToNothingOutside() throws Exception {
        ResultsFixture.report(results);

        final String text = Files.readString(results.resolve("index.html"));
        final Document page = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        final NodeList all = page.getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            final Element each = (Element) all.item(i);
            assertThat(each.hasAttribute("src")).as(each.getTagName()).isFalse();
            assertThat(each.getAttribute("href"))
                    .satisfiesAnyOf(
                            href -> assertThat(href).isEmpty(),
                            href -> assertThat(href).isEqualTo("data:,"));
        }
        assertThat(text).doesNotContainIgnoringCase("http:", "https:", "url(", "@import", "fetch(", "import(");
        assertThat(page.getElementsByTagName("table").getLength()).isEqualTo(10);
        assertThat(page.getDocumentElement().getTextContent()).contains("54,321", "made up <for tests> & nothing else");
    }

    @Test
    void theNewestRunsFiguresGoIntoAReadmeAndNowhereElseInIt() throws IOException {
        final Path readme = results.resolve("FRONT.md");
        final String before = "# Title\n\n<!-- figures: made by perf-scripts/report, change nothing here -->";
        final String after = "<!-- end of figures -->\n\nmore\n";
        Files.writeString(readme, before + "\nstale\n" + after);

        ReportPages.write(results, Optional.of(readme));

        assertThat(readme)
                .content()
                .startsWith(before)
                .endsWith(after)
                .contains(
                        "Kept run [" + NEWER + "](jmh-results/" + NEWER + "): made up <for tests> & nothing else",
                        "| auto-shared | `lanes` | 99,999 | 0.333 | 10,000 | 0.25 | 13 |",
                        "By `bench matrix`, of 81,818 ns per packet (`lanes`, `shared`): scalar multiplications"
                                + " 54,545 ± 455, link frames 5,432 ± 98.7; on top of them journal and receipts 4,321 ±"
                                + " 321 (± half the interquartile",
                        "| `--link udp` | 54,321 | 0 | 65,432 | 0.567 | 234,567 | loss | 0.202 | 0.402 | 0.602 |",
                        "| `--link udp`, best case |  |  | 54,000 |  | 230,000 | loss |",
                        "| `--link tcp`, best case |  |  | 43,210 | 1.25 | 198,765 | backpressure |")
                .doesNotContain("stale", OLDER);
        Files.writeString(readme, "no place");
        assertThatThrownBy(() -> ReportPages.write(results, Optional.of(readme)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no place for figures");
    }

    @Test
    void thePercentileCurveComesFromTheHistogramWhereThereIsOne() throws IOException {
        ResultsFixture.report(results);

        assertThat(results.resolve("index.html"))
                .content()
                .contains("{\"name\":\"relay at 95"
                        + " %\",\"points\":[[1.0,100.0],[2.0,203.0],[10.0,303.0],[100.0,412.345]]}")
                .contains("{\"name\":\"relay at 50 %\",\"points\":[[2.0,201.0],[10.0,301.0],[100.0,401.0]");
    }

    @Test
    void theSameRunsGiveTheSameBytes() throws IOException {
        ResultsFixture.report(results);
        final Map<String, String> first = bytes();
        ResultsFixture.report(results);

        assertThat(bytes()).isEqualTo(first).hasSize(24);
    }

    @Test
    void aRunThatIsNamedTwiceCountsOnceAndAsTheNewest() throws IOException {
        final Path index = results.resolve("index.jsonl");
        Files.writeString(index, Files.readString(index) + "\n{\"run\":\"" + OLDER + "\"}\n");

        assertThat(KeptRuns.read(results)).extracting(KeptRun::name).containsExactly(OLDER, NEWER);
    }

    @Test
    void runsOfBenchAreOneCurveOnlyInTheSameCase() throws IOException {
        final Path best = Files.createDirectories(results.resolve("best"));
        final Path ordinary = Files.createDirectories(results.resolve("ordinary"));
        Files.writeString(best.resolve("bench-auto-shared.json"), "{\"hopLadders\":1,\"threading\":\"shared\"}");
        Files.writeString(
                ordinary.resolve("bench-auto-shared.json"),
                "{\"hopLadders\":2,\"threading\":\"shared\",\"circumstances\":\"ordinary\"}");

        assertThat(Report.of(List.of(KeptRuns.run(ordinary, "b"), KeptRuns.run(best, "a")))
                        .historyFigures()
                        .getFirst()
                        .series())
                .extracting(Figure.Series::name)
                .containsExactly("auto-shared, best case", "auto-shared, ordinary case");
    }

    @Test
    void aKneeThatThePoolOfPacketsEndedSaysSoWhereverItIsShown() throws IOException {
        final Path knee = results.resolve(NEWER).resolve("knee/knee.json");
        Files.writeString(knee, Files.readString(knee).replaceFirst("\\{", "{ \"kneePoolLimited\": true,"));

        ResultsFixture.report(results);

        assertThat(results.resolve("README.md"))
                .content()
                .contains(
                        "| relay: the knee | at least 54,321 | 0.567 | the packets prepared | 0 |",
                        "| relay: half point | 65,432 |  |  |  |",
                        "Not enough packets were prepared to try a higher rate",
                        "| auto-shared, best case | 0.333 | 99,999 | at least 54,321 |");
        assertThat(ReadmeFigures.block(KeptRuns.read(results)))
                .contains(
                        "| `--link udp` | at least 54,321 | 0 | 65,432 | 0.567 | 234,567 | the packets prepared | 0.202 |",
                        "Not enough packets were prepared to try a higher rate");
    }

    @Test
    void theReadmeShowsTheLevelsOfTheKernelsNextToEachOtherWhereTheRunHasThem() throws IOException {
        final Path run = results.resolve(NEWER);
        assertThat(ReadmeFigures.block(KeptRuns.read(results))).doesNotContain("lanes:avx2", "Nym");

        Files.writeString(run.resolve("level-sodium-mr1.json"), level(2.5, 80_000, 12_500));
        Files.writeString(run.resolve("level-avx2-mr1.json"), level(1.25, 40_000, 25_000));
        Files.writeString(run.resolve("level-avx2-mr2.json"), level(0.625, 20_000, 50_000));

        final String block = ReadmeFigures.block(KeptRuns.read(results));
        assertThat(block)
                .containsSubsequence(
                        "| `sodium` | 2.50 |  | 80,000 |  | 12,500 |  |",
                        "| `lanes:avx2` | 1.25 | 0.625 | 40,000 | 20,000 | 25,000 | 50,000 |",
                        "| Nym Outfox (Rust) |  | 1.56 |",
                        "| Nym sphinx-packet (Rust) | 2.85 |  |")
                .doesNotContain("lanes:ifma");
        ResultsFixture.report(results);
        assertThat(results.resolve("README.md")).content().doesNotContain("level-");
    }

    private static String level(double ladders, int ns, int rate) {
        return "{\"hopLadders\":" + ladders + ",\"cpuNsPerPacket\":" + ns + ",\"packetsPerSecondPerCore\":" + rate
                + "}";
    }

    @Test
    void theHistoryTellsProcessorsApart() throws IOException {
        final Path environment = results.resolve(OLDER).resolve("environment.txt");
        Files.writeString(environment, "processor: AMD EPYC\nprocessor features: avx2 avx512f avx512ifma\n");

        assertThat(Report.of(KeptRuns.read(results)).historyFigures().getFirst().categories())
                .containsExactly(
                        "2026-01-01 aaaaaaa, AMD EPYC, AVX-512 IFMA",
                        "2026-01-02 bbbbbbb, made up <for tests> & nothing else");
    }

    @Test
    void anEmptyIndexIsAReportWithoutRuns() throws IOException {
        Files.writeString(results.resolve("index.jsonl"), "");

        ResultsFixture.report(results);

        assertThat(results.resolve("README.md")).content().contains("No run is kept yet.");
    }

    @Test
    void whatCannotBeReadIsRefusedByName() throws IOException {
        assertFails("no kept runs", results.resolve("none"));
        Files.writeString(results.resolve(OLDER).resolve("matrix.json"), "{}");
        assertFails("without its chart", results);
        Files.delete(results.resolve(OLDER).resolve("matrix.json"));
        Files.writeString(results.resolve(OLDER).resolve("jmh.json"), "[{");
        assertFails("jmh.json", results);
        Files.writeString(results.resolve("index.jsonl"), "{\"run\":\"2026-01-03-gone\"}\n");
        assertFails("2026-01-03-gone", results);
        Files.writeString(results.resolve("index.jsonl"), "{\"run\":\"../elsewhere\"}\n");
        assertFails("not the name of a run", results);
        assertThat(results.resolve("README.md")).doesNotExist();
    }

    @Test
    void theKeptReportIsTheOneOfTheKeptRuns() throws IOException {
        final Report report = Report.of(KeptRuns.read(KEPT));

        assertThat(KEPT.resolve("README.md"))
                .as("out of date: run perf-scripts/report")
                .hasContent(MarkdownReport.of(report));
        assertThat(KEPT.resolve("index.html"))
                .as("out of date: run perf-scripts/report")
                .hasContent(HtmlReport.of(report));
        assertThat(Path.of("..", "..", "README.md"))
                .as("out of date: run perf-scripts/report")
                .content()
                .contains(ReadmeFigures.block(KeptRuns.read(KEPT)));
        assertThat(ChartFiles.chosen(report).values())
                .isNotEmpty()
                .allSatisfy(figure -> assertThat(KEPT.resolve(figure.file())).isRegularFile());
    }

    private static void assertFails(String why, Path folder) {
        assertThatThrownBy(() -> ReportPages.write(folder, Optional.empty()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(why);
    }

    private Map<String, String> bytes() throws IOException {
        final Map<String, String> content = new TreeMap<>();
        try (Stream<Path> found = Files.walk(results)) {
            for (Path each : found.filter(Files::isRegularFile).toList()) {
                content.put(each.toString(), new String(Files.readAllBytes(each), StandardCharsets.ISO_8859_1));
            }
        }
        return content;
    }

    private static int blue(Path file) throws IOException {
        final BufferedImage image = ImageIO.read(file.toFile());
        int count = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                count += (image.getRGB(x, y) & 0xFFFFFF) == BLUE ? 1 : 0;
            }
        }
        return count;
    }
}

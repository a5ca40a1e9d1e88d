package io.millrace.rig.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.rig.chart.LineChart.Mark;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pictures, looked at by their pixels. */
class ChartStyleTest {
    /** Least distance of two colours in the RGB cube of 255 a side. */
    private static final double LEAST_DISTANCE = 50;

    @TempDir
    private Path folder;

    @Test
    void tenSeriesHaveTenColours() {
        assertThat(ChartStyle.COLORS).isGreaterThanOrEqualTo(12);
        for (int a = 0; a < ChartStyle.COLORS; a++) {
            for (int b = 0; b < a; b++) {
                assertThat(distance(ChartStyle.color(a), ChartStyle.color(b)))
                        .as("%d and %d", a, b)
                        .isGreaterThan(LEAST_DISTANCE);
            }
        }
    }

    @Test
    void thePageHasTheSameColours() throws IOException {
        try (InputStream script = ChartStyle.class.getResourceAsStream("/io/millrace/rig/report/report.js")) {
            final String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
            final String colors = text.substring(text.indexOf("const colors = ["), text.indexOf("];"));
            assertThat(Arrays.stream(colors.split("'", -1)).filter(each -> each.startsWith("#")))
                    .containsExactlyElementsOf(IntStream.range(0, ChartStyle.COLORS)
                            .mapToObj(i -> String.format(
                                    Locale.ROOT, "#%06x", ChartStyle.color(i).getRGB() & 0xFF_FF_FF))
                            .toList());
        }
    }

    /** From corner to corner: only a line has its colour in the middle of the picture's width and far from both points. */
    @ParameterizedTest
    @EnumSource(Mark.class)
    void onlyLinesJoinPoints(Mark mark) throws IOException {
        final Path file = folder.resolve("chart.png");
        new LineChart("title", "x", "y")
                .add("series", new double[] {1, 2}, new double[] {1, 2}, mark)
                .write(file);

        final BufferedImage image = ImageIO.read(file.toFile());
        int columns = 0;
        for (int x = 300; x < 700; x++) {
            for (int y = 0; y < image.getHeight(); y++) {
                if (distance(new Color(image.getRGB(x, y)), ChartStyle.color(0)) < LEAST_DISTANCE) {
                    columns++;
                    break;
                }
            }
        }
        if (mark == Mark.POINTS) {
            assertThat(columns).isZero();
        } else {
            assertThat(columns).isGreaterThan(100);
        }
    }

    /** Nothing was lost at any rate: the points lie on the lower edge, and no room is left for less than nothing. */
    @Test
    void anAxisOfZerosBeginsAtZero() throws IOException {
        final Path file = folder.resolve("zeros.png");
        new LineChart("title", "x", "y")
                .add("series", new double[] {1, 2}, new double[] {0, 0}, Mark.POINTS)
                .write(file);

        final BufferedImage image = ImageIO.read(file.toFile());
        for (int y = 0; y < image.getHeight() * 3 / 4; y++) {
            for (int x = 0; x < image.getWidth() * 2 / 3; x++) {
                assertThat(distance(new Color(image.getRGB(x, y)), ChartStyle.color(0)))
                        .as("%d, %d", x, y)
                        .isGreaterThan(LEAST_DISTANCE);
            }
        }
    }

    private static double distance(Color a, Color b) {
        return Math.sqrt(Math.pow(a.getRed() - b.getRed(), 2)
                + Math.pow(a.getGreen() - b.getGreen(), 2)
                + Math.pow(a.getBlue() - b.getBlue(), 2));
    }
}

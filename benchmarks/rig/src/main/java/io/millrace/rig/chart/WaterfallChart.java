package io.millrace.rig.chart;

import io.millrace.files.WholeFile;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/**
 * Lying bars that float, each from where another one ends, in panels one below the other: the parts of a
 * sum and their changes. Drawn by hand, since XChart has neither floating nor lying bars.
 *
 * <p>Built once, written once; not thread safe.
 */
public final class WaterfallChart {
    /** Meaning of a bar. */
    public enum Kind {
        /** A sum, from zero. */
        TOTAL(ChartStyle.color(0)),
        /** A part that the sum has anyway. */
        PART(ChartStyle.color(4)),
        /** More than before. */
        MORE(ChartStyle.color(1)),
        /** Less than before. */
        LESS(ChartStyle.color(2));

        private final Color color;

        Kind(Color color) {
            this.color = color;
        }
    }

    /**
     * One bar.
     *
     * @param from where it begins, in the unit of the axis.
     * @param to where it ends.
     * @param spread to both sides of its end; 0 if unknown.
     * @param text next to it.
     */
    public record Bar(String label, double from, double to, double spread, Kind kind, String text) {}

    private record Panel(String title, List<Bar> bars, double reference) {}

    private static final int SCALE = 2;
    private static final int MARGIN = 24;
    private static final int LABEL_WIDTH = 250;
    private static final int TEXT_WIDTH = 190;
    private static final int ROW = 26;
    private static final int BAR = 16;
    private static final int HEAD = 66;
    private static final int PANEL_HEAD = 36;
    private static final int AXIS = 46;
    private static final int TICKS = 7;
    /** From so many times the reference on, a bar is cut off. */
    private static final double LONGEST = 4;

    private static final Color INK = new Color(0x22, 0x22, 0x22);
    private static final Color PALE = new Color(0x77, 0x77, 0x77);

    private final String title;
    private final String subtitle;
    private final String axis;
    private final List<Panel> panels = new ArrayList<>();

    /** An empty chart; {@code axis} names the unit of all values. */
    public WaterfallChart(String title, String subtitle, String axis) {
        this.title = title;
        this.subtitle = subtitle;
        this.axis = axis;
    }

    /**
     * Adds a panel below those before; one without bars is left out.
     *
     * @param reference a value that is marked by a line through all bars.
     */
    public WaterfallChart panel(String heading, List<Bar> bars, double reference) {
        if (!bars.isEmpty()) {
            panels.add(new Panel(heading, List.copyOf(bars), reference));
        }
        return this;
    }

    /**
     * Writes the chart as a PNG.
     *
     * @param file made, or replaced as a whole.
     * @throws IOException if it cannot be written; a file that is there stays as it was.
     */
    public void write(Path file) throws IOException {
        System.setProperty("java.awt.headless", "true");
        final int height = HEAD
                + panels.stream()
                        .mapToInt(panel -> PANEL_HEAD + panel.bars().size() * ROW + AXIS)
                        .sum()
                + MARGIN / 2;
        final BufferedImage image =
                new BufferedImage(ChartStyle.WIDTH * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
        final Graphics2D to = image.createGraphics();
        try {
            to.scale(SCALE, SCALE);
            to.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            to.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            to.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
            to.setColor(Color.WHITE);
            to.fillRect(0, 0, ChartStyle.WIDTH, height);
            text(to, title, MARGIN, 32, ChartStyle.titleFont(), INK);
            text(to, subtitle, MARGIN, 54, ChartStyle.textFont(), PALE);
            int top = HEAD;
            for (Panel panel : panels) {
                draw(to, panel, top);
                top += PANEL_HEAD + panel.bars().size() * ROW + AXIS;
            }
        } finally {
            to.dispose();
        }
        WholeFile.replace(file, out -> {
            if (!ImageIO.write(image, "png", out)) {
                throw new IOException("this JDK writes no PNG: " + file);
            }
        });
    }

    private void draw(Graphics2D to, Panel panel, int top) {
        text(to, panel.title(), MARGIN, top + 22, ChartStyle.textFont().deriveFont(Font.BOLD), INK);
        final int left = MARGIN + LABEL_WIDTH;
        final int right = ChartStyle.WIDTH - MARGIN - TEXT_WIDTH;
        final int from = top + PANEL_HEAD;
        final int below = from + panel.bars().size() * ROW;
        final double longest = panel.bars().stream()
                .mapToDouble(bar -> Math.max(bar.from(), bar.to()) + bar.spread())
                .max()
                .orElseThrow();
        final double shown = Math.min(longest, LONGEST * panel.reference());
        final double step = step(shown / TICKS);
        final double end = Math.max(step, Math.ceil(shown / step) * step);
        final double unit = (right - left) / end;
        for (double tick = 0; tick <= end + step / 2; tick += step) {
            to.setColor(ChartStyle.GRID);
            to.setStroke(new BasicStroke(1));
            to.draw(new Line2D.Double(left + tick * unit, from, left + tick * unit, below));
            centred(to, number(tick, step), left + tick * unit, below + 18);
        }
        centred(to, axis, (left + right) / 2.0, below + 36);
        to.setColor(ChartStyle.color(0));
        to.setStroke(new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 1, new float[] {4, 3}, 0));
        to.draw(new Line2D.Double(left + panel.reference() * unit, from, left + panel.reference() * unit, below));
        for (int i = 0; i < panel.bars().size(); i++) {
            draw(to, panel.bars().get(i), from + i * ROW, left, right, unit);
        }
    }

    private static void draw(Graphics2D to, Bar bar, int top, int left, int right, double unit) {
        final FontMetrics metrics = to.getFontMetrics(ChartStyle.textFont());
        final int baseline = top + (ROW + metrics.getAscent() - metrics.getDescent()) / 2;
        text(to, bar.label(), left - 12 - metrics.stringWidth(bar.label()), baseline, ChartStyle.textFont(), INK);
        final double limit = (right - left) / unit;
        final double low = Math.clamp(Math.min(bar.from(), bar.to()), 0, limit);
        final double high = Math.clamp(Math.max(bar.from(), bar.to()), 0, limit);
        final double x = left + low * unit;
        final double width = Math.max(1.5, (high - low) * unit);
        final double y = top + (ROW - BAR) / 2.0;
        to.setColor(bar.kind().color);
        to.fill(new RoundRectangle2D.Double(x, y, width, BAR, 3, 3));
        if (Math.max(bar.from(), bar.to()) > limit) {
            cut(to, right, y);
        } else if (bar.spread() > 0) {
            whisker(to, left + bar.to() * unit, bar.spread() * unit, top + ROW / 2.0, left);
        }
        text(to, bar.text(), right + 14, baseline, ChartStyle.textFont(), INK);
    }

    /** Two white strokes through the end of a bar that is longer than there is room. */
    private static void cut(Graphics2D to, double right, double y) {
        to.setColor(Color.WHITE);
        to.setStroke(new BasicStroke(3));
        for (double back : new double[] {16, 26}) {
            to.draw(new Line2D.Double(right - back, y + BAR, right - back + 8, y));
        }
    }

    private static void whisker(Graphics2D to, double x, double reach, double y, double left) {
        to.setColor(INK);
        to.setStroke(new BasicStroke(1.2f));
        final double from = Math.max(left, x - reach);
        to.draw(new Line2D.Double(from, y, x + reach, y));
        to.draw(new Line2D.Double(from, y - 4, from, y + 4));
        to.draw(new Line2D.Double(x + reach, y - 4, x + reach, y + 4));
    }

    private static void text(Graphics2D to, String text, double x, double y, Font font, Color color) {
        to.setFont(font);
        to.setColor(color);
        to.drawString(text, (float) x, (float) y);
    }

    private static void centred(Graphics2D to, String text, double x, double y) {
        final Rectangle2D bounds = to.getFontMetrics(ChartStyle.textFont()).getStringBounds(text, to);
        text(to, text, x - bounds.getWidth() / 2, y, ChartStyle.textFont(), PALE);
    }

    /** The smallest of 1, 2, 5, 10, ... that is not below {@code least}. */
    private static double step(double least) {
        final double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * power >= least) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private static String number(double value, double step) {
        return String.format(Locale.ROOT, step < 0.1 ? "%,.2f" : step < 1 ? "%,.1f" : "%,.0f", value);
    }
}

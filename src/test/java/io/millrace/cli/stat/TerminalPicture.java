package io.millrace.cli.stat;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;

/**
 * Makes the picture of the operator's guide from all that {@code stat --watch} has written to a terminal: its last frame.
 *
 * <p>To make it anew: {@code script -c './millrace stat --watch FOLDER' FILE} in a terminal, then this program with FILE and
 * the name of the picture.
 */
final class TerminalPicture {
    private static final Pattern CODE = Pattern.compile("\u001b\\[([0-9;]*)m");
    private static final String FRAME = "\u001b[H";
    private static final String FRAME_END = "\u001b[J";
    private static final int MARGIN = 12;
    private static final int SIZE = 13;
    private static final Color BACKGROUND = new Color(0x1b, 0x1f, 0x27);
    private static final Color TEXT = new Color(0xd8, 0xde, 0xe9);
    private static final Color BRIGHT = Color.WHITE;
    private static final Color FAINT = new Color(0x7b, 0x85, 0x96);
    private static final Color GREEN = new Color(0x8c, 0xc8, 0x6a);
    private static final Color YELLOW = new Color(0xe5, 0xc0, 0x5b);
    private static final Color RED = new Color(0xe8, 0x6b, 0x6b);

    private TerminalPicture() {}

    /** Reads the first file, writes the second. */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            throw new IllegalArgumentException(
                    "takes two arguments: the recording of a terminal, and the picture to write");
        }
        System.setProperty("java.awt.headless", "true");
        final String frame = lastFrame(args[0], Files.readString(Path.of(args[0]), StandardCharsets.UTF_8));
        ImageIO.write(
                draw(frame.replace("\u001b[K", "").replace("\r", "").lines().toList()),
                "png",
                Path.of(args[1]).toFile());
    }

    /** The last frame that is whole. */
    static String lastFrame(String file, String recording) {
        final int end = recording.lastIndexOf(FRAME_END);
        final int begin = end < 0 ? -1 : recording.lastIndexOf(FRAME, end);
        if (begin < 0) {
            throw new IllegalArgumentException(
                    file + ": has no whole frame of stat --watch; record it with script -c, in a"
                            + " terminal, for two seconds or more");
        }
        return recording.substring(begin + FRAME.length(), end);
    }

    private static BufferedImage draw(List<String> lines) {
        final Font font = new Font(Font.MONOSPACED, Font.PLAIN, SIZE);
        final FontMetrics metrics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB)
                .createGraphics()
                .getFontMetrics(font);
        final int columns = lines.stream()
                .mapToInt(line -> CODE.matcher(line).replaceAll("").length())
                .max()
                .orElse(1);
        final BufferedImage picture = new BufferedImage(
                2 * MARGIN + columns * metrics.charWidth('0'),
                2 * MARGIN + lines.size() * metrics.getHeight(),
                BufferedImage.TYPE_INT_RGB);
        final Graphics2D graphics = picture.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setColor(BACKGROUND);
        graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        int y = MARGIN + metrics.getAscent();
        for (String line : lines) {
            draw(line, font, graphics, y);
            y += metrics.getHeight();
        }
        graphics.dispose();
        return picture;
    }

    private static void draw(String line, Font font, Graphics2D graphics, int y) {
        final int width = graphics.getFontMetrics(font).charWidth('0');
        int x = MARGIN;
        int from = 0;
        String code = "0";
        final Matcher matcher = CODE.matcher(line);
        while (from < line.length()) {
            final boolean found = matcher.find(from);
            final String text = line.substring(from, found ? matcher.start() : line.length());
            graphics.setColor(colour(code));
            graphics.setFont(code.contains("1") && !code.contains("2") ? font.deriveFont(Font.BOLD) : font);
            graphics.drawString(text, x, y);
            x += text.length() * width;
            code = found ? matcher.group(1) : code;
            from = found ? matcher.end() : line.length();
        }
    }

    private static Color colour(String code) {
        return switch (code) {
            case "1" -> BRIGHT;
            case "2" -> FAINT;
            case "32" -> GREEN;
            case "33" -> YELLOW;
            case "31;1" -> RED;
            default -> TEXT;
        };
    }
}

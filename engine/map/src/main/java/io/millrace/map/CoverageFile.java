package io.millrace.map;

import io.millrace.receipt.ReceiptIndex.Coverage;
import io.millrace.tlog.Hash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The file {@code coverage} of an index that was closed: a line with the size and the root of the log, then a line for each
 * map with its number and the index of its first receipt. The next opening deletes it, so that a killed process leaves none.
 */
final class CoverageFile {
    private static final String FIRST = "millrace-receipt-index";
    private static final String VERSION = "1";

    private final Path file;

    CoverageFile(Path directory) {
        this.file = directory.resolve("coverage");
    }

    /**
     * Content of the file.
     *
     * @param coverage of the index.
     * @param generations maps, the oldest first; empty if there is nothing to go on with.
     */
    record Content(Coverage coverage, List<Start> generations) {}

    /**
     * A map.
     *
     * @param number of the generation, 0 or more.
     * @param from index of its first receipt, 0 or more.
     */
    record Start(int number, long from) {}

    /** Reads and deletes the file; what cannot be read is no content. */
    Content take() throws IOException {
        final Content none = new Content(Coverage.NONE, new ArrayList<>());
        if (!Files.exists(file)) {
            return none;
        }
        final List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        Files.delete(file);
        try {
            final String[] head = lines.getFirst().split(" ", -1);
            if (head.length != 4 || !head[0].equals(FIRST) || !head[1].equals(VERSION)) {
                return none;
            }
            final List<Start> starts = new ArrayList<>();
            for (String line : lines.subList(1, lines.size())) {
                final String[] words = line.split(" ", -1);
                starts.add(new Start(Integer.parseUnsignedInt(words[0]), Long.parseUnsignedLong(words[1])));
            }
            final Hash root = Hash.of(HexFormat.of().parseHex(head[3]));
            return new Content(new Coverage(Long.parseUnsignedLong(head[2]), root), starts);
        } catch (RuntimeException e) {
            return none; // written by another program: the index is made anew
        }
    }

    /** Writes the file. */
    void leave(Content content) throws IOException {
        final StringBuilder text = new StringBuilder(FIRST + " " + VERSION + " ")
                .append(content.coverage.size())
                .append(' ')
                .append(HexFormat.of().formatHex(content.coverage.root().toBytes()))
                .append('\n');
        content.generations.forEach(
                each -> text.append(each.number).append(' ').append(each.from).append('\n'));
        WholeFile.write(file, StandardCharsets.US_ASCII.encode(text.toString()));
    }
}

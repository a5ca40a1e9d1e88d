package io.millrace.cli.tidy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rules that the tree does not keep yet, with the number of places that may still break each.
 *
 * <p>A ceiling only falls: more findings than it allows fail the build, and so do fewer, until the ceiling is lowered in the
 * same commit. A line of the file is {@code rule<space>place<space>number}; {@code #} begins a comment.
 */
final class Ceilings {
    private final Map<String, Integer> allowed = new TreeMap<>();

    /** Parses the lines of the file. */
    Ceilings(List<String> lines) {
        for (String line : lines) {
            if (!line.isBlank() && !line.startsWith("#")) {
                final String[] fields = line.strip().split("\\s+", -1);
                if (fields.length != 3
                        || allowed.put(fields[0] + " " + fields[1], Integer.valueOf(fields[2])) != null) {
                    throw new IllegalArgumentException("ceiling: " + line);
                }
            }
        }
    }

    static Ceilings read(Path file) throws IOException {
        return new Ceilings(Files.readAllLines(file));
    }

    /**
     * Compares.
     *
     * @param rule name as in the file
     * @param found number of findings by place; places without any may be left out
     * @return lines that a person reads: places above their ceiling, and ceilings that can be lowered; empty if neither
     */
    List<String> complaints(String rule, Map<String, Integer> found) {
        final List<String> complaints = new ArrayList<>();
        found.forEach((place, count) -> {
            final int most = allowed.getOrDefault(rule + " " + place, 0);
            if (count > most) {
                complaints.add(rule + " " + place + ": " + count + ", allowed are " + most);
            }
        });
        allowed.forEach((key, most) -> {
            final String[] fields = key.split(" ", 2);
            final int count = found.getOrDefault(fields[1], 0);
            if (fields[0].equals(rule) && count < most) {
                complaints.add(key + ": " + count + ", lower its ceiling of " + most + " in ceilings.txt");
            }
        });
        return complaints;
    }
}

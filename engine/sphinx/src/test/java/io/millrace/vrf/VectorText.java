package io.millrace.vrf;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the vector files of these tests: {@code name = value} lines, blank lines between vectors, # comments. */
final class VectorText {
    private VectorText() {}

    static List<Map<String, String>> read(String resource) {
        final List<Map<String, String>> vectors = new ArrayList<>();
        Map<String, String> vector = new LinkedHashMap<>();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(VectorText.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.isBlank() && !vector.isEmpty()) {
                    vectors.add(vector);
                    vector = new LinkedHashMap<>();
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    final String[] parts = line.split("=", 2);
                    vector.put(parts[0].strip(), parts[1].strip());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
        if (!vector.isEmpty()) {
            vectors.add(vector);
        }
        return vectors;
    }
}

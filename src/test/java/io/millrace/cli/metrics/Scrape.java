package io.millrace.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One scrape in Prometheus' text format 0.0.4, read by its grammar: every line is a comment or a sample of a family that
 * was declared above it, no series occurs twice, and the buckets of a histogram add up to its count.
 */
public final class Scrape {
    private static final Pattern SAMPLE = Pattern.compile(
            "([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{((?:[^}\"]|\"(?:[^\"\\\\]|\\\\.)*\")*)})? ([-+0-9.eE]+|NaN|[-+]Inf)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final Map<String, String> types = new LinkedHashMap<>();
    private final Map<String, Map<Map<String, String>, Double>> samples = new LinkedHashMap<>();

    private Scrape(String text) {
        assertThat(text).endsWith("\n");
        String family = "";
        for (String line : text.lines().toList()) {
            if (line.startsWith("# TYPE ")) {
                final String[] words = line.split(" ", -1);
                family = words[2];
                assertThat(types.put(family, words[3])).as(line).isNull();
                assertThat(words[3]).as(line).isIn("counter", "gauge", "histogram");
            } else if (!line.startsWith("# HELP ")) {
                sample(line, family);
            }
        }
        histograms();
    }

    /** Gets and reads a relay's answer at {@code url}. */
    public static Scrape of(String url) throws IOException, InterruptedException {
        final HttpResponse<byte[]> answer = get(url, "text/plain");
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain; version=0.0.4");
        return new Scrape(new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8));
    }

    /** The answer to a scrape that accepts {@code type}. */
    public static HttpResponse<byte[]> get(String url, String type) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            final HttpResponse<byte[]> answer = client.send(
                    HttpRequest.newBuilder(URI.create(url))
                            .header("Accept", type)
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            return answer;
        }
    }

    /** Whether there is a family or series of that name. */
    public boolean has(String name) {
        return types.containsKey(name) || samples.containsKey(name);
    }

    /** The one sample with these labels, names and values in turn, among others. */
    public double value(String name, String... labels) {
        final List<Double> found = samples.getOrDefault(name, Map.of()).entrySet().stream()
                .filter(each -> matches(each.getKey(), labels))
                .map(Map.Entry::getValue)
                .toList();
        assertThat(found).as("%s %s", name, List.of(labels)).hasSize(1);
        return found.getFirst();
    }

    /** All samples of a name together. */
    public double sum(String name) {
        return samples.get(name).values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    /** The values that a label has in the samples of a name, or of the histogram of that name. */
    public Set<String> values(String name, String label) {
        final Set<String> values = new TreeSet<>();
        samples.getOrDefault(name, samples.getOrDefault(name + "_count", Map.of()))
                .keySet()
                .forEach(labels -> {
                    if (labels.containsKey(label)) {
                        values.add(labels.get(label));
                    }
                });
        return values;
    }

    private static boolean matches(Map<String, String> labels, String... wanted) {
        for (int i = 0; i < wanted.length; i += 2) {
            if (!wanted[i + 1].equals(labels.get(wanted[i]))) {
                return false;
            }
        }
        return true;
    }

    private void sample(String line, String family) {
        final Matcher parts = SAMPLE.matcher(line);
        assertThat(parts.matches()).as(line).isTrue();
        final String name = parts.group(1);
        assertThat(name).as(line).startsWith(family);
        final Map<String, String> labels = new TreeMap<>();
        if (parts.group(2) != null) {
            final Matcher label = LABEL.matcher(parts.group(2));
            while (label.find()) {
                assertThat(labels.put(label.group(1), label.group(2))).as(line).isNull();
            }
        }
        final double value =
                parts.group(3).endsWith("Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(parts.group(3));
        assertThat(samples.computeIfAbsent(name, each -> new LinkedHashMap<>()).put(labels, value))
                .as(line)
                .isNull();
    }

    private void histograms() {
        types.forEach((name, type) -> {
            if (type.equals("histogram")) {
                final Map<Map<String, String>, Double> last = new HashMap<>();
                samples.get(name + "_bucket").forEach((labels, count) -> {
                    final Map<String, String> series = new TreeMap<>(labels);
                    assertThat(series.remove("le")).isNotNull();
                    assertThat(count)
                            .as("%s_bucket%s", name, labels)
                            .isGreaterThanOrEqualTo(last.getOrDefault(series, 0.0));
                    last.put(series, count);
                });
                assertThat(last).isEqualTo(samples.get(name + "_count"));
            }
        });
    }
}

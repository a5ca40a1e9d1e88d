import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Holds runs against {@code budget.toml}; started by {@code perf-scripts/gate}, which says how. */
public final class Gate {
    private static final List<String> JMH_SHORT =
            List.of("-f", "1", "-wi", "2", "-w", "1", "-i", "3", "-r", "1", "-rf", "json", "-rff");
    private static final List<String> JVM_FLAGS =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private static final int MEASUREMENTS = 5;

    private final JsonMapper json = new JsonMapper();
    private final Map<String, JsonNode> runs = new LinkedHashMap<>();
    private final String only;
    private final long slowPeelNs;
    private final double slowdown;
    private String kernels;
    private int failed;
    private int checked;

    private Gate(String only, long slowPeelNs, double slowdown) {
        this.only = only;
        this.slowPeelNs = slowPeelNs;
        this.slowdown = slowdown;
    }

    public static void main(String[] args) throws InterruptedException {
        String only = "";
        long slowPeelNs = 0;
        double slowdown = 1;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--only" -> only = argument(args, ++i);
                case "--slow-peel" -> slowPeelNs = (long) number(args, ++i);
                case "--slowdown" -> slowdown = number(args, ++i);
                default -> usage("unknown option: " + args[i]);
            }
        }
        int exitCode = 2;
        try {
            exitCode = new Gate(only, slowPeelNs, slowdown).run(Path.of("perf-scripts/budget.toml"));
        } catch (IOException e) {
            System.err.println("gate: could not be run: " + e.getMessage());
        }
        System.exit(exitCode);
    }

    private static String argument(String[] args, int index) {
        if (index >= args.length) {
            usage("an option lacks its value: " + args[index - 1]);
        }
        return args[index];
    }

    private static double number(String[] args, int index) {
        final String text = argument(args, index);
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            usage("not a number: " + args[index - 1] + "=" + text);
            return Double.NaN;
        }
    }

    private static void usage(String message) {
        System.err.println("gate: " + message + " (see --help)");
        System.exit(2);
    }

    private int run(Path budget) throws IOException, InterruptedException {
        final JsonNode file = new TomlMapper().readTree(Files.readString(budget));
        for (JsonNode check : file.path("bench")) {
            if (wanted(check)) {
                bench(check);
            }
        }
        for (JsonNode check : file.path("jmh")) {
            if (wanted(check)) {
                jmh(check);
            }
        }
        if (checked == 0) {
            System.err.println("gate: no check ran: only=" + only);
            return 2;
        }
        System.out.printf("gate: %d checks, %d over budget%n", checked, failed);
        if (System.out.checkError()) {
            System.err.println("gate: cannot write to standard output");
            return failed == 0 ? 2 : 1;
        }
        return failed == 0 ? 0 : 1;
    }

    private boolean wanted(JsonNode check) throws IOException, InterruptedException {
        if (!check.get("name").asText().contains(only)) {
            return false;
        }
        if (check.has("kept") && !check.get("kept").has(kernels())) {
            System.out.printf(
                    "  -    %s: no figure is kept of a machine with %s%n",
                    check.get("name").asText(), kernels());
            return false;
        }
        return true;
    }

    /** The instructions that the kernels of {@code lanes} use here; why there are none, if there are none. */
    private String kernels() throws IOException, InterruptedException {
        if (kernels == null) {
            final JsonNode doctor = json.readTree(output(List.of("./millrace", "doctor", "--json")));
            kernels = doctor.at("/checks/provider/value")
                    .asText()
                    .replaceFirst(".*: ", "")
                    .replaceFirst(";.*", "");
            if (kernels.startsWith("AVX-512") && splitsVectors()) {
                kernels += " in halves";
            }
        }
        return kernels;
    }

    /** Whether the processor computes 512 bits as two halves, as AMD's family 25 (Zen 4) does: figures are kept apart. */
    private static boolean splitsVectors() throws IOException {
        final Path processors = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(processors)) {
            return false;
        }
        final String text = Files.readString(processors);
        return text.contains("AuthenticAMD")
                && Pattern.compile("cpu family\\s*: 25\n").matcher(text).find();
    }

    /** Other work on the machine makes a figure worse, never better: the best of some measurements counts. */
    private void judged(JsonNode check, Figure figure) throws IOException, InterruptedException {
        double value = figure.measure();
        for (int i = 1; i < MEASUREMENTS && !within(check, value); i++) {
            System.out.printf(
                    Locale.ROOT, "  once more: %s was %.4g%n", check.get("name").asText(), value);
            runs.clear();
            final double again = figure.measure();
            value = check.has("least") ? Math.max(value, again) : Math.min(value, again);
        }
        judge(check, value);
    }

    @FunctionalInterface
    private interface Figure {
        double measure() throws IOException, InterruptedException;
    }

    private void bench(JsonNode check) throws IOException, InterruptedException {
        final JsonNode result = benchRun(check);
        if (check.has("provider")
                && !check.get("provider")
                        .asText()
                        .equals(result.path("provider").asText())) {
            System.out.printf(
                    "  -    %s: this machine runs %s%n", check.get("name").asText(), result.path("provider"));
            return;
        }
        judged(check, () -> {
            final JsonNode figure =
                    benchRun(check).at("/" + check.get("figure").asText().replace('.', '/'));
            if (!figure.isNumber()) {
                throw new IOException(check.get("run").asText() + " prints no number named "
                        + check.get("figure").asText());
            }
            return figure.asDouble();
        });
    }

    private JsonNode benchRun(JsonNode check) throws IOException, InterruptedException {
        final String run = check.get("run").asText();
        if (!runs.containsKey(run)) {
            final List<String> command = new ArrayList<>(List.of("./millrace"));
            command.addAll(List.of(run.split(" ")));
            command.add("--json");
            long slowNs = slowPeelNs;
            if (slowdown > 1) {
                final double ns =
                        json.readTree(output(command)).get("cpuNsPerPacket").asDouble();
                slowNs = Math.round((slowdown - 1) * ns);
            }
            if (slowNs > 0) {
                command.addAll(List.of("--slow-peel", Long.toString(slowNs)));
            }
            runs.put(run, json.readTree(output(command)));
        }
        return runs.get(run);
    }

    private void jmh(JsonNode check) throws IOException, InterruptedException {
        judged(check, () -> {
            final JsonNode results = jmhRun(check);
            return nanos(results, check.get("of").asText())
                    / nanos(results, check.get("to").asText());
        });
    }

    private JsonNode jmhRun(JsonNode check) throws IOException, InterruptedException {
        final String options = check.get("options").asText();
        if (!runs.containsKey(options)) {
            final Path file = Files.createTempFile("gate", ".json");
            try {
                final List<String> command = new ArrayList<>();
                command.add(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
                command.addAll(JVM_FLAGS);
                command.addAll(List.of("-jar", "benchmarks/jmh/target/benchmarks.jar"));
                command.addAll(List.of(options.split(" ")));
                command.addAll(JMH_SHORT);
                command.add(file.toString());
                output(command);
                runs.put(options, json.readTree(Files.readString(file)));
            } finally {
                Files.delete(file);
            }
        }
        return runs.get(options);
    }

    /** The score of the one result that a benchmark has in the run, as time per operation. */
    private static double nanos(JsonNode results, String benchmark) throws IOException {
        final List<JsonNode> found = new ArrayList<>();
        for (JsonNode result : results) {
            if (result.path("benchmark").asText().endsWith("." + benchmark)) {
                found.add(result.path("primaryMetric"));
            }
        }
        if (found.size() != 1) {
            throw new IOException("JMH must have one result of " + benchmark + ": results=" + found.size());
        }
        final JsonNode score = found.getFirst().path("score");
        if (!score.isNumber()) {
            throw new IOException("JMH has no score of " + benchmark);
        }
        return score.asDouble()
                * switch (found.getFirst().path("scoreUnit").asText()) {
                    case "ns/op" -> 1;
                    case "us/op" -> 1e3;
                    case "ms/op" -> 1e6;
                    case "s/op" -> 1e9;
                    default ->
                        throw new IOException(
                                "not a time per operation: " + found.getFirst().path("scoreUnit"));
                };
    }

    private void judge(JsonNode check, double value) throws IOException, InterruptedException {
        checked++;
        final boolean within = within(check, value);
        if (!within) {
            failed++;
        }
        System.out.printf(
                Locale.ROOT,
                "  %-4s %s: %.4g (%s)%n",
                within ? "ok" : "OVER",
                check.get("name").asText(),
                value,
                check.has("least")
                        ? "at least " + check.get("least")
                        : String.format(Locale.ROOT, "at most %.4g", most(check)));
    }

    private boolean within(JsonNode check, double value) throws IOException, InterruptedException {
        return value <= most(check)
                && (!check.has("least") || value >= check.get("least").asDouble());
    }

    /** The bound: a number, or some times the figure that is kept of machines with this one's kernels. */
    private double most(JsonNode check) throws IOException, InterruptedException {
        if (check.has("kept")) {
            return check.get("times").asDouble()
                    * check.get("kept").get(kernels()).asDouble();
        }
        return check.has("most") ? check.get("most").asDouble() : Double.POSITIVE_INFINITY;
    }

    private static String output(List<String> command) throws IOException, InterruptedException {
        System.err.println("gate: " + String.join(" ", command.subList(1, command.size())));
        final Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        final String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        final int exitCode = process.waitFor();
        if (exitCode != 0) {
            throw new IOException("exit code " + exitCode + " of " + String.join(" ", command));
        }
        return out;
    }
}

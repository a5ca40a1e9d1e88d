package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.cli.Millrace;
import io.millrace.cli.ProgramRun;
import io.millrace.cli.metrics.ProtobufHistogram;
import io.millrace.cli.metrics.Scrape;
import io.millrace.node.Node;
import io.millrace.node.config.ConfigFile;
import io.millrace.node.config.RelayFile;
import io.millrace.node.keys.KeyFile;
import io.millrace.relay.packet.Latency;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.packet.Verdict;
import io.millrace.rig.process.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics of a relay in a separate process, through which a file has gone; and the dashboard that shows them. */
class RelayMetricsTest {
    private static final Path DASHBOARD = Path.of("docs/grafana/millrace.json");
    private static final String PROTOBUF =
            "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
    private static final Pattern READY = Pattern.compile("relay r1 is ready at .*; metrics at (http://\\S+/metrics)");
    private static final Pattern METRIC = Pattern.compile("millrace_[a-z_]+");
    private static final Pattern SELECTOR = Pattern.compile("(millrace_[a-z_]+)\\{([^}]*)}");
    private static final Pattern MATCHER = Pattern.compile("([a-z]+)(=|!=|=~|!~)\"([^\"]*)\"");
    private static final int PATIENCE_S = 120;

    @TempDir
    private Path folder;

    private final List<Node> others = new ArrayList<>();
    private Process relay;

    @AfterEach
    void stopAll() {
        others.forEach(Node::close);
        if (relay != null) {
            relay.destroyForcibly();
        }
    }

    @Test
    void theFiguresAreTrueAndTheDashboardKnowsTheirNames() throws Exception {
        DemoFiles.write(folder, "uniform(0ns,1ms)", "udp", FreePorts.find(DemoFiles.count()));
        append("receipts = \"receipts\"", "[engine]");
        append("listen = \"127.0.0.1:0\"", "[metrics]");
        final String url = startRelay();
        startOthers();
        awaitLinks(url);
        move(20_000);
        final int strange = strangers(7);
        final long start = System.nanoTime();
        Scrape scrape = Scrape.of(url);
        List<ProtobufHistogram> stages = stages(url);
        Scrape after = Scrape.of(url);
        // Figures that stay while they are read: answers and receipts may still follow the file.
        while (scrape.value("millrace_packets_total", "verdict", "unknown-peer") < strange
                || scrape.value("millrace_slab_slots") > 0
                || scrape.value("millrace_receipts_appended_total") == 0
                || scrape.sum("millrace_packets_total") != after.sum("millrace_packets_total")
                || scrape.sum("millrace_stage_seconds_count") != after.sum("millrace_stage_seconds_count")) {
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(PATIENCE_S));
            scrape = Scrape.of(url);
            stages = stages(url);
            after = Scrape.of(url);
        }

        checkFigures(scrape, strange);
        checkNativeHistograms(stages, scrape);
        checkDashboard(scrape);

        relay.toHandle().destroy();
        assertThat(relay.waitFor(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
        assertThat(relay.exitValue()).isZero();
    }

    /** A packet for a link that is not up yet is dropped, and sent again: the figures below would count it. */
    private static void awaitLinks(String url) throws Exception {
        final long start = System.nanoTime();
        while (Scrape.of(url).value("millrace_link_up", "peer", "r2") != 1) {
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(PATIENCE_S));
        }
    }

    @Test
    void aPortInUseIsAnErrorOfTheConfiguration() throws Exception {
        DemoFiles.write(folder, "uniform(0ns,1ms)", "udp", FreePorts.find(DemoFiles.count()));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            append("listen = \"127.0.0.1:" + taken.getLocalPort() + "\"", "[metrics]");

            final ProgramRun run = ProgramRun.of(
                    "relay", "--config", DemoFiles.config(folder, "r1").toString());

            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err())
                    .startsWith("millrace: cannot serve metrics at 127.0.0.1:" + taken.getLocalPort() + ": ")
                    .hasLineCount(1);
        }
    }

    private static void checkFigures(Scrape scrape, int strange) {
        assertThat(scrape.value("millrace_packets_received_total") + scrape.value("millrace_packets_originated_total"))
                .isEqualTo(scrape.sum("millrace_packets_total"));
        final double forwarded = scrape.value("millrace_packets_total", "verdict", "forwarded");
        assertThat(forwarded).isGreaterThan(20);
        assertThat(scrape.value("millrace_stage_seconds_count", "stage", "relay"))
                .isEqualTo(forwarded);
        assertThat(scrape.value("millrace_stage_seconds_sum", "stage", "relay")).isPositive();
        assertThat(scrape.value("millrace_packets_total", "verdict", "unknown-peer"))
                .isEqualTo(strange);
        assertThat(scrape.value("millrace_replay_tags")).isEqualTo(forwarded);
        assertThat(scrape.value("millrace_replay_tags_limit")).isEqualTo(1_000_000);
        assertThat(scrape.value("millrace_slab_slots_limit")).isEqualTo(4_096);
        assertThat(scrape.value("millrace_link_up", "peer", "r2")).isEqualTo(1);
        assertThat(scrape.value("millrace_link_hybrid", "peer", "r2")).isEqualTo(1);
        assertThat(scrape.value("millrace_link_handshakes_finished_total", "peer", "sender"))
                .isEqualTo(1);
        assertThat(scrape.value("millrace_peer_queue_packets", "peer", "r2")).isZero();
        assertThat(scrape.value("millrace_receipts_batches_total")).isPositive();
        assertThat(scrape.sum("millrace_receipts_lost_total")).isZero();
        assertThat(scrape.value("millrace_uptime_seconds")).isPositive();
        assertThat(scrape.value("millrace_build_info")).isEqualTo(1);
        final Set<String> verdicts = new TreeSet<>();
        for (Verdict verdict : Verdict.values()) {
            verdicts.add(verdict.label());
        }
        verdicts.remove(Verdict.PENDING.label());
        assertThat(scrape.values("millrace_packets_total", "verdict")).isEqualTo(verdicts);
        final Set<String> stages = new TreeSet<>();
        for (Latency stage : Latency.values()) {
            stages.add(stage.label());
        }
        assertThat(scrape.values("millrace_stage_seconds", "stage")).isEqualTo(stages);
    }

    private static List<ProtobufHistogram> stages(String url) throws Exception {
        return ProtobufHistogram.of(Scrape.get(url, PROTOBUF).body(), "millrace_stage_seconds");
    }

    private static void checkNativeHistograms(List<ProtobufHistogram> stages, Scrape scrape) {
        assertThat(stages).hasSize(Latency.values().length).allSatisfy(each -> {
            assertThat(each.schema()).isEqualTo(3);
            assertThat(each.inNativeBuckets()).isEqualTo(each.count());
            assertThat((double) each.count())
                    .isEqualTo(scrape.value(
                            "millrace_stage_seconds_count",
                            "stage",
                            each.labels().getFirst()));
        });
    }

    /** Every name, label and label's value in the dashboard's queries is one that the relay has. */
    private static void checkDashboard(Scrape scrape) throws IOException {
        int queries = 0;
        final Set<String> shown = new TreeSet<>();
        for (JsonNode panel : new JsonMapper().readTree(DASHBOARD.toFile()).get("panels")) {
            assertThat(panel.get("targets")).as(panel.get("title").asText()).isNotEmpty();
            for (JsonNode target : panel.get("targets")) {
                queries++;
                final String query = target.get("expr").asText();
                final Matcher name = METRIC.matcher(query);
                while (name.find()) {
                    assertThat(scrape.has(name.group())).as(query).isTrue();
                    shown.add(name.group());
                }
                final Matcher selector = SELECTOR.matcher(query);
                while (selector.find()) {
                    checkSelector(scrape, selector.group(1).replaceAll("_bucket$", ""), selector.group(2));
                }
            }
        }
        assertThat(queries).isGreaterThan(20);
        assertThat(shown).contains("millrace_packets_total", "millrace_stage_seconds_bucket", "millrace_wheel_packets");
    }

    private static void checkSelector(Scrape scrape, String name, String matchers) {
        final Matcher matcher = MATCHER.matcher(matchers);
        while (matcher.find()) {
            // Prometheus itself adds the label instance.
            if (!matcher.group(1).equals("instance")) {
                assertThat(scrape.values(name, matcher.group(1)))
                        .as("%s{%s}", name, matchers)
                        .containsAll(List.of(matcher.group(3).split("\\|")));
            }
        }
    }

    private void append(String what, String after) throws IOException {
        final Path config = DemoFiles.config(folder, "r1");
        final String text = Files.readString(config);
        Files.writeString(config, text.replace(after, after + "\n" + what));
    }

    private String startRelay() throws IOException {
        relay = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Millrace.class.getName(),
                        "relay",
                        "--json",
                        "--config",
                        DemoFiles.config(folder, "r1").toString())
                .start();
        final BufferedReader errors = relay.errorReader(StandardCharsets.UTF_8);
        final String ready = errors.readLine();
        final Matcher line = READY.matcher(String.valueOf(ready));
        assertThat(line.matches()).as(ready).isTrue();
        return line.group(1);
    }

    private void startOthers() throws IOException {
        for (String name : List.of("r2", "r3")) {
            final RelayFile file = ConfigFile.relay(DemoFiles.config(folder, name));
            try (KeyFile keys = KeyFile.read(file.relay().key())) {
                others.add(Node.open(file.relay(), keys, file.peers(), file.engine(), RelayListener.NONE));
                others.getLast().engine().start();
            }
        }
    }

    private void move(int length) throws Exception {
        final Path file = Files.write(folder.resolve("file.bin"), new byte[length], StandardOpenOption.CREATE);
        final Path inbox = Files.createDirectory(folder.resolve("inbox"));
        final CompletableFuture<ProgramRun> receiver = CompletableFuture.supplyAsync(
                () -> ProgramRun.of(
                        "receive",
                        "--json",
                        "--once",
                        "--config",
                        DemoFiles.config(folder, DemoFiles.RECEIVER).toString(),
                        "--out",
                        inbox.toString()),
                task -> Thread.ofPlatform().daemon().start(task));
        final ProgramRun sent = ProgramRun.of(
                "send",
                "--json",
                "--config",
                DemoFiles.config(folder, DemoFiles.SENDER).toString(),
                "--to",
                DemoFiles.RECEIVER,
                "--route",
                String.join(",", DemoFiles.RELAYS),
                file.toString());
        assertThat(sent.exitCode()).as(sent.err()).isZero();
        assertThat(receiver.get(PATIENCE_S, TimeUnit.SECONDS).exitCode()).isZero();
    }

    /** Sends datagrams that come from no peer of the relay; how many. */
    private int strangers(int count) throws IOException {
        final RelayFile file = ConfigFile.relay(DemoFiles.config(folder, "r1"));
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            for (int i = 0; i < count; i++) {
                socket.send(
                        new DatagramPacket(new byte[1_000], 1_000, file.relay().listen()));
            }
        }
        return count;
    }
}

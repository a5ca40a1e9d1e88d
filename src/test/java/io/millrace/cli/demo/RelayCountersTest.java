package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import io.millrace.rig.process.FreePorts;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code stat} reads the counters of relays in other processes: while they run, after their end, after SIGKILL. */
class RelayCountersTest {
    private static final int PATIENCE_S = 120;
    private static final int LENGTH = 60_000;
    private static final int STRANGERS = 7;

    @TempDir
    private Path folder;

    private DemoNodes nodes;

    @BeforeEach
    void open() {
        nodes = new DemoNodes(folder);
    }

    @AfterEach
    void killAll() {
        nodes.close();
    }

    @Test
    void theCountersOfARunningRelayAddUpAndOutliveIt() throws Exception {
        DemoFiles.write(folder, "uniform(0ns,5ms)", "udp", FreePorts.find(DemoFiles.count()));
        for (String relay : DemoFiles.RELAYS) {
            nodes.startReady(relay, "relay", "--json");
        }
        final Path received = Files.createDirectory(folder.resolve("received"));
        final Path file = Files.write(folder.resolve("file.bin"), new byte[LENGTH]);
        nodes.startReady(
                DemoFiles.RECEIVER, "receive", "--json", "--once", "--patience", "100", "--out", received.toString());
        nodes.start(
                DemoFiles.SENDER,
                "send",
                "--json",
                "--patience",
                "100",
                "--to",
                DemoFiles.RECEIVER,
                "--route",
                String.join(",", DemoFiles.RELAYS),
                file.toString());
        strangers("r2");

        // While packets pass: every reading adds up, and none goes back.
        long before = 0;
        JsonNode seen = running("r2");
        while (seen.at("/forwarded/total").asLong() < LENGTH / 2_000
                || seen.at("/drops/unknown-peer/total").asLong() < STRANGERS) {
            assertThat(seen.get("received").get("total").asLong()).isGreaterThanOrEqualTo(before);
            before = seen.get("received").get("total").asLong();
            seen = running("r2");
        }
        assertThat(nodes.awaitExit(DemoFiles.SENDER)).isZero();
        seen = await(
                "r2",
                each -> each.get("inFlight").asLong() == 0
                        && each.at("/stages/relay/count").asLong()
                                == each.at("/forwarded/total").asLong());
        assertThat(seen.at("/pid").asLong()).isEqualTo(nodes.child("r2").pid());
        assertThat(seen.at("/drops/unknown-peer/total").asLong()).isEqualTo(STRANGERS);
        assertThat(seen.at("/occupancy/slots/capacity").asLong()).isEqualTo(4_096);
        assertThat(seen.at("/occupancy/replay-tags/used").asLong())
                .isEqualTo(seen.at("/forwarded/total").asLong());
        assertThat(seen.at("/links/r1/up").asBoolean()).isTrue();
        assertThat(seen.at("/links/r3/finished").asLong()).isEqualTo(1);
        assertThat(seen.at("/queues/r3/capacity").asLong()).isPositive();
        assertThat(seen.at("/stages/relay/p50").asLong()).isPositive();
        assertThat(seen.at("/stages/relay/max").asLong())
                .isGreaterThanOrEqualTo(seen.at("/stages/relay/p99").asLong());

        killed("r2", seen);
        stopped("r1");
    }

    /** After SIGKILL the last values are there, and the program says that the process is gone. */
    private void killed(String relay, JsonNode seen) throws Exception {
        nodes.child(relay).kill();
        nodes.awaitExit(relay);

        final ProgramRun run = ProgramRun.inChild("stat", "--json", counters(relay));

        assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
        assertThat(run.json().get("life").asText()).isEqualTo("gone");
        assertThat(run.json().get("conserved").asBoolean()).isTrue();
        for (String flow : new String[] {"received", "forwarded", "dropped"}) {
            assertThat(run.json().get(flow).get("total"))
                    .isEqualTo(seen.get(flow).get("total"));
        }
        final ProgramRun text = ProgramRun.of("stat", counters(relay));
        assertThat(text.exitCode()).isEqualTo(1);
        assertThat(text.out())
                .startsWith("relay " + relay + "  PROCESS GONE  pid "
                        + nodes.child(relay).pid() + ", millrace ")
                .contains("the process ended without stopping in order; last heartbeat at 20")
                .containsPattern("\nforwarded +[0-9,]+ ")
                .containsPattern("\n  unknown-peer +" + STRANGERS + " ");
    }

    /** After SIGTERM the counters are those of the relay's own report. */
    private void stopped(String relay) throws Exception {
        final JsonNode report = nodes.stop(relay).json();

        final ProgramRun run = ProgramRun.of("stat", "--json", counters(relay));

        assertThat(run.exitCode()).isZero();
        assertThat(run.json().get("life").asText()).isEqualTo("stopped");
        for (String flow : new String[] {"received", "forwarded", "delivered", "originated"}) {
            assertThat(run.json().get(flow).get("total").asLong())
                    .as(flow)
                    .isEqualTo(report.get(flow).asLong());
        }
        assertThat(run.json().at("/stages/relay/count").asLong())
                .isEqualTo(report.at("/stages/relay/count").asLong());
        assertThat(ProgramRun.of("stat", counters(relay)).out()).contains("the relay ended in order at 20");
    }

    @Test
    void aRelayThatStandsStillHasNoHeartbeat() throws Exception {
        DemoFiles.write(folder, "uniform(0ns,5ms)", "udp", FreePorts.find(DemoFiles.count()));
        nodes.startReady("r1", "relay", "--json");
        running("r1");
        signal("STOP");
        try {
            final JsonNode stalled =
                    await("r1", each -> each.get("life").asText().equals("stalled"));
            assertThat(stalled.get("ageMs").asLong()).isGreaterThanOrEqualTo(2_000);
            final ProgramRun run = ProgramRun.of("stat", counters("r1"));
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).startsWith("relay r1  NO HEARTBEAT  ").contains("stopped or stalled");
        } finally {
            signal("CONT");
        }
        await("r1", each -> each.get("life").asText().equals("running"));
    }

    /** The file of a relay that runs is cut by another program: the relay says so once, in a line, and goes on. */
    @Test
    void aRelayOutlivesItsCountersFile() throws Exception {
        DemoFiles.write(folder, "uniform(0ns,5ms)", "udp", FreePorts.find(DemoFiles.count()));
        nodes.startReady("r1", "relay", "--json");
        Files.write(folder.resolve("r1.counters/counters.dat"), new byte[0]);

        nodes.await("r1", line -> line.startsWith("the counters are not written any more: their file was cut"));

        final ProgramRun run = nodes.stop("r1");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err().lines().filter(line -> line.contains("counters"))).hasSize(1);
        assertThat(run.err()).doesNotContain("Exception").doesNotContain("\tat ");
    }

    @Test
    void aFolderOfSeveralRelaysIsAnErrorThatNamesThem() throws Exception {
        DemoFiles.write(folder, "uniform(0ns,5ms)", "udp", FreePorts.find(DemoFiles.count()));
        nodes.startReady("r1", "relay", "--json");
        nodes.startReady("r2", "relay", "--json");

        final ProgramRun run = ProgramRun.of("stat", folder.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("millrace: several relays have counters here, name the folder of one:"
                        + " r1.counters, r2.counters: ")
                .hasLineCount(1);
    }

    @Test
    void aSecondRelayInAFolderOfCountersIsRefused() throws Exception {
        DemoFiles.write(folder, "uniform(0ns,5ms)", "udp", FreePorts.find(DemoFiles.count()));
        nodes.startReady("r1", "relay", "--json");
        final Path config = DemoFiles.config(folder, "r2");
        Files.writeString(config, Files.readString(config).replace("r2.counters", "r1.counters"));

        final ProgramRun run = ProgramRun.inChild("relay", "--config", config.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("millrace: another relay writes its counters there; name another folder: ");
        assertThat(running("r1").get("relay").asText()).isEqualTo("r1");
    }

    private String counters(String relay) {
        return folder.resolve(relay + ".counters").toString();
    }

    private JsonNode stat(String relay) throws IOException {
        final ProgramRun run = ProgramRun.of("stat", "--json", counters(relay));
        assertThat(run.out()).as(run.err()).isNotEmpty();
        final JsonNode read = run.json();
        assertThat(read.get("conserved").asBoolean()).as(run.out()).isTrue();
        return read;
    }

    private JsonNode running(String relay) throws IOException {
        final JsonNode read = stat(relay);
        assertThat(read.get("life").asText()).isEqualTo("running");
        return read;
    }

    private JsonNode await(String relay, Predicate<JsonNode> wanted) throws IOException {
        final long start = System.nanoTime();
        JsonNode read = stat(relay);
        while (!wanted.test(read)) {
            assertThat(System.nanoTime() - start).as("%s", read).isLessThan(TimeUnit.SECONDS.toNanos(PATIENCE_S));
            Thread.onSpinWait();
            read = stat(relay);
        }
        return read;
    }

    private void signal(String name) throws Exception {
        final Process kill = new ProcessBuilder(
                        "kill", "-" + name, Long.toString(nodes.child("r1").pid()))
                .start();
        assertThat(kill.waitFor()).isZero();
    }

    private void strangers(String relay) throws IOException {
        final int port = io.millrace.node.config.ConfigFile.relay(DemoFiles.config(folder, relay))
                .relay()
                .listen()
                .getPort();
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            for (int i = 0; i < STRANGERS; i++) {
                socket.send(new DatagramPacket(new byte[1_000], 1_000, InetAddress.ofLiteral("127.0.0.1"), port));
            }
        }
    }
}

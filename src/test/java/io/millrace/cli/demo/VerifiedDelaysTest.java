package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import io.millrace.node.keys.KeyFile;
import io.millrace.rig.process.FreePorts;
import io.millrace.sphinx.SphinxProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sender of real processes checks the delays of its packets: probes, disclosures, verdict. */
class VerifiedDelaysTest {
    private static final int PROBES = 60;
    private static final long PATIENCE_S = 120;

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
    void aSenderVerifiesTheDelaysOfItsOwnPackets() throws Exception {
        DemoFiles.write(
                folder,
                "exponential(100ms,1s)",
                new DemoWire("udp", SphinxProfile.MR2),
                FreePorts.find(DemoFiles.count()),
                Duration.ofSeconds(6));
        final Path received = Files.createDirectory(folder.resolve("received"));
        final Path file = Files.write(folder.resolve("file.bin"), new byte[50_000]);
        final Path probes = folder.resolve("probes.jsonl");
        for (String relay : DemoFiles.RELAYS) {
            nodes.startReady(relay, "relay");
        }
        nodes.startReady(DemoFiles.RECEIVER, "receive", "--once", "--patience", "100", "--out", received.toString());

        final ProgramRun sent = ProgramRun.of(
                "send",
                "--json",
                "--patience",
                "100",
                "--config",
                DemoFiles.config(folder, DemoFiles.SENDER).toString(),
                "--to",
                DemoFiles.RECEIVER,
                "--route",
                String.join(",", DemoFiles.RELAYS),
                "--verify-delays",
                probes.toString(),
                "--probes",
                String.valueOf(PROBES),
                "--probe-gap-ms",
                "20",
                file.toString());

        assertThat(sent.exitCode()).as(sent.err()).isZero();
        final int returned = sent.json().path("probesReturned").asInt();
        assertThat(returned).isPositive();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(probes)))
                .isEqualTo("rw-------");

        final ProgramRun verdict = verdictWithoutWaiting(probes);
        assertThat(verdict.exitCode()).as(verdict.out() + verdict.err()).isZero();
        final JsonNode judged = verdict.json().path("probes");
        assertThat(judged.path("judged").asInt()).isEqualTo(returned);
        assertThat(judged.path("early").asInt()).isZero();
        assertThat(judged.path("relays")).hasSize(DemoFiles.RELAYS.size());

        Files.writeString(probes, Files.readString(probes).replaceAll("\"elapsedNs\":[0-9]+", "\"elapsedNs\":0"));
        final ProgramRun refused = verdictWithoutWaiting(probes);
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.json().path("probes").path("early").asInt()).isPositive();
    }

    /** Fetches until every probe's epochs are disclosed. */
    private ProgramRun verdictWithoutWaiting(Path probes) throws IOException, InterruptedException {
        final List<String> identities = new ArrayList<>();
        for (String relay : DemoFiles.RELAYS) {
            try (KeyFile keys = KeyFile.read(folder.resolve(relay + ".key"))) {
                identities.add(keys.publicIdentity().identity());
            }
        }
        final String known = folder.resolve("known").toString();
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (true) {
            for (int i = 0; i < identities.size(); i++) {
                final ProgramRun fetched = ProgramRun.of(
                        "delays",
                        "fetch",
                        "--from",
                        folder.resolve(DemoFiles.RELAYS.get(i) + ".public").toString(),
                        "--identity",
                        identities.get(i),
                        "--out",
                        known);
                assertThat(fetched.exitCode()).as(fetched.err()).isZero();
            }
            final ProgramRun run = ProgramRun.of(
                    "delays",
                    "verify",
                    "--json",
                    "--disclosures",
                    known,
                    "--identity",
                    String.join(",", identities),
                    "--probes",
                    probes.toString());
            if (run.exitCode() != 0 || run.json().path("probes").path("waiting").asInt() == 0) {
                return run;
            }
            assertThat(deadline - System.nanoTime())
                    .as("waits in vain: %s", run.out())
                    .isPositive();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }
}

package io.millrace.cli.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.ProgramRun;
import io.millrace.cli.console.ExitCode;
import io.millrace.crypto.SecureRandomness;
import io.millrace.http.DocumentSource;
import io.millrace.node.LinkComplaints;
import io.millrace.node.RelayNode;
import io.millrace.node.config.ConfigFile;
import io.millrace.node.config.RelayFile;
import io.millrace.node.keys.KeyFile;
import io.millrace.node.keys.PublicIdentity;
import io.millrace.relay.epoch.NetworkClock;
import io.millrace.rig.process.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Relays r1 and r2 between alice and bob; no file has a section {@code [epochs]}, and all name each other by public key. */
class FixedKeysTest {
    private static final List<String> ROW = List.of("alice", "r1", "r2", "bob");
    private static final long PATIENCE_S = 60;
    private static final String ENGINE = """
        [engine]
        threading = "shared"
        wait = "backoff"
        replay-tags = 10000
        delay = "uniform(0ns,1ms)"
        """;

    @TempDir
    private Path folder;

    private final Queue<String> notes = new ConcurrentLinkedQueue<>();
    private final List<RelayNode> relays = new ArrayList<>();
    private final List<PublicIdentity> identities = new ArrayList<>();
    private List<Integer> ports;

    @BeforeEach
    void writeFiles() throws IOException {
        ports = FreePorts.find(ROW.size());
        for (String name : ROW) {
            try (KeyFile keys = KeyFile.generate(new SecureRandomness())) {
                keys.write(folder.resolve(name + ".key"), false);
                identities.add(keys.publicIdentity());
            }
        }
        for (int i = 0; i < ROW.size(); i++) {
            final StringBuilder text = new StringBuilder(node(i));
            for (int other = 0; other < ROW.size(); other++) {
                if (Math.abs(other - i) == 1) {
                    text.append(peer(other));
                } else if (other != i && !isRelay(i)) {
                    text.append("[[node]]\nname = \"" + ROW.get(other) + "\"\npublic-key = \""
                            + identities.get(other).publicKey() + "\"\n");
                }
            }
            Files.writeString(config(ROW.get(i)), text);
        }
    }

    @AfterEach
    void close() {
        relays.forEach(RelayNode::close);
    }

    @Test
    void theLinkOfTwoSuchRelaysComesUpAndAFileGoesThrough() throws Exception {
        final RelayNode r1 = open("r1");
        final RelayNode r2 = open("r2");
        assertThat(notes)
                .hasSize(2)
                .allSatisfy(note -> assertThat(note)
                        .contains(" keeps its key, because its file has no section [epochs] and names no peer by"));
        await("the link of r1 and r2 is up", () -> r1.node().engine().isLinkUp(1));
        await("and at r2", () -> r2.node().engine().isLinkUp(0));
        final Path file = Files.write(folder.resolve("file.bin"), new byte[20_000]);
        final Path received = Files.createDirectory(folder.resolve("received"));
        final CompletableFuture<ProgramRun> bob = CompletableFuture.supplyAsync(() -> ProgramRun.of(
                "receive",
                "--once",
                "--patience",
                "60",
                "--config",
                config("bob").toString(),
                "--out",
                "" + received));

        final ProgramRun sent = send("r1,r2", file, "60");

        assertThat(sent.exitCode()).as(sent.err()).isZero();
        assertThat(bob.get(PATIENCE_S, TimeUnit.SECONDS).exitCode()).isZero();
        assertThat(received.resolve("file.bin")).hasSameBinaryContentAs(file);
        assertThat(folder.resolve("r1.epochs")).doesNotExist();
    }

    @Test
    void bothEndsSayWhyOneThatIsNamedByIdentityGivesNoLink() throws Exception {
        final PublicIdentity r1 = identities.get(1);
        final String text = Files.readString(config("alice"));
        final String byKey = "public-key = \"" + r1.publicKey() + "\"";
        assertThat(text).contains(byKey);
        Files.writeString(
                config("alice"),
                text.replace(byKey, "identity = \"" + r1.identity() + "\"\ndescriptor = \"r1.public\""));
        final RelayNode relay = open("r1");

        final ProgramRun sent = send("r1,r2", Files.write(folder.resolve("file.bin"), new byte[1]), "3");

        assertThat(sent.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(sent.err())
                .contains("no descriptor of r1: no descriptor there: ")
                .endsWith(
                        " (if r1 is a relay that keeps its key, it has none: name it by public-key and link-key instead"
                                + " of identity and descriptor)\n");
        final List<String> lines = new ArrayList<>();
        final LinkComplaints complaints = new LinkComplaints(false);
        await("the relay says it", () -> {
            lines.addAll(complaints.look(relay.node().engine().links()));
            return !lines.isEmpty();
        });
        assertThat(lines)
                .containsExactly("peer alice gets no link: its file names this relay by identity, and this relay keeps"
                        + " its key; that file must say public-key and link-key instead, or the file of this relay must"
                        + " have a section [epochs]");
    }

    private RelayNode open(String name) throws IOException {
        final RelayFile file = ConfigFile.relay(config(name));
        try (KeyFile keys = KeyFile.read(file.relay().key())) {
            final RelayNode relay =
                    RelayNode.open(file, keys, NetworkClock.system(), DocumentSource::fetchDescriptor, notes::add);
            relays.add(relay);
            relay.start();
            return relay;
        }
    }

    private ProgramRun send(String route, Path file, String patience) {
        return ProgramRun.of(
                "send",
                "--config",
                config("alice").toString(),
                "--to",
                "bob",
                "--route",
                route,
                "--patience",
                patience,
                file.toString());
    }

    private static void await(String what, BooleanSupplier holds) throws InterruptedException {
        final long start = System.nanoTime();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime() - start)
                    .as("waits for: %s", what)
                    .isLessThan(TimeUnit.SECONDS.toNanos(PATIENCE_S));
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private String node(int i) {
        return """
            [%s]
            name = "%s"
            listen = "127.0.0.1:%d"
            key = "%s.key"

            %s
            """.formatted(
                isRelay(i) ? "relay" : "client", ROW.get(i), ports.get(i), ROW.get(i), isRelay(i) ? ENGINE : "");
    }

    private String peer(int i) {
        return """
            [[peer]]
            name = "%s"
            public-key = "%s"
            link-key = "%s"
            address = "127.0.0.1:%d"

            """.formatted(
                ROW.get(i), identities.get(i).publicKey(), identities.get(i).linkKey(), ports.get(i));
    }

    private static boolean isRelay(int i) {
        return ROW.get(i).startsWith("r");
    }

    private Path config(String name) {
        return folder.resolve(name + ".toml");
    }
}

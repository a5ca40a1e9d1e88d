package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.keys.KeyFile;
import io.millrace.node.keys.PublicIdentity;
import io.millrace.rig.process.FreePorts;
import io.millrace.sphinx.SphinxProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How configurations name peers whose keys change, with real processes. */
class NamedPeersTest {
    @TempDir
    private Path folder;

    private DemoNodes nodes;
    private Path file;
    private Path received;

    @BeforeEach
    void write() throws IOException {
        nodes = new DemoNodes(folder);
        DemoFiles.write(
                folder,
                "uniform(0ns,1ms)",
                new DemoWire("udp", SphinxProfile.MR1),
                FreePorts.find(DemoFiles.count()),
                Duration.ofSeconds(20));
        received = Files.createDirectory(folder.resolve("received"));
        file = Files.write(folder.resolve("file.bin"), new byte[20_000]);
    }

    @AfterEach
    void kill() {
        nodes.close();
    }

    @Test
    void bothEndsSayWhyARelayThatIsNamedByPublicKeyGivesNoLink() throws Exception {
        final PublicIdentity relay;
        try (KeyFile keys = KeyFile.read(folder.resolve("r1.key"))) {
            relay = keys.publicIdentity();
        }
        edit(
                DemoFiles.SENDER,
                "identity = \"" + relay.identity() + "\"\ndescriptor = \"r1.public\"",
                "public-key = \"" + relay.publicKey() + "\"\nlink-key = \"" + relay.linkKey() + "\"");
        nodes.startReady("r1", "relay", "--json");

        send("r1", "5");

        nodes.await(
                "r1",
                line -> line.equals("peer sender gets no link: its file names this relay by public-key, and the keys of"
                        + " this relay change; that file must say identity and descriptor instead"));
        nodes.await(
                DemoFiles.SENDER,
                line -> line.contains("the link to r1 at 127.0.0.1:")
                        && line.endsWith(
                                "(if r1 is a relay whose keys change, as they do by default, name it by identity"
                                        + " and descriptor instead of public-key)"));
        assertThat(nodes.awaitExit(DemoFiles.SENDER)).isEqualTo(1);
        assertThat(nodes.stop("r1").json().at("/links/0/failures/misnamed").asInt())
                .isPositive();
    }

    @Test
    void aLinkKeyThatIsNotInTheFileComesFromTheDescriptor() throws Exception {
        for (String name : DemoFiles.RELAYS) {
            assertThat(Files.readString(DemoFiles.config(folder, name)).split("identity", -1).length
                            + Files.readString(DemoFiles.config(folder, name)).split("link-key", -1).length)
                    .as("a link key only with a peer that keeps its key: %s", name)
                    .isEqualTo(4);
            nodes.startReady(name, "relay", "--json");
        }
        nodes.startReady(DemoFiles.RECEIVER, "receive", "--once", "--patience", "100", "--out", received.toString());

        send("r1,r2,r3", "100");

        assertThat(nodes.awaitExit(DemoFiles.SENDER)).isZero();
        assertThat(received.resolve("file.bin")).hasSameBinaryContentAs(file);
    }

    @Test
    void aLinkKeyThatIsNotTheOneOfTheDescriptorIsComplainedOf() throws Exception {
        edit("r1", "descriptor = \"r2.public\"", "descriptor = \"r2.public\"\nlink-key = \"" + "09".repeat(32) + "\"");
        nodes.startReady("r2", "relay");
        nodes.startReady("r1", "relay");

        nodes.await(
                "r1",
                line -> line.matches(
                        "the link-key of peer r2 is not the one in its descriptor, [0-9a-f]{64}: correct it,"
                                + " or leave it out"));
    }

    private void send(String route, String patience) throws IOException {
        nodes.start(
                DemoFiles.SENDER,
                "send",
                "--patience",
                patience,
                "--to",
                DemoFiles.RECEIVER,
                "--route",
                route,
                file.toString());
    }

    private void edit(String name, String replaced, String by) throws IOException {
        final Path config = DemoFiles.config(folder, name);
        final String text = Files.readString(config);
        assertThat(text).contains(replaced);
        Files.writeString(config, text.replace(replaced, by));
    }
}

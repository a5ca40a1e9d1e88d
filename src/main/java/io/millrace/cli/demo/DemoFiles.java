package io.millrace.cli.demo;

import io.millrace.crypto.SecureRandomness;
import io.millrace.node.keys.KeyFile;
import io.millrace.sphinx.SphinxProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The keys and configuration files of the demo's five nodes in a row: sender, relays, receiver. */
final class DemoFiles {
    static final String SENDER = "sender";
    static final String RECEIVER = "receiver";
    static final List<String> RELAYS = List.of("r1", "r2", "r3");

    private static final List<String> ROW = List.of(SENDER, "r1", "r2", "r3", RECEIVER);

    private final Path folder;
    private final Optional<Duration> epoch;
    private final String engine;
    private final List<String> publicKeys = new ArrayList<>();
    private final List<String> identities = new ArrayList<>();
    private final List<String> linkKeys = new ArrayList<>();
    private final List<Integer> ports;
    private final DemoWire wire;

    private DemoFiles(Path folder, String delay, DemoWire wire, List<Integer> ports, Optional<Duration> epoch) {
        this.folder = folder;
        this.epoch = epoch;
        this.wire = wire;
        this.engine = """

            [engine]
            threading = "shared"
            idle = "backoff"
            profile = "%s"
            delay = "%s"
            tick = "500us"
            slots = 4096
            replay-tags = 1000000

            [epochs]
            %s
            """.formatted(
                wire.profile(),
                delay,
                epoch.map(length -> "length = \"" + length.toMillis() + "ms\"").orElse("roll = false"));
        this.ports = ports;
    }

    /**
     * Writes all files into {@code folder}, for nodes on these ports of the loopback address whose relays keep their keys.
     *
     * @param link {@code udp} or {@code tcp}.
     */
    static void write(Path folder, String delay, String link, List<Integer> ports) throws IOException {
        new DemoFiles(folder, delay, new DemoWire(link, SphinxProfile.MR1), ports, Optional.empty()).write();
    }

    /**
     * As {@link #write(Path, String, String, List)}, for relays whose keys change.
     *
     * @param epoch how long a key lives, whole milliseconds.
     */
    static void write(Path folder, String delay, DemoWire wire, List<Integer> ports, Duration epoch)
            throws IOException {
        new DemoFiles(folder, delay, wire, ports, Optional.of(epoch)).write();
    }

    /** Number of nodes. */
    static int count() {
        return ROW.size();
    }

    static Path config(Path folder, String name) {
        return folder.resolve(name + ".toml");
    }

    private void write() throws IOException {
        for (String name : ROW) {
            try (KeyFile keys = KeyFile.generate(new SecureRandomness())) {
                keys.write(folder.resolve(name + ".key"), true);
                publicKeys.add(keys.publicIdentity().publicKey());
                identities.add(keys.publicIdentity().identity());
                linkKeys.add(keys.publicIdentity().linkKey());
            }
        }
        for (int i = 0; i < ROW.size(); i++) {
            final StringBuilder text = new StringBuilder(node(i));
            for (int other = 0; other < ROW.size(); other++) {
                if (Math.abs(other - i) == 1) {
                    text.append(peer(other));
                } else if (other != i && !isRelay(i)) {
                    text.append(pathNode(other));
                }
            }
            Files.writeString(config(folder, ROW.get(i)), text);
        }
    }

    private String node(int i) {
        return """
            [%s]
            name = "%s"
            listen = "127.0.0.1:%d"
            key = "%s.key"
            """.formatted(isRelay(i) ? "relay" : "client", ROW.get(i), ports.get(i), ROW.get(i))
                + (isRelay(i) ? engine + counters(ROW.get(i)) : "profile = \"" + wire.profile() + "\"\n");
    }

    private static String counters(String relay) {
        return """

            [metrics]
            counters = "%s.counters"
            """.formatted(relay);
    }

    private String peer(int i) {
        return """

            [[peer]]
            name = "%s"
            %s
            address = "127.0.0.1:%d"
            link = "%s"
            """.formatted(ROW.get(i), keys(i) + linkKey(i), ports.get(i), wire.link());
    }

    private String pathNode(int i) {
        return """

            [[node]]
            name = "%s"
            %s
            """.formatted(ROW.get(i), keys(i));
    }

    /** In the descriptor of a relay with epochs. */
    private String linkKey(int i) {
        return epoch.isPresent() && isRelay(i) ? "" : "\nlink-key = \"" + linkKeys.get(i) + "\"";
    }

    /** Clients keep their keys; relays do unless they have epochs. */
    private String keys(int i) {
        return epoch.isPresent() && isRelay(i)
                ? "identity = \"" + identities.get(i) + "\"\ndescriptor = \"" + ROW.get(i) + ".public\""
                : "public-key = \"" + publicKeys.get(i) + "\"";
    }

    private static boolean isRelay(int i) {
        return RELAYS.contains(ROW.get(i));
    }
}

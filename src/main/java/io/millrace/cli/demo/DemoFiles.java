package io.millrace.cli.demo;

import io.millrace.cli.keys.KeyFile;
import io.millrace.crypto.SecureRandomness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The keys and configuration files of the demo's five nodes in a row: sender, relays, receiver. */
final class DemoFiles {
    static final String SENDER = "sender";
    static final String RECEIVER = "receiver";
    static final List<String> RELAYS = List.of("r1", "r2", "r3");

    private static final List<String> ROW = List.of(SENDER, "r1", "r2", "r3", RECEIVER);

    private final Path folder;
    private final String engine;
    private final List<String> publicKeys = new ArrayList<>();
    private final List<Integer> ports;

    private DemoFiles(Path folder, String delay, List<Integer> ports) {
        this.folder = folder;
        this.engine = """

                [engine]
                threading = "shared"
                wait = "backoff"
                delay = "%s"
                tick = "500us"
                slots = 4096
                replay-tags = 1000000
                """.formatted(delay);
        this.ports = ports;
    }

    /** Writes all files into {@code folder}, for nodes on these ports of the loopback address. */
    static void write(Path folder, String delay, List<Integer> ports) throws IOException {
        new DemoFiles(folder, delay, ports).write();
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
            }
        }
        for (int i = 0; i + 1 < ROW.size(); i++) {
            writePsk(link(i));
        }
        for (int i = 0; i < ROW.size(); i++) {
            final StringBuilder text = new StringBuilder(node(i));
            for (int other = 0; other < ROW.size(); other++) {
                if (Math.abs(other - i) == 1) {
                    text.append(peer(other, link(Math.min(i, other))));
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
                + (isRelay(i) ? engine : "");
    }

    private String peer(int i, Path psk) {
        return """

                [[peer]]
                name = "%s"
                public-key = "%s"
                address = "127.0.0.1:%d"
                psk-file = "%s"
                """.formatted(ROW.get(i), publicKeys.get(i), ports.get(i), psk.getFileName());
    }

    private String pathNode(int i) {
        return """

                [[node]]
                name = "%s"
                public-key = "%s"
                """.formatted(ROW.get(i), publicKeys.get(i));
    }

    private static boolean isRelay(int i) {
        return RELAYS.contains(ROW.get(i));
    }

    /** The key file of the link between node {@code i} and the next one. */
    private Path link(int i) {
        return folder.resolve(ROW.get(i) + "-" + ROW.get(i + 1) + ".psk");
    }

    private static void writePsk(Path file) throws IOException {
        final byte[] psk = new byte[32];
        new SecureRandom().nextBytes(psk);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, HexFormat.of().formatHex(psk));
    }
}

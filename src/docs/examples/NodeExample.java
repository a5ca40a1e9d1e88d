import io.millrace.crypto.SecureRandomness;
import io.millrace.relay.epoch.NetworkClock;
import io.millrace.http.DocumentSource;
import io.millrace.node.RelayNode;
import io.millrace.node.config.ConfigFile;
import io.millrace.node.keys.KeyFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** A relay in an application, from the TOML file and the keys that the program {@code millrace relay} reads. */
final class NodeExample {
    static final int ROUNDS = 10;
    static final String TOML = """
            [relay]
            name = "r1"
            listen = "127.0.0.1:0"
            key = "r1.key"

            [engine]
            threading = "shared"
            delay = "exponential(1ms,10ms)"
            """;

    public static void main(String[] args) throws Exception {
        final Path folder = Files.createTempDirectory("relay");
        try (KeyFile made = KeyFile.generate(new SecureRandomness())) { // or: millrace keygen r1.key
            made.write(folder.resolve("r1.key"), false);
        }
        final var file = ConfigFile.relay(Files.writeString(folder.resolve("r1.toml"), TOML));
        final var clock = NetworkClock.system();
        try (KeyFile keys = KeyFile.read(file.relay().key());
                var relay = RelayNode.open(
                        file, keys, clock, DocumentSource::fetchDescriptor, System.out::println)) {
            relay.start();
            for (int i = 0; i < ROUNDS; i++) {
                Thread.sleep(10);
            }
            System.out.println(relay.node().engine().state() + " " + relay.node().engine().counters());
        }
    }
}

package io.millrace.cli.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.Millrace;
import io.millrace.cli.ProgramRun;
import io.millrace.crypto.SecureRandomness;
import io.millrace.memory.TrackedArena;
import io.millrace.node.keys.KeyFile;
import io.millrace.node.keys.PublicIdentity;
import io.millrace.store.CommitPolicy;
import io.millrace.store.Store;
import io.millrace.test.OwnerFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayCommandTest {
    private static final String CONFIG = """
        [relay]
        name = "r1"
        listen = "127.0.0.1:0"
        key = "r1.key"

        [engine]
        threading = "shared"
        replay-tags = 1000
        delay = "uniform(0ns,1ms)"

        [[peer]]
        name = "r2"
        id = "00112233445566778899aabbccddeeff"
        address = "127.0.0.1:9"
        psk = "%s"
        """.formatted("12".repeat(32));

    @TempDir
    private Path folder;

    @BeforeEach
    void makeKey() throws IOException {
        try (KeyFile keys = KeyFile.generate(new SecureRandomness())) {
            keys.write(folder.resolve("r1.key"), false);
        }
    }

    @Test
    void runsUntilItIsToldToStopAndSaysWhatItDid() throws Exception {
        final Path config = write(CONFIG);
        final Process relay = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Millrace.class.getName(),
                        "relay",
                        "--json",
                        "--config",
                        config.toString())
                .start();
        try (BufferedReader errors = relay.errorReader(StandardCharsets.UTF_8)) {
            assertThat(errors.readLine())
                    .as("a warning once, before the relay is ready")
                    .startsWith(
                            "warning: the link to r2 has a pre-shared key and no forward secrecy: a stolen key opens")
                    .endsWith("instead of psk");
            assertThat(errors.readLine())
                    .as("another, because its only peer is named by id")
                    .isEqualTo("warning: relay r1 keeps its key, because its file has no section [epochs] and names no"
                            + " peer by identity: a stolen key opens its layer of every packet recorded before, delays"
                            + " cannot be verified, and after 1000 packets all others are dropped; to change keys,"
                            + " write [epochs] here, and identity and descriptor of this relay in the files of its"
                            + " peers; to keep the key, write roll = false in [epochs]");
            assertThat(errors.readLine()).startsWith("relay r1 is ready at 127.0.0.1:");

            relay.toHandle().destroy();
            final String out = new String(relay.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(relay.waitFor(3, TimeUnit.MINUTES)).isTrue();
            assertThat(relay.exitValue()).isZero();
            final ProgramRun run = new ProgramRun(0, out, "");
            assertThat(run.json().get("name").asText()).isEqualTo("r1");
            assertThat(run.json().get("conserved").asBoolean()).isTrue();
            assertThat(run.json().get("drained").asBoolean()).isTrue();
            assertThat(run.json().get("stages").get("relay").get("count").asLong())
                    .isZero();
            assertThat(errors.readLine()).as("one line on stderr").isNull();
        } finally {
            relay.toHandle().destroyForcibly();
        }
    }

    @Test
    @Timeout(120)
    void endsWithAnErrorWhenTheKeyOfALaterEpochIsDamaged() throws Exception {
        final Path config = write(CONFIG.replace("[[peer]]", """
            [epochs]
            length = "2s"
            overlap = "100ms"

            [[peer]]\
            """));
        final Process relay = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Millrace.class.getName(),
                        "relay",
                        "--config",
                        config.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader errors = relay.errorReader(StandardCharsets.UTF_8)) {
            assertThat(errors.readLine())
                    .as("a warning once, before the relay is ready")
                    .startsWith(
                            "warning: the link to r2 has a pre-shared key and no forward secrecy: a stolen key opens")
                    .endsWith("instead of psk");
            assertThat(errors.readLine()).startsWith("relay r1 is ready at 127.0.0.1:");
            do { // a slow machine may have passed an epoch before it reads the key
                damageLatestKeys();
            } while (!relay.waitFor(100, TimeUnit.MILLISECONDS));
            assertThat(relay.exitValue()).isNotZero();
            assertThat(errors.lines())
                    .anySatisfy(line ->
                            assertThat(line).matches("millrace: the secret of key epoch [0-9]+ is damaged: .*"));
        } finally {
            relay.toHandle().destroyForcibly();
        }
    }

    private void damageLatestKeys() throws IOException {
        final List<Path> keys;
        try (Stream<Path> files = Files.list(folder.resolve("r1.epochs"))) {
            keys = files.filter(each -> each.toString().endsWith(".key"))
                    .sorted()
                    .toList();
        }
        for (Path later : keys.subList(keys.size() - 2, keys.size())) {
            Files.write(later, new byte[] {1});
        }
    }

    @Test
    void refusesAPortInUse() throws IOException {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            final ProgramRun run = run(CONFIG.replace("127.0.0.1:0", "127.0.0.1:" + taken.getLocalPort()));

            assertOneLine(run, "cannot listen: ");
            assertThat(run.err()).contains(Integer.toString(taken.getLocalPort()));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "r1.key | r2.key | no such file: ",
                "shared | solo | F:7: [engine] threading=solo: must be shared, split or parallel(N) with N from 1 to",
                "uniform(0ns,1ms) | sometimes | F:9: [engine] delay=sometimes: must be exponential(MEAN,CAP) or",
                "threading | policy = \"fair\" / threading | F:7: [engine] policy=fair: must be sender, epoch-vrf or",
                "threading | wait = \"sleep\" / threading | F:7: [engine] wait=sleep: must be busy-spin, yielding or"
                        + " backoff",
                "threading | provider = \"rot13\" / threading | F:7: [engine] provider=rot13: must be auto, lanes, lanes:avx2,",
                "threading | receipts = 'log' / receipts-of = 'all' / threading | F:8: [engine] receipts-of=all: must be",
                "threading | receipts = 'log' / receipts-mode = 'no' / threading | F:8: [engine] receipts-mode=no: must",
                "[[peer]] | receipts = 'log' / receipts-period = '2h' / [epochs] / [[peer]] | F:12: [engine]"
                        + " receipts-period=2h: must be at most 20min, the length of [epochs]",
                "threading | tick = '2s' / threading | F:7: [engine] tick=2s: must be 1us to 1s",
                "uniform(0ns,1ms) | uniform(0ns,1000s) | F:9: [engine] delay=uniform(0ns,1000s): tick must be 954",
                "threading | batch = 33 / slots = 128 / threading | F:7: [engine] batch=33, slots=128: batch must be at"
                        + " most a quarter of slots, 32 of 128",
                "[[peer]] | [epochs] / length = '1s' / overlap = '1s' / [[peer]] | F:13: [epochs] overlap=1s, length=1s:"
                        + " overlap must be at most a quarter of length, 250ms",
                "uniform(0ns,1ms)\" | uniform(0ns,9s)\" / [epochs] / length = '2s' | F:11: [epochs] length=2s: length must"
                        + " be 19s or more: twice the overlap of 500ms and the longest delay of [engine] together",
            })
    void refusesAWrongConfigurationInOneLine(String replaced, String by, String message) throws IOException {
        assertThat(CONFIG).contains(replaced);

        assertOneLine(
                run(CONFIG.replace(replaced, by.replace(" / ", "\n"))),
                message.replace("F:", folder.resolve("r1.toml") + ":"));
    }

    @Test
    void refusesItselfAsAPeer() throws IOException {
        final PublicIdentity own;
        try (KeyFile keys = KeyFile.read(folder.resolve("r1.key"))) {
            own = keys.publicIdentity();
        }

        for (String id : new String[] {own.relayId(), own.identityId()}) {
            assertOneLine(
                    run(CONFIG.replace("00112233445566778899aabbccddeeff", id)),
                    "is this program itself, not a peer: name=r2");
        }
    }

    @Test
    void refusesAPublicKeyThatIsNone() throws IOException {
        assertOneLine(
                run(CONFIG.replaceFirst("id = .*", "public-key = \"" + "ff".repeat(32) + "\"")),
                "not a public key of X25519: name=r2");
    }

    /** One is named by its id, the other by the public key of the same id: only the engine sees that. */
    @Test
    void anEngineThatIsRefusedLeavesNothingOpen() throws IOException {
        final String config = CONFIG.replace(
                "replay-tags = 1000", "replay-tags = 1000\njournal = \"state\"\nreceipts = \"receipts\"");
        final String publicKey;
        final String id;
        try (KeyFile keys = KeyFile.generate(new SecureRandomness())) {
            publicKey = keys.publicIdentity().publicKey();
            id = keys.publicIdentity().relayId();
        }
        final String twice =
                config.replace("00112233445566778899aabbccddeeff", id) + """
                    [[peer]]
                    name = "r3"
                    public-key = "%s"
                    address = "127.0.0.1:10"
                    psk = "%s"
                    """.formatted(publicKey, "13".repeat(32));
        final long liveBytes = TrackedArena.liveBytes();

        assertOneLine(
                run(twice), "the parts of the configuration do not fit each other: two keys of peers have the same");

        assertThat(TrackedArena.liveBytes()).as("live native bytes").isEqualTo(liveBytes);
        for (String each : new String[] {"state", "receipts"}) {
            Store.open(folder.resolve(each), CommitPolicy.DEFAULT).close();
        }
    }

    private ProgramRun run(String config) throws IOException {
        return ProgramRun.of("relay", "--config", write(config).toString());
    }

    private Path write(String config) throws IOException {
        return OwnerFile.write(folder.resolve("r1.toml"), config);
    }

    private static void assertOneLine(ProgramRun run, String message) {
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("millrace: " + message).hasLineCount(1);
    }
}

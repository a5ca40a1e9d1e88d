package io.millrace.cli.delays;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import io.millrace.crypto.Ed25519KeyPair;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.directory.DelayDisclosure;
import io.millrace.directory.DelayLaw;
import io.millrace.directory.EpochPublicKey;
import io.millrace.directory.FolderPublisher;
import io.millrace.directory.IdentityKey;
import io.millrace.directory.KeyRole;
import io.millrace.directory.Probe;
import io.millrace.directory.ProbeHop;
import io.millrace.directory.RelayDescriptor;
import io.millrace.http.DocumentServer;
import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.vrf.DelayEpoch;
import io.millrace.vrf.EcvrfSecretKey;
import io.millrace.vrf.EpochDelayProof;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DelaysCommandTest {
    private static final EpochSchedule SCHEDULE = new EpochSchedule(0, 30_000, 5_000);
    private static final DelayLaw LAW = DelayLaw.parse("epoch-vrf exponential(50ms,500ms)");
    private static final long EPOCH = 1_000;
    private static final int PROBES = 100;

    @TempDir
    private Path folder;

    private Relay r1;
    private Relay r2;

    @BeforeEach
    void publish() throws IOException {
        r1 = new Relay(1, folder.resolve("r1"));
        r2 = new Relay(2, folder.resolve("r2"));
        r1.publish(EPOCH, EPOCH + 3);
        r2.publish(EPOCH, EPOCH + 3);
    }

    @Test
    void fetchesFromAFolderAndOnlyNewEpochsLater() throws Exception {
        assertThat(fetch(r1, r1.published.toString()).json().path("fetched").asInt())
                .isEqualTo(4);
        r1.publish(EPOCH + 4, EPOCH + 5);
        final JsonNode again = fetch(r1, r1.published.toString()).json();
        assertThat(again.path("fetched").asInt()).isEqualTo(2);
        assertThat(again.path("disclosures").asInt()).isEqualTo(6);

        final ProgramRun verified = verify(r1.identity.toString());
        assertThat(verified.exitCode()).isZero();
        assertThat(verified.json().path("relays").path(0).path("lastEpoch").asLong())
                .isEqualTo(EPOCH + 5);
    }

    @Test
    void fetchesByHttp() throws Exception {
        try (DocumentServer server =
                DocumentServer.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), r1.published)) {
            final ProgramRun run =
                    fetch(r1, "http://127.0.0.1:" + server.address().getPort());
            assertThat(run.exitCode()).isZero();
            assertThat(run.json().path("fetched").asInt()).isEqualTo(4);
        }
        assertThat(verify(r1.identity.toString()).exitCode()).isZero();
    }

    @Test
    void refusesDocumentsOfAnotherRelayAndAnOlderDescriptor() throws Exception {
        final ProgramRun foreign = fetch(r1, r2.published.toString());
        assertThat(foreign.exitCode()).isEqualTo(1);
        assertThat(foreign.err()).contains("not signed by the identity key").hasLineCount(1);

        fetch(r1, r1.published.toString());
        FolderPublisher.open(r1.published, 10).publish(r1.descriptor(0));
        final ProgramRun older = fetch(r1, r1.published.toString());
        assertThat(older.exitCode()).isEqualTo(1);
        assertThat(older.json().path("refused").asText()).contains("older than a known one");
    }

    @Test
    void verifiesAPublishedFolderWithADescriptorFromElsewhere() throws Exception {
        final Path descriptor = folder.resolve("known.cbor");
        Files.write(descriptor, r1.descriptor(1).toByteArray());
        final ProgramRun run = ProgramRun.of(
                "delays",
                "verify",
                "--disclosures",
                r1.published.toString(),
                "--descriptor",
                descriptor.toString(),
                "--identity",
                r1.identity.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("1000 to 1003", "verified");
    }

    @Test
    void refusesAGapAFrozenEpochAForgedProofAndAnotherLaw() throws Exception {
        final FolderPublisher copies = FolderPublisher.open(r1.published, 10);

        copies.publish(r1.disclosure(EPOCH + 5, r1.opening(EPOCH + 5), LAW));
        assertRefused("epoch numbers rise by one");
        Files.delete(r1.published.resolve("disclosures").resolve((EPOCH + 5) + ".cbor"));

        final EpochDelayProof frozen = r1.opening(EPOCH + 3);
        copies.publish(r1.disclosure(EPOCH + 4, EpochDelayProof.of(EPOCH + 4, frozen.vrfOutput(), frozen.pi()), LAW));
        assertRefused("does not prove the output");

        final byte[] pi = r1.opening(EPOCH + 4).pi();
        pi[40] ^= 1;
        copies.publish(r1.disclosure(
                EPOCH + 4, EpochDelayProof.of(EPOCH + 4, r1.opening(EPOCH + 4).vrfOutput(), pi), LAW));
        assertRefused("does not prove the output");

        copies.publish(
                r1.disclosure(EPOCH + 4, r1.opening(EPOCH + 4), DelayLaw.parse("epoch-vrf exponential(5ms,500ms)")));
        assertRefused("law differs");

        Files.copy(
                r1.published.resolve("disclosures").resolve(EPOCH + ".cbor"),
                r1.published.resolve("disclosures").resolve((EPOCH + 4) + ".cbor"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertRefused("is published as epoch");
    }

    @Test
    void judgesProbes() throws Exception {
        fetch(r1, r1.published.toString());
        fetch(r2, r2.published.toString());
        final String both = r1.identity + "," + r2.identity;

        final Path honest = probes("honest", delayNs -> delayNs);
        final ProgramRun twice = verify(both + "," + r1.identity, "--probes", honest.toString());
        assertThat(twice.exitCode()).as(twice.err()).isEqualTo(2);

        final ProgramRun good = verify(both, "--probes", honest.toString());
        assertThat(good.exitCode()).as(good.out() + good.err()).isZero();
        assertThat(good.json().path("probes").path("judged").asInt()).isEqualTo(PROBES);
        assertThat(good.json().path("probes").path("early").asInt()).isZero();
        assertThat(good.json().path("passed").asBoolean()).isTrue();

        final Path halved = probes("halved", delayNs -> delayNs / 2);
        final ProgramRun bad = verify(both, "--probes", halved.toString());
        assertThat(bad.exitCode()).isEqualTo(1);
        final JsonNode relays = bad.json().path("probes").path("relays");
        assertThat(relays.path(0).path("refused").isNull()).isTrue();
        assertThat(relays.path(1).path("identityId").asText()).isEqualTo(r2.identity.idHex());
        assertThat(relays.path(1).path("refused").asText()).contains("slope 0.");
        assertThat(relays.path(1).path("slope").asDouble()).isCloseTo(0.5, within(0.02)); // its error is 0.001
        assertThat(ofText(both, halved)).contains("REFUSED: its packets do not stay for the disclosed delays");

        final ProgramRun waiting = verify(r1.identity.toString(), "--probes", halved.toString());
        assertThat(waiting.exitCode()).isZero();
        assertThat(waiting.json().path("probes").path("waiting").asInt()).isEqualTo(PROBES);
    }

    @Test
    void tellsNothingOfARelayWhoseDelaysDrownInTheTimeOfLinks() throws Exception {
        fetch(r1, r1.published.toString());
        fetch(r2, r2.published.toString());
        final String both = r1.identity + "," + r2.identity;
        final SplittableRandom random = new SplittableRandom(7);
        final Path uneven = probes("uneven", delayNs -> delayNs + random.nextLong(20_000_000_000L));
        final ProgramRun run = verify(both, "--probes", uneven.toString());
        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(run.json().path("probes").path("relays").path(1).path("told").asBoolean(true))
                .isFalse();
        assertThat(ofText(both, uneven)).contains("not told: too few probes").doesNotContain("keeps its delays");

        final Path even = probes("even", delayNs -> delayNs);
        assertThat(verify(both, "--probes", even.toString())
                        .json()
                        .path("probes")
                        .path("relays")
                        .path(1)
                        .path("told")
                        .asBoolean())
                .isTrue();
        assertThat(ofText(both, even)).contains("keeps its delays").doesNotContain("not told");
    }

    @Test
    void aProbeFileIsPrivateAndQuotedNowhere() throws Exception {
        fetch(r1, r1.published.toString());
        final Path file = probes("p", delayNs -> delayNs);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(ProbeFile.read(file)).hasSize(PROBES);

        final String good = Files.readAllLines(file).getFirst();
        for (String wrong : List.of(
                "",
                "{}",
                good.replace("elapsedNs\":", "elapsedNs\":-"),
                good.replace("epoch\":1", "epoch\":x1"),
                good.replaceFirst("tag\":\"[0-9a-f]", "tag\":\""),
                good.replaceFirst("tag\":\"[0-9a-f]", "tag\":\"x"))) {
            Files.writeString(file, good + "\n" + wrong + "\n");
            final ProgramRun run = verify(r1.identity.toString(), "--probes", file.toString());
            assertThat(run.exitCode()).as(wrong).isEqualTo(2);
            assertThat(run.err()).contains(file + ":2: not a probe").hasLineCount(1);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(verify(r1.identity.toString(), "--probes", file.toString()).err())
                .contains("chmod 600");
    }

    @Test
    void refusesWrongUsage() {
        assertThat(ProgramRun.of("delays").exitCode()).isEqualTo(2);
        assertThat(verify("abc").err()).contains("64 hexadecimal digits").hasLineCount(1);
        assertThat(verify(r1.identity.toString()).err()).contains("no descriptor there");
        assertThat(verify(r1.identity + "," + r2.identity, "--descriptor", "x").err())
                .contains("for one --identity");
        final ProgramRun twice =
                verify(r1.identity + "," + r1.identity.toString().toUpperCase(Locale.ROOT));
        assertThat(twice.exitCode()).isEqualTo(2);
        assertThat(twice.err()).contains("--identity names a relay twice").hasLineCount(1);
    }

    private String ofText(String identities, Path probes) {
        return ProgramRun.of(
                        "delays",
                        "verify",
                        "--disclosures",
                        folder.resolve("out").toString(),
                        "--identity",
                        identities,
                        "--probes",
                        probes.toString())
                .out();
    }

    private void assertRefused(String why) {
        final ProgramRun run = ProgramRun.of(
                "delays", "verify", "--disclosures", r1.published.toString(), "--identity", r1.identity.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("REFUSED: ", why);
    }

    private ProgramRun fetch(Relay relay, String from) {
        return ProgramRun.of(
                "delays",
                "fetch",
                "--json",
                "--from",
                from,
                "--identity",
                relay.identity.toString(),
                "--out",
                folder.resolve("out").toString());
    }

    private ProgramRun verify(String identities, String... more) {
        final List<String> args = new ArrayList<>(List.of(
                "delays",
                "verify",
                "--json",
                "--disclosures",
                folder.resolve("out").toString(),
                "--identity",
                identities));
        args.addAll(List.of(more));
        return ProgramRun.of(args.toArray(String[]::new));
    }

    /** Probes over r1, r2, r1 in two epochs; the second relay makes something else of its delays. */
    private Path probes(String name, LongUnaryOperator ofSecond) throws IOException {
        final long seed = System.nanoTime();
        System.out.println("seed=" + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        final Path file = folder.resolve(name + ".jsonl");
        try (ProbeFile out = ProbeFile.open(file)) {
            for (int i = 0; i < PROBES; i++) {
                final List<ProbeHop> hops = new ArrayList<>();
                long elapsedNs = 1_000_000 + random.nextLong(500_000);
                for (Relay relay : List.of(r1, r2, r1)) {
                    final ProbeHop hop = new ProbeHop(
                            relay.identity, EPOCH + random.nextInt(2), random.nextLong(), random.nextLong());
                    final long delayNs = relay.disclosure(hop.epoch()).delayNs(hop.tagLow(), hop.tagHigh());
                    elapsedNs += relay == r2 ? ofSecond.applyAsLong(delayNs) : delayNs;
                    hops.add(hop);
                }
                out.append(new Probe(hops, elapsedNs));
            }
        }
        return file;
    }

    /** A relay that publishes into a folder. */
    private static final class Relay {
        private final int seed;
        private final Path published;
        private final IdentityKey identity;

        private Relay(int seed, Path published) {
            this.seed = seed;
            this.published = published;
            try (SecretKey root = secret(0);
                    Ed25519KeyPair pair = KeyRole.identityKey(root.segment())) {
                this.identity = IdentityKey.of(pair);
            }
        }

        private void publish(long first, long last) throws IOException {
            final FolderPublisher publisher = FolderPublisher.open(published, 100);
            publisher.publish(descriptor(1));
            for (long epoch = first; epoch <= last; epoch++) {
                publisher.publish(disclosure(epoch));
            }
        }

        private RelayDescriptor descriptor(long sequence) {
            final List<EpochPublicKey> keys = new ArrayList<>();
            for (long number = EPOCH; number < EPOCH + 4; number++) {
                try (SecretKey secret = secret((int) number);
                        X25519KeyPair pair = X25519KeyPair.of(secret.segment())) {
                    keys.add(new EpochPublicKey(
                            number,
                            RelayPublicKey.copyOf(pair.publicKey()),
                            SCHEDULE.startMs(number),
                            SCHEDULE.endMs(number)));
                }
            }
            try (SecretKey root = secret(0);
                    Ed25519KeyPair pair = KeyRole.identityKey(root.segment());
                    EcvrfSecretKey vrf = KeyRole.vrfKey(root.segment())) {
                return RelayDescriptor.builder()
                        .sequence(sequence)
                        .linkKey(new byte[32])
                        .vrfKey(vrf.publicKey().toArray(JAVA_BYTE))
                        .law(LAW)
                        .schedule(SCHEDULE)
                        .keys(keys)
                        .sign(pair);
            }
        }

        private DelayDisclosure disclosure(long epoch) {
            return disclosure(epoch, opening(epoch), LAW);
        }

        private DelayDisclosure disclosure(long epoch, EpochDelayProof opening, DelayLaw law) {
            try (SecretKey root = secret(0);
                    Ed25519KeyPair pair = KeyRole.identityKey(root.segment())) {
                return DelayDisclosure.sign(pair, opening, law, SCHEDULE.startMs(epoch), SCHEDULE.endMs(epoch));
            }
        }

        private EpochDelayProof opening(long epoch) {
            try (SecretKey root = secret(0);
                    EcvrfSecretKey vrf = KeyRole.vrfKey(root.segment())) {
                return DelayEpoch.prepare(vrf, identity.id(), epoch)
                        .takeDiscloser()
                        .disclose();
            }
        }

        private SecretKey secret(int number) {
            final byte[] bytes = new byte[SecretKey.LENGTH];
            bytes[10] = (byte) seed;
            bytes[11] = (byte) number;
            bytes[12] = (byte) (number >> 8);
            return SecretKey.takeFrom(bytes);
        }
    }
}

package io.millrace.node.config;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.htx.handshake.HybridMode;
import io.millrace.test.OwnerFile;
import io.millrace.text.ConfigException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
    private static final String AB_32 = "abababababababababababababababababababababababababababababababab";
    private static final String PSK = "0123456789abcdef".repeat(4);
    private static final String RELAY = """
        [relay]
        name = "r1"
        listen = "127.0.0.1:9001"
        key = "r1.key"

        [engine]
        threading = "split"
        provider = "auto"
        delay = "exponential(1ms,10ms)"
        policy = "epoch-vrf"
        wait = "backoff"
        slots = 4096
        replay-tags = 1000
        tick = "100us"

        [[peer]]
        name = "r2"
        id = "00112233445566778899AABBCCDDEEFF"
        address = "127.0.0.1:9002"
        psk = "%s"

        [[peer]]
        name = "r3"
        public-key = "%s"
        address = "[::1]:9003"
        psk-file = "r3.psk"
        """.formatted(PSK, AB_32);

    @TempDir
    private Path folder;

    @Test
    void aNodeSaysWhetherItsHandshakesAreHybrid() throws IOException {
        OwnerFile.write(folder.resolve("r3.psk"), "ff".repeat(32) + "\n");
        for (HybridMode mode : HybridMode.values()) {
            final String text =
                    RELAY.replace("key = \"r1.key\"", "key = \"r1.key\"\nhybrid = \"" + mode.label() + "\"");
            assertThat(text).isNotEqualTo(RELAY);
            assertThat(ConfigFile.relay(write(text)).relay().hybrid()).isEqualTo(mode);
        }
        assertRefused(
                RELAY.replace("key = \"r1.key\"", "key = \"r1.key\"\nhybrid = \"on\""),
                "must be off, offered or required: relay.hybrid=on");
    }

    @Test
    void readsARelaysFile() throws IOException {
        OwnerFile.write(folder.resolve("r3.psk"), "ff".repeat(32) + "\n");

        final RelayFile file = ConfigFile.relay(write(RELAY));

        assertThat(file.relay())
                .isEqualTo(new NodeEntry(
                        "r1",
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9001),
                        folder.resolve("r1.key"),
                        HybridMode.OFFERED));
        assertThat(file.engine().threading()).contains("split");
        assertThat(file.engine().delay()).contains("exponential(1ms,10ms)");
        assertThat(file.engine().waitStrategy()).contains("backoff");
        assertThat(file.engine().slots()).hasValue(4096);
        assertThat(file.engine().replayTags()).hasValue(1000);
        assertThat(file.engine().tick()).contains(Duration.ofNanos(100_000));
        assertThat(file.peers()).extracting(PeerEntry::name).containsExactly("r2", "r3");
        assertThat(file.peers().get(0).id()).contains("00112233445566778899aabbccddeeff");
        assertThat(file.peers().get(1).publicKey()).contains(AB_32);
        assertThat(file.peers().get(1).address()).hasToString("[::1]:9003");
        assertThat(bytes(file.peers().get(0))).startsWith(0x01, 0x23, 0x45).endsWith(0xef);
        assertThat(bytes(file.peers().get(1))).containsOnly(0xff);
    }

    @Test
    void whatIsLeftOutIsTheEnginesDefault() throws IOException {
        final RelayFile file = ConfigFile.relay(write(RELAY.substring(0, RELAY.indexOf("[engine]"))));

        assertThat(file.engine()).isEqualTo(EngineEntry.defaults());
        assertThat(file.peers()).isEmpty();
    }

    @Test
    void aLinkIsHandshakedOverUdpOrTcpOrPreSharedOverUdp() throws IOException {
        final String linked = RELAY.replaceFirst("psk-file.*", "link-key = \"" + AB_32 + "\"\nlink = \"tcp\"");

        assertThat(ConfigFile.relay(write(linked)).peers().get(1)).satisfies(peer -> {
            assertThat(peer.linkKey()).contains(AB_32);
            assertThat(peer.overTcp()).isTrue();
            assertThat(peer.psk()).isEmpty();
        });
        assertThat(ConfigFile.relay(write(linked.replaceFirst("link = .*", "")))
                        .peers()
                        .get(1)
                        .overTcp())
                .isFalse();
        assertRefused(linked.replace("\"tcp\"", "\"sctp\""), "must be udp or tcp: peer[2].link=sctp");
        assertRefused(
                linked.replaceFirst("link = .*", "psk = \"" + AB_32 + "\""),
                "give link-key or psk, not both: peer[2].psk");
        assertRefused(
                linked.replaceFirst("link-key = .*", "psk = \"" + AB_32 + "\""),
                "a link with a psk is over udp: peer[2].link=tcp");
    }

    @Test
    void metricsStayOnLoopbackUnlessTheFileSaysOtherwise() throws IOException {
        final String head = RELAY.substring(0, RELAY.indexOf("[[peer]]"));

        assertThat(ConfigFile.relay(write(head)).metrics()).isEmpty();
        assertThat(ConfigFile.relay(write(head + "[metrics]\nlisten = \"127.0.0.1:9100\""))
                        .metrics())
                .isPresent();
        assertThat(ConfigFile.relay(write(head + "[metrics]\nlisten = \"[::1]:0\""))
                        .metrics())
                .isPresent();
        assertRefused(head + "[metrics]\nlisten = \"0.0.0.0:9100\"", "is not on loopback");
        assertRefused(
                head + "[metrics]\nlisten = \"192.0.2.1:9100\"\nbeyond-loopback = false",
                "metrics.listen=192.0.2.1:9100");
        assertThat(ConfigFile.relay(write(head + "[metrics]\nlisten = \"192.0.2.1:9100\"\nbeyond-loopback = true"))
                        .metrics())
                .isPresent();
        assertRefused(
                head + "[metrics]\nlisten = \"127.0.0.1:1\"\nbeyond-loopback = \"no\"",
                "must be true or false: metrics.beyond-loopback=no");
        assertRefused(head + "[metrics]\n", "missing, and counters too; one of them is needed: metrics.listen");
        assertRefused(head + "[metrics]\nlisten = \"127.0.0.1:1\"\npath = \"/\"", "unknown key: metrics.path");
    }

    @Test
    void aRelayWithoutASectionEpochsRollsUnlessAllItsPeersAreNamedByTheirKeys() throws IOException {
        OwnerFile.write(folder.resolve("r3.psk"), "ff".repeat(32) + "\n");
        final int firstPeer = RELAY.indexOf("[[peer]]");
        final String head = RELAY.substring(0, firstPeer);
        final String byId = RELAY.substring(firstPeer, RELAY.indexOf("[[peer]]", firstPeer + 1));
        final String byKey = RELAY.substring(RELAY.indexOf("[[peer]]", firstPeer + 1));
        final String byIdentity =
                byKey.replaceFirst("public-key.*", "identity = \"" + AB_32 + "\"\ndescriptor = \"d\"");

        assertRolls(head, true, "no peer");
        assertRolls(head + byIdentity, true, "one by identity");
        assertRolls(head + byId + byIdentity, true, "one of two by identity");
        assertRolls(head + byKey, false, "one by key");
        assertRolls(head + byId, false, "one by id");
        assertRolls(RELAY, false, "all by key and id");
        for (String peers : new String[] {"", byKey, byId + byIdentity}) {
            for (boolean roll : new boolean[] {true, false}) {
                final EpochsEntry epochs = ConfigFile.relay(write(head + "[epochs]\nroll = " + roll + "\n\n" + peers))
                        .epochs();
                assertThat(epochs.roll()).as("as written: %s", peers).isEqualTo(roll);
                assertThat(epochs.keepsKeyUnasked()).isFalse();
            }
            assertThat(ConfigFile.relay(write(head + "[epochs]\n\n" + peers))
                            .epochs()
                            .roll())
                    .as("an empty section: %s", peers)
                    .isTrue();
        }
    }

    private void assertRolls(String file, boolean roll, String which) throws IOException {
        final EpochsEntry epochs = ConfigFile.relay(write(file)).epochs();
        assertThat(epochs.roll()).as(which).isEqualTo(roll);
        assertThat(epochs.keepsKeyUnasked()).as(which).isEqualTo(!roll);
    }

    @Test
    void aRelayRollsUnlessItsFileSaysOtherwise() throws IOException {
        final String head = RELAY.substring(0, RELAY.indexOf("[[peer]]"));

        assertThat(ConfigFile.relay(write(head)).epochs())
                .isEqualTo(new EpochsEntry(
                        false,
                        true,
                        Duration.ofMinutes(20),
                        Duration.ofMinutes(2),
                        folder.resolve("r1.epochs"),
                        folder.resolve("r1.public"),
                        Optional.empty()));
        assertThat(ConfigFile.relay(write(head + """
            [epochs]
            length = "30s"
            keys = "/run/r1"
            publish = "www"
            listen = "127.0.0.1:0"
            """)).epochs()).satisfies(epochs -> {
            assertThat(epochs.roll()).isTrue();
            assertThat(epochs.length()).isEqualTo(Duration.ofSeconds(30));
            assertThat(epochs.overlap()).as("a quarter").isEqualTo(Duration.ofMillis(7_500));
            assertThat(epochs.keys()).isEqualTo(Path.of("/run/r1"));
            assertThat(epochs.publish()).isEqualTo(folder.resolve("www"));
            assertThat(epochs.listen()).contains(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        });
        assertThat(ConfigFile.relay(write(head + "[epochs]\nlength = \"2h\"\noverlap = \"3min\""))
                        .epochs())
                .satisfies(epochs -> {
                    assertThat(epochs.length()).isEqualTo(Duration.ofHours(2));
                    assertThat(epochs.overlap()).isEqualTo(Duration.ofMinutes(3));
                });
        assertThat(ConfigFile.relay(write(head + "[epochs]\nroll = false"))
                        .epochs()
                        .roll())
                .isFalse();
        assertRefused(head + "[epochs]\nlength = \"999ms\"", "must be 1 s to 24 h: epochs.length=999ms");
        assertRefused(head + "[epochs]\nlength = \"25h\"", "must be 1 s to 24 h: epochs.length=25h");
        assertRefused(head + "[epochs]\nlength = \"1000001us\"", "must be whole milliseconds: epochs.length=");
        assertRefused(head + "[epochs]\nlength = \"8s\"\noverlap = \"2001ms\"", "at most a quarter of length");
        assertRefused(head + "[epochs]\noverlap = \"0s\"", "must be more than zero");
        assertRefused(head + "[epochs]\nlisten = \"0.0.0.0:80\"", "is not on loopback");
        assertRefused(head + "[epochs]\nlifetime = \"1s\"", "unknown key: epochs.lifetime");
    }

    @Test
    void aPartyWhoseKeysChangeHasAnIdentityAndADescriptor() throws IOException {
        final String rolling =
                RELAY.replaceFirst("public-key.*", "identity = \"" + AB_32 + "\"\ndescriptor = \"r3.public\"");
        OwnerFile.write(folder.resolve("r3.psk"), "ff".repeat(32) + "\n");

        assertThat(ConfigFile.relay(write(rolling)).peers().get(1)).satisfies(peer -> {
            assertThat(peer.rolling())
                    .contains(new DescriptorEntry(
                            AB_32, folder.resolve("r3.public").toString()));
            assertThat(peer.publicKey()).isEmpty();
        });
        for (String url : new String[] {"http://127.0.0.1:8080", "https://relay.example/r3/"}) {
            assertThat(ConfigFile.relay(write(rolling.replace("r3.public", url)))
                            .peers()
                            .get(1)
                            .rolling()
                            .orElseThrow()
                            .location())
                    .isEqualTo(url);
        }
        assertRefused(rolling.replaceFirst("descriptor.*", ""), "missing: peer[2].descriptor");
        assertRefused(rolling.replaceFirst("identity.*", ""), "missing: peer[2].identity");
        assertRefused(
                rolling.replace("descriptor", "public-key = \"" + AB_32 + "\"\ndescriptor"),
                "needs exactly one of public-key, id, and identity with descriptor: peer[2].name=r3");
        assertRefused(
                rolling + "[[peer]]\nname = \"r4\"\naddress = \"127.0.0.1:4\"\npsk = \"" + PSK + "\"\nidentity = \""
                        + AB_32 + "\"\ndescriptor = \"r4\"",
                "the same as of peer r3: peer[3].identity=");
    }

    private void assertRefused(String content, String message) {
        assertThatThrownBy(() -> ConfigFile.relay(write(content)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aClientNeedsPublicKeysAndNoPskOfRelaysFurtherOn() throws IOException {
        final String client = RELAY.replace("[relay]", "[client]")
                .replaceFirst("(?s)\\[engine].*?\\[\\[peer]].*?\\[\\[peer]]", "[[peer]]")
                .replaceFirst("psk-file.*", "");

        assertThat(ConfigFile.client(write(client)).peers()).singleElement().satisfies(peer -> {
            assertThat(peer.publicKey()).isPresent();
            assertThat(peer.psk()).isEmpty();
        });
        assertThatThrownBy(() -> ConfigFile.client(
                        write(client.replace("public-key", "id").replace(AB_32, "ab".repeat(16)))))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("missing: peer[1].public-key");
    }

    @Test
    void aClientNamesPathNodesWithoutAnAddress() throws IOException {
        final String client = """
            [client]
            name = "alice"
            listen = "127.0.0.1:0"
            key = "alice.key"

            [[node]]
            name = "r2"
            public-key = "%s"
            """.formatted(AB_32.toUpperCase(Locale.ROOT));

        assertThat(ConfigFile.client(write(client)).nodes())
                .containsExactly(new PathNode("r2", Optional.of(AB_32), Optional.empty()));
        assertThatThrownBy(() -> ConfigFile.client(write(client.replaceFirst("public-key.*", ""))))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("needs public-key, or identity and descriptor: node[1].name=r2");
        assertThatThrownBy(() ->
                        ConfigFile.client(write(client + "[[node]]\nname = \"r3\"\npublic-key = \"" + AB_32 + "\"\n")))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("the same as of peer r2: node[2].public-key=" + AB_32);
        assertThatThrownBy(() -> ConfigFile.client(write(client + """
            [[peer]]
            name = "r2"
            public-key = "%s"
            address = "127.0.0.1:1"
            """.formatted("cd".repeat(32)))))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("the same as of peer r2: node[1].name=r2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // replaced | by | message
                "127.0.0.1:9001 | 127.0.0.1:70000 | port must be 0 to 65535: relay.listen=127.0.0.1:70000",
                "127.0.0.1:9002 | 127.0.0.1:0 | port must be 1 to 65535: peer[1].address=127.0.0.1:0",
                "127.0.0.1:9002 | 9002 | must be host:port: peer[1].address=9002",
                "[::1]:9003 | 127.0.0.1:9002 | the same as of peer r2: peer[2].address=127.0.0.1:9002",
                "name = \"r3\" | name = \"r2\" | the same as of peer r2: peer[2].name=r2",
                "name = \"r1\" | name = 1 | must be text in quotes: relay.name",
                "name = \"r1\" | name = \" \" | must not be empty: relay.name",
                "name = \"r1\" | nam = \"r1\" | missing: relay.name",
                "key = \"r1.key\" | '' | missing: relay.key",
                "[relay] | [client] | missing: [relay]",
                "[engine] | [motor] | unknown key: motor",
                "threading | treading | unknown key: engine.treading",
                "slots = 4096 | slots = 3 | must be a whole number from 128 to 1048576: engine.slots=3",
                "slots = 4096 | slots = 0 | must be a whole number from 128 to 1048576: engine.slots=0",
                "slots = 4096 | slots = \"many\" | must be a whole number from 128 to 1048576: engine.slots=many",
                "slots = 4096 | receipts-keep = 9 | means nothing without receipts: engine.receipts-keep=9",
                "slots = 4096 | receipts-keep = 0 | must be a whole number from 1 to 1000000: engine.receipts-keep=0",
                "slots = 4096 | receipts-segment-mib = 8 | must be a whole number from 16 to 65536:"
                        + " engine.receipts-segment-mib=8",
                "100us | 100 | must be a duration such as 100us, 1ms or 2s: engine.tick=100",
                "100us | 999ns | must be 1us or more: engine.tick=999ns",
                "00112233445566778899AABBCCDDEEFF | 0011 | must be 16 bytes in hex: peer[1].id=0011",
                "public-key = | id = | must be 16 bytes in hex: peer[2].id=" + AB_32,
                "psk-file = \"r3.psk\" | '' | missing: peer[2].link-key",
                "[[peer]] | [peer] | not valid TOML at line",
            })
    void refusesWithTheNameOfWhatIsWrong(String replaced, String by, String message) throws IOException {
        OwnerFile.write(folder.resolve("r3.psk"), "ff".repeat(32));
        assertThat(RELAY).contains(replaced);
        final Path file = write(RELAY.replace(replaced, by));

        assertThatThrownBy(() -> ConfigFile.relay(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageMatching(
                        Pattern.quote(file.toString()) + "(:[0-9]+)?: " + Pattern.quote(message) + "(?s:.*)");
    }

    @Test
    void refusesAnIdAndAPublicKeyTogether() throws IOException {
        final Path file = write(RELAY.replaceFirst("id = ", "public-key = \"" + AB_32 + "\"\nid = "));

        assertThatThrownBy(() -> ConfigFile.relay(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "needs exactly one of public-key, id, and identity with descriptor: peer[1].name=r2");
    }

    @Test
    void refusesAPskInTwoPlaces() throws IOException {
        final Path file = write(RELAY.replace("psk-file", "psk = \"" + PSK + "\"\npsk-file"));

        assertThatThrownBy(() -> ConfigFile.relay(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("give psk or psk-file, not both: peer[2].psk-file=");
    }

    @Test
    void noRefusalShowsASecret() throws IOException {
        final String wrong = PSK.replace("ef", "xy");
        OwnerFile.write(folder.resolve("r3.psk"), wrong);
        final Path valid = write(RELAY);
        assertThatThrownBy(() -> ConfigFile.relay(valid))
                .hasMessageEndingWith("r3.psk: must hold 32 bytes in hex")
                .hasNoCause();

        final Path inline = write(RELAY.replace(PSK, wrong));
        assertThatThrownBy(() -> ConfigFile.relay(inline))
                .hasMessageEndingWith("must be 32 bytes in hex: peer[1].psk")
                .hasNoCause();

        final Path unquoted = write(RELAY.replace('"' + PSK + '"', PSK));
        assertThatThrownBy(() -> ConfigFile.relay(unquoted))
                .isInstanceOf(ConfigException.class)
                .hasNoCause()
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(PSK.substring(0, 8)));

        OwnerFile.write(folder.resolve("r3.psk"), PSK);
        assertThat(ConfigFile.relay(write(RELAY)).toString()).contains("hidden").doesNotContain(PSK);
    }

    @Test
    void refusesASecretThatOthersCanRead() throws IOException {
        final Path psk = OwnerFile.write(folder.resolve("r3.psk"), PSK);
        final Path file = write(RELAY);
        ConfigFile.relay(file);
        for (String mode : new String[] {"rw-r-----", "rw----r--", "rw-----w-"}) {
            for (Path open : new Path[] {psk, file}) {
                Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(mode));
                assertThatThrownBy(() -> ConfigFile.relay(file))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageEndingWith("mend it with chmod 600: " + open);
                Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-------"));
            }
        }

        final String linkKey = "link-key = \"" + AB_32 + "\"";
        final Path without = write(RELAY.replaceFirst("psk = .*", linkKey).replaceFirst("psk-file.*", linkKey));
        Files.setPosixFilePermissions(without, PosixFilePermissions.fromString("rw-r--r--"));
        ConfigFile.relay(without); // holds no secret
    }

    @ParameterizedTest
    @CsvSource({"engine,journal", "engine,receipts", "epochs,keys", "epochs,publish"})
    void refusesAFileWhereAFolderIsWanted(String section, String key) throws IOException {
        Files.writeString(folder.resolve("taken"), "a file");
        final String file = """
            [relay]
            name = "r1"
            listen = "127.0.0.1:0"
            key = "r1.key"
            [%s]
            %s = "%s"
            """;
        final String full = section + "." + key + "=";
        assertRefused(file.formatted(section, key, "taken"), "is a file, not a folder: " + full + "taken");
        assertRefused(
                file.formatted(section, key, "taken/a/b"), "would lie in a file, not a folder: " + full + "taken/a/b");
        assertThat(ConfigFile.relay(write(file.formatted(section, key, "new/folder"))))
                .isNotNull();
        assertThat(ConfigFile.relay(write(file.formatted(section, key, ".")))).isNotNull();
    }

    @Test
    void missingFilesAreNamed() throws IOException {
        assertThatThrownBy(() -> ConfigFile.relay(folder.resolve("nothing.toml")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("nothing.toml");
        final Path file = write(RELAY);
        assertThatThrownBy(() -> ConfigFile.relay(file))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("r3.psk");
    }

    @Test
    void aFileThatIsNoTextIsNamed() throws IOException {
        final Path file = folder.resolve("binary.toml");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});

        assertThatThrownBy(() -> ConfigFile.relay(file))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": has the byte order mark of UTF-16: save the file as UTF-8");
    }

    private Path write(String content) throws IOException {
        final Path file = folder.resolve("relay.toml");
        OwnerFile.write(file, content);
        return file;
    }

    private static int[] bytes(PeerEntry peer) {
        final MemorySegment key = peer.psk().orElseThrow().key().segment();
        final int[] unsigned = new int[LinkSecret.LENGTH];
        for (int i = 0; i < unsigned.length; i++) {
            unsigned[i] = Byte.toUnsignedInt(key.get(JAVA_BYTE, i));
        }
        return unsigned;
    }
}

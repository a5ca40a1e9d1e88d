package io.millrace.node.config;

import static io.millrace.node.config.RelayText.AB_32;
import static io.millrace.node.config.RelayText.PSK;
import static io.millrace.node.config.RelayText.RELAY;
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
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables and keys of a relay's and a client's file. */
class ConfigFileTest {
    @TempDir
    private Path folder;

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
        assertThat(file.engine().texts())
                .containsEntry("threading", "split")
                .containsEntry("delay", "exponential(1ms,10ms)")
                .containsEntry("idle", "backoff")
                .containsEntry("slots", "4096")
                .containsEntry("replay-tags", "1000")
                .containsEntry("tick", "100us");
        assertThat(file.engine().config().slotCount()).isEqualTo(4096);
        assertThat(file.engine().config().tick()).isEqualTo(Duration.ofNanos(100_000));
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

        assertThat(file.engine()).isEqualTo(EngineSettings.of(Map.of()));
        assertThat(file.peers()).isEmpty();
    }

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
                "[relay] hybrid=on: must be off, offered or required");
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
        assertRefused(linked.replace("\"tcp\"", "\"sctp\""), "[[peer]] link=sctp: must be udp or tcp");
        assertRefused(
                linked.replaceFirst("link = .*", "psk = \"" + AB_32 + "\""),
                "[[peer]] psk: give link-key or psk, not both");
        assertRefused(
                linked.replaceFirst("link-key = .*", "psk = \"" + AB_32 + "\""),
                "[[peer]] link=tcp: a link with a pre-shared key is over udp");
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
        assertRefused(rolling.replaceFirst("descriptor.*", ""), "[[peer]] descriptor: missing");
        assertRefused(rolling.replaceFirst("identity.*", ""), "[[peer]] identity: missing");
        assertRefused(
                rolling.replace("descriptor", "public-key = \"" + AB_32 + "\"\ndescriptor"),
                "[[peer]] name=r3: needs exactly one of public-key, id, and identity with descriptor");
        assertRefused(
                rolling + "[[peer]]\nname = \"r4\"\naddress = \"127.0.0.1:4\"\npsk = \"" + PSK + "\"\nidentity = \""
                        + AB_32 + "\"\ndescriptor = \"r4\"",
                "[[peer]] identity=" + AB_32 + ": the same as of peer r3");
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
                .hasMessageEndingWith("[[peer]] public-key: missing; write public-key = \"...\"");
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
                .hasMessageEndingWith("[[node]] name=r2: needs public-key, or identity and descriptor");
        assertThatThrownBy(() ->
                        ConfigFile.client(write(client + "[[node]]\nname = \"r3\"\npublic-key = \"" + AB_32 + "\"\n")))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("[[node]] public-key=" + AB_32 + ": the same as of peer r2");
        assertThatThrownBy(() -> ConfigFile.client(write(client + """
            [[peer]]
            name = "r2"
            public-key = "%s"
            address = "127.0.0.1:1"
            """.formatted("cd".repeat(32)))))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("[[node]] name=r2: the same as of peer r2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // replaced | by | line | message
                "127.0.0.1:9001 | 127.0.0.1:70000 | 3 | [relay] listen=127.0.0.1:70000: port must be 0 to 65535",
                "127.0.0.1:9002 | 127.0.0.1:0 | 19 | [[peer]] address=127.0.0.1:0: port must be 1 to 65535",
                "127.0.0.1:9002 | 9002 | 19 | [[peer]] address=9002: must be host:port",
                "[::1]:9003 | 127.0.0.1:9002 | 25 | [[peer]] address=127.0.0.1:9002: the same as of peer r2",
                "name = \"r3\" | name = \"r2\" | 23 | [[peer]] name=r2: the same as of peer r2",
                "name = \"r1\" | name = 1 | 2 | [relay] name=1: must be text in quotes",
                "name = \"r1\" | name = \" \" | 2 | [relay] name: must not be empty",
                "name = \"r1\" | nam = \"r1\" | 2 | [relay] nam: unknown key; did you mean name?",
                "name = \"r1\" | '' | 1 | [relay] name: missing; write name = \"r1\"",
                "key = \"r1.key\" | '' | 1 | [relay] key: missing; write key = \"r1.key\"",
                "[relay] | [client] | 1 | [client]: unknown table; tables: relay, engine, epochs, metrics, peer",
                "[engine] | [motor] | 6 | [motor]: unknown table; tables: relay, engine, epochs, metrics, peer",
                "[engine] | [enigne] | 6 | [enigne]: unknown table; did you mean engine?",
                "[engine] | [[engine]] | 6 | must be written as [engine]",
                "[relay] | slots = 3 [relay] | 1 | slots: a key must be below one of [relay], [engine], [epochs],",
                "threading | treading | 7 | [engine] treading: unknown key; did you mean threading?",
                "slots = 4096 | slot = 4096 | 12 | [engine] slot: unknown key; did you mean slots?",
                "slots = 4096 | colour = 1 | 12 | [engine] colour: unknown key; keys: threading, idle, provider,",
                "slots = 4096 | idle = \"backoff\" | 12 | [engine] idle: the same as idle, which is there too",
                "slots = 4096 | slots = 3 | 12 | [engine] slots=3: must be 64 to 1,048,576",
                "slots = 4096 | slots = 0 | 12 | [engine] slots=0: must be 64 to 1,048,576",
                "slots = 4096 | slots = \"many\" | 12 | [engine] slots=many: must be a whole number without quotes, 64",
                "slots = 4096 | batch = 0 | 12 | [engine] batch=0: must be 1 to 256",
                "slots = 4096 | ring = 1000 | 12 | [engine] ring=1000: must be a power of two, 64 to 1,048,576",
                "slots = 4096 | egress = 3 | 12 | [engine] egress=3: must be a power of two, 1 to 1,048,576",
                "slots = 4096 | receipts-keep = 9 | 12 | [engine] receipts-keep=9: has no effect without receipts",
                "slots = 4096 | receipts-keep = 0 | 12 | [engine] receipts-keep=0: must be 1 to 1,000,000",
                "slots = 4096 | receipts-segment-mib = 8 | 12 | [engine] receipts-segment-mib=8: must be 16 to 65,536",
                "slots = 4096 | journal-sync = 'group' | 12 | [engine] journal-sync=group: has no effect without journal",
                "100us | 100 | 14 | [engine] tick=100: must be a duration such as 100us, 1ms, 2s, 20min or 24h",
                "100us | 999ns | 14 | [engine] tick=999ns: must be 1us to 1s",
                "00112233445566778899AABBCCDDEEFF | 0011 | 18 | [[peer]] id=0011: must be 16 bytes in hex",
                "public-key = | id = | 24 | [[peer]] id=abababab",
                "psk-file = \"r3.psk\" | '' | 22 | [[peer]] link-key: missing; write link-key = ",
                "[[peer]] | [peer] | 22 | not valid TOML",
            })
    void namesFileLineTableAndKey(String replaced, String by, int line, String message) throws IOException {
        OwnerFile.write(folder.resolve("r3.psk"), "ff".repeat(32));
        assertThat(RELAY).contains(replaced);
        final Path file = write(RELAY.replace(replaced, by.replace(" [relay]", "\n[relay]")));

        assertThatThrownBy(() -> ConfigFile.relay(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(file + ":" + line + ": " + message);
    }

    @Test
    void refusesAnIdAndAPublicKeyTogether() throws IOException {
        final Path file = write(RELAY.replaceFirst("id = ", "public-key = \"" + AB_32 + "\"\nid = "));

        assertThatThrownBy(() -> ConfigFile.relay(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "[[peer]] name=r2: needs exactly one of public-key, id, and identity with descriptor");
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
        final String full = "[" + section + "] " + key + "=";
        assertRefused(file.formatted(section, key, "taken"), full + "taken: is a file, not a folder");
        assertRefused(file.formatted(section, key, "taken/a/b"), full + "taken/a/b: would lie in a file, not a folder");
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

    private static int[] bytes(PeerEntry peer) {
        final MemorySegment key = peer.psk().orElseThrow().key().segment();
        final int[] unsigned = new int[LinkSecret.LENGTH];
        for (int i = 0; i < unsigned.length; i++) {
            unsigned[i] = Byte.toUnsignedInt(key.get(JAVA_BYTE, i));
        }
        return unsigned;
    }

    private Path write(String content) throws IOException {
        return RelayText.write(folder, content);
    }
}

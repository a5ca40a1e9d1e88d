package io.millrace.node.config;

import io.millrace.test.OwnerFile;
import java.io.IOException;
import java.nio.file.Path;

/** A relay's file with two peers, for the tests of this package. */
final class RelayText {
    static final String AB_32 = "abababababababababababababababababababababababababababababababab";
    static final String PSK = "0123456789abcdef".repeat(4);
    static final String RELAY = """
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

    /** The file without its peers. */
    static final String HEAD = RELAY.substring(0, RELAY.indexOf("[[peer]]"));

    private RelayText() {}

    /** Writes a file that only its owner can read. */
    static Path write(Path folder, String content) throws IOException {
        final Path file = folder.resolve("relay.toml");
        OwnerFile.write(file, content);
        return file;
    }
}

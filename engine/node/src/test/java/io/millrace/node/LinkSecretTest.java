package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.SecretKey;
import io.millrace.node.config.ConfigFile;
import io.millrace.node.config.PeerEntry;
import io.millrace.relay.peer.Peer;
import io.millrace.sphinx.RelayId;
import io.millrace.test.OwnerFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pre-shared key of a configuration is wiped once the keys of its link are made. */
class LinkSecretTest {
    private static final String DIGITS = "0123456789abcdef".repeat(4);

    @TempDir
    private Path folder;

    @Test
    void thePreSharedKeyIsWipedOnceTheLinkHasItsKeys() throws IOException {
        OwnerFile.write(folder.resolve("link.psk"), DIGITS);
        for (String psk : new String[] {"psk = \"" + DIGITS + "\"", "psk-file = \"link.psk\""}) {
            final long before = SecretKey.liveCount();
            final PeerEntry entry = entry(psk);
            assertThat(SecretKey.liveCount()).as("the key of the file").isEqualTo(before + 1);

            final RelayId own = RelayId.ofHex("01".repeat(16));
            final Peer peer = NodePeers.linked(entry, own, Set.of(own));
            ((Peer.PreShared) peer).keys().close();

            assertThat(SecretKey.liveCount()).isEqualTo(before);
            assertThatThrownBy(() -> entry.psk().orElseThrow().key().segment())
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    private PeerEntry entry(String psk) throws IOException {
        final Path file = folder.resolve("relay.toml");
        OwnerFile.write(file, """
                [relay]
                name = "r1"
                listen = "127.0.0.1:7001"
                key = "r1.key"

                [[peer]]
                name = "r2"
                id = "%s"
                address = "127.0.0.1:7002"
                %s
                """.formatted("02".repeat(16), psk));
        return ConfigFile.relay(file).peers().getFirst();
    }
}

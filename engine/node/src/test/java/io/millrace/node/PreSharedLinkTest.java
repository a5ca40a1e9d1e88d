package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.SecureRandomness;
import io.millrace.node.config.ClientFile;
import io.millrace.node.config.ConfigFile;
import io.millrace.node.keys.KeyFile;
import io.millrace.test.OwnerFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client with links under pre-shared keys, which have no forward secrecy. */
class PreSharedLinkTest {
    @TempDir
    private Path folder;

    @Test
    void eachIsWarnedOfOnceWhereverItsKeyStands() throws IOException {
        OwnerFile.write(folder.resolve("r2.psk"), "5b".repeat(32));
        final List<String> notes = new CopyOnWriteArrayList<>();
        try (KeyFile keys = KeyFile.generate(new SecureRandomness())) {
            keys.write(folder.resolve("alice.key"), false);
            final ClientFile client = ConfigFile.client(OwnerFile.write(folder.resolve("alice.toml"), """
                [client]
                name = "alice"
                listen = "127.0.0.1:0"
                key = "alice.key"

                [[peer]]
                name = "r1"
                public-key = "%s"
                address = "127.0.0.1:9"
                psk = "%s"

                [[peer]]
                name = "r2"
                public-key = "%s"
                address = "127.0.0.1:10"
                psk-file = "r2.psk"

                [[peer]]
                name = "r3"
                public-key = "%s"
                address = "127.0.0.1:11"
                link-key = "%s"
                """.formatted(
                            drawnKey(), "5a".repeat(32), drawnKey(), drawnKey(), drawnKey())));

            ClientNode.open(client, keys, ClientNode.book(client), notes::add).close();
        }

        assertThat(notes).hasSize(2).allMatch(line -> line.contains("no forward secrecy: a stolen key opens"));
        assertThat(notes.get(0)).startsWith("warning: the link to r1 has a pre-shared key");
        assertThat(notes.get(1)).startsWith("warning: the link to r2 has a pre-shared key");
    }

    private static String drawnKey() {
        try (KeyFile keys = KeyFile.generate(new SecureRandomness())) {
            return keys.publicIdentity().publicKey();
        }
    }
}

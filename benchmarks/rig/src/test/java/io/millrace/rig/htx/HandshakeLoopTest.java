package io.millrace.rig.htx;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class HandshakeLoopTest {
    @Test
    void aLoopOfHandshakesKeepsNoSecretOpen() throws Exception {
        final long before = SecretKey.liveCount();
        try (Arena arena = Arena.ofConfined();
                HandshakeLoop handshakes = new HandshakeLoop(arena, new SecureRandomness())) {
            final long made = SecretKey.liveCount();
            assertThat(handshakes.handshakes(3).bothNs()).isPositive();
            assertThat(handshakes.kem(1)).isPositive();
            assertThat(SecretKey.liveCount()).isEqualTo(made);
        }
        assertThat(SecretKey.liveCount()).isEqualTo(before);
    }
}

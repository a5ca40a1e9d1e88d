package io.millrace.rig.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Counts of the attackers: connections that they made, and attempts that came to none. */
@Timeout(120)
class AttackersTest {
    private static final int SOME = 40;
    private static final String PUBLIC_KEY = "09" + "00".repeat(31);

    @Test
    void anAttemptWithoutAConnectionHasFailed() throws IOException {
        final int closed;
        try (ServerSocket server = new ServerSocket(0, 1, AttackSource.ADDRESS.server())) {
            closed = server.getLocalPort();
        }
        try (Attackers attackers = attackers(Attack.SILENT, closed)) {
            attackers.start();
            while (attackers.failed() < SOME) {
                Thread.onSpinWait();
            }
            attackers.stop();
            assertThat(attackers.connections()).isZero();
        }
    }

    @Test
    void aResetByTheServerIsNoFailedAttempt() throws IOException {
        try (ServerSocket server = server();
                Attackers attackers = attackers(Attack.PROBE, server.getLocalPort())) {
            attackers.start();
            for (int i = 0; i < SOME; i++) {
                final Socket socket = server.accept();
                assertThat(socket.getInputStream().read()).isNotNegative(); // the attacker has connected
                socket.setSoLinger(true, 0);
                socket.close();
            }
            attackers.stop();
            assertThat(attackers.connections()).isPositive();
            assertThat(attackers.failed()).isZero();
        }
    }

    @Test
    void theEndOfTheAttackIsNoFailedAttempt() throws IOException {
        try (ServerSocket server = server();
                Attackers attackers = attackers(Attack.SILENT, server.getLocalPort())) {
            attackers.start();
            while (attackers.connections() < SOME) {
                Thread.onSpinWait();
            }
            attackers.stop();
            assertThat(attackers.failed()).isZero();
        }
    }

    private static ServerSocket server() throws IOException {
        return new ServerSocket(0, 4 * SOME, AttackSource.ADDRESS.server());
    }

    private static Attackers attackers(Attack attack, int port) throws IOException {
        return new Attackers(new AttackChild.Setup(attack, AttackSource.ADDRESS, port, PUBLIC_KEY));
    }
}

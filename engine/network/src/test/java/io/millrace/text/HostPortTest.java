package io.millrace.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HostPortTest {
    private static final int ROUNDS = 20_000;

    @Test
    void takesBackEveryAddressThatItPrints() throws UnknownHostException {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int i = 0; i < ROUNDS; i++) {
            final InetSocketAddress address = new InetSocketAddress(address(random), random.nextInt(65_536));

            final String text = HostPort.text(address);

            assertThat(HostPort.parse(text, 0).resolve())
                    .as("seed=%d, text=%s", seed, text)
                    .isEqualTo(address);
        }
    }

    @Test
    void takesBackZonesNamesAndUnresolvedOnes() throws UnknownHostException {
        final InetSocketAddress zone = new InetSocketAddress(
                Inet6Address.getByAddress(null, InetAddress.ofLiteral("fe80::1").getAddress(), 3), 9001);

        assertThat(HostPort.text(zone)).isEqualTo("[fe80:0:0:0:0:0:0:1%3]:9001");
        assertThat(HostPort.parse(HostPort.text(zone), 1).resolve()).isEqualTo(zone);
        final InetSocketAddress name = InetSocketAddress.createUnresolved("relay.example", 9001);
        assertThat(HostPort.parse(HostPort.text(name), 1)).isEqualTo(new HostPort("relay.example", 9001));
    }

    @Test
    void refusesWhatNamesNoPort() {
        for (String text : List.of(
                "",
                "9001",
                ":9001",
                "host",
                "host:",
                "host:-1",
                "host:99999",
                "host:999999",
                "::1:9001",
                "0:0:0:0:0:0:0:1:9001",
                "[]:9001",
                "[host]:9001",
                "[::1]",
                "[::1:9001",
                "a b:1",
                "host:1 ")) {
            assertThatThrownBy(() -> HostPort.parse(text, 0)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> HostPort.parse("host:0", 1)).hasMessage("port must be 1 to 65535");
    }

    private static InetAddress address(Random random) throws UnknownHostException {
        final byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
        if (random.nextInt(4) != 0) {
            random.nextBytes(bytes);
        } else {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return InetAddress.getByAddress(bytes);
    }
}

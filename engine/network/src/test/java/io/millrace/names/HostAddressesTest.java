package io.millrace.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.text.HostPort;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostAddressesTest {
    private static final NameLookup BOTH_FAMILIES =
            host -> List.of(InetAddress.ofLiteral("::1"), InetAddress.ofLiteral("127.0.0.1"));
    private static final NameLookup NOTHING = host -> {
        throw new UnknownHostException(host);
    };

    @Test
    void looksNoNumbersUp() throws UnknownHostException {
        assertThat(HostAddresses.resolve(HostPort.parse("[::1]:7", 1), NOTHING))
                .containsExactly(new InetSocketAddress(InetAddress.ofLiteral("::1"), 7));
    }

    @Test
    void triesTheAddressesInTheirOrderUntilOneAnswers() throws IOException {
        final List<InetSocketAddress> tried = new ArrayList<>();
        final String result = HostAddresses.tryAll(HostPort.parse("two.test:7", 1), BOTH_FAMILIES, address -> {
            tried.add(address);
            if (tried.size() == 1) {
                throw new SocketTimeoutException("no answer");
            }
            return "second";
        });
        assertThat(result).isEqualTo("second");
        assertThat(tried)
                .containsExactly(
                        new InetSocketAddress(InetAddress.ofLiteral("::1"), 7),
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 7));
    }

    @Test
    void namesAllFailures() {
        assertThatThrownBy(() -> HostAddresses.tryAll(HostPort.parse("two.test:7", 1), BOTH_FAMILIES, address -> {
                    throw new ConnectException(address + " refused");
                }))
                .isInstanceOf(ConnectException.class)
                .hasMessageContainingAll("two.test:7", "/[0:0:0:0:0:0:0:1]:7 refused", "/127.0.0.1:7 refused");
    }

    @Test
    void stopsAtAnInterrupt() {
        final List<InetSocketAddress> tried = new ArrayList<>();
        assertThatThrownBy(() -> HostAddresses.tryAll(HostPort.parse("two.test:7", 1), BOTH_FAMILIES, address -> {
                    tried.add(address);
                    throw new InterruptedIOException("interrupted");
                }))
                .isInstanceOf(InterruptedIOException.class);
        assertThat(tried).hasSize(1);
    }

    @Test
    void saysWhichNameIsUnknown() {
        assertThatThrownBy(() -> HostAddresses.resolve(HostPort.parse("gone.test:7", 1), NOTHING))
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("unknown host: gone.test");
    }
}

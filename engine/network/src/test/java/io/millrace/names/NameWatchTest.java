package io.millrace.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.text.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NameWatchTest {
    private static final long DOWN_NS = NameWatch.DOWN.toNanos();
    private static final long UP_NS = NameWatch.UP.toNanos();
    private static final String FIRST = "192.0.2.1";
    private static final String SECOND = "2001:db8::2";

    private final Map<String, List<String>> hosts = new HashMap<>();
    private final List<String> looked = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final List<String> messages = new ArrayList<>();
    private boolean up;
    private boolean refusing;

    @Test
    void followsANameThatMoves() {
        hosts.put("r2.test", List.of(FIRST));
        final NameWatch watch = watch("r2.test:7");
        watch.round(0);
        assertThat(told).containsExactly("0 192.0.2.1:7");

        hosts.put("r2.test", List.of("192.0.2.3"));
        watch.round(DOWN_NS - 1);
        assertThat(told).hasSize(1);
        watch.round(DOWN_NS);
        assertThat(told).containsExactly("0 192.0.2.1:7", "0 192.0.2.3:7");
    }

    @Test
    void triesEveryAddressOfAPeerWhoseLinkIsDown() {
        hosts.put("r2.test", List.of(FIRST, SECOND));
        final NameWatch watch = watch("r2.test:7");
        for (int i = 0; i < 3; i++) {
            watch.round(i * DOWN_NS);
        }
        assertThat(told).containsExactly("0 192.0.2.1:7", "0 [2001:db8:0:0:0:0:0:2]:7", "0 192.0.2.1:7");
    }

    @Test
    void leavesAPeerWhoseLinkIsUpAtItsAddressAndLooksSeldom() {
        hosts.put("r2.test", List.of(FIRST, SECOND));
        final NameWatch watch = watch("r2.test:7");
        watch.round(0);
        up = true;
        watch.round(DOWN_NS);
        watch.round(DOWN_NS + UP_NS - 1);
        assertThat(looked).hasSize(2);
        watch.round(DOWN_NS + UP_NS);
        assertThat(looked).hasSize(3);
        assertThat(told).hasSize(1);
    }

    @Test
    void keepsTheLastAddressAndComplainsOnceWhenANameIsLost() {
        hosts.put("r2.test", List.of(FIRST));
        final NameWatch watch = watch("r2.test:7");
        watch.round(0);
        hosts.clear();
        watch.round(DOWN_NS);
        watch.round(2 * DOWN_NS);
        assertThat(told).hasSize(1);
        assertThat(messages).hasSize(1);
        assertThat(messages.getFirst())
                .startsWith("r2.test:7 has")
                .contains("the last one stays: 192.0.2.1:7; ", "unknown host: r2.test");

        hosts.put("r2.test", List.of(FIRST));
        watch.round(3 * DOWN_NS);
        assertThat(messages).hasSize(2);
        assertThat(messages.getLast()).endsWith("the address of r2.test:7 is known again: 192.0.2.1:7");
    }

    @Test
    void onePeerWithoutAnAddressKeepsNoOtherBack() {
        hosts.put("r3.test", List.of(SECOND));
        final NameWatch watch = watch("gone.test:7", "192.0.2.9:7", "r3.test:8");
        watch.round(0);
        assertThat(told).containsExactly("2 [2001:db8:0:0:0:0:0:2]:8");
        assertThat(looked).containsExactly("gone.test", "r3.test");
    }

    @Test
    void anAddressThatIsRefusedIsFollowedByTheNextOne() {
        hosts.put("r2.test", List.of(SECOND, FIRST));
        final NameWatch watch = watch("r2.test:7");
        refusing = true;
        watch.round(0);
        assertThat(messages).hasSize(1);
        refusing = false;
        watch.round(DOWN_NS);
        assertThat(told).containsExactly("0 192.0.2.1:7");
    }

    @Test
    void looksUpOnAThreadSoThatTheStartWaitsForNoName() throws InterruptedException {
        final Thread starter = Thread.currentThread();
        final CountDownLatch asked = new CountDownLatch(1);
        final CountDownLatch answer = new CountDownLatch(1);
        try (NameWatch watch = NameWatch.start(
                List.of(HostPort.parse("slow.test:7", 1)),
                host -> {
                    assertThat(Thread.currentThread()).isNotSameAs(starter);
                    asked.countDown();
                    awaitUninterrupted(answer);
                    throw new UnknownHostException(host);
                },
                new Told())) {
            assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue(); // and yet it has started
            assertThat(watch).isNotNull();
        } finally {
            answer.countDown();
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private NameWatch watch(String... peers) {
        return NameWatch.unstarted(
                List.of(peers).stream().map(each -> HostPort.parse(each, 1)).toList(),
                host -> {
                    looked.add(host);
                    if (!hosts.containsKey(host)) {
                        throw new UnknownHostException(host);
                    }
                    return hosts.get(host).stream().map(InetAddress::ofLiteral).toList();
                },
                new Told());
    }

    private final class Told implements NameWatch.Listener {
        @Override
        public boolean isUp(int peer) {
            return up;
        }

        @Override
        public void onAddress(int peer, InetSocketAddress address) {
            if (refusing) {
                throw new IllegalArgumentException("an IPv4 socket does not reach an IPv6 peer");
            }
            told.add(peer + " " + HostPort.text(address));
        }

        @Override
        public void onMessage(String message) {
            messages.add(message);
        }
    }
}

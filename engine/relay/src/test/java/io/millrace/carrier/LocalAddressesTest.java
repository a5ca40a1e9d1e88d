package io.millrace.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class LocalAddressesTest {
    private static final int AF_INET6 = 10;
    private static final long MAPPED_PREFIX = 0xffffL << 32;

    private final LocalAddresses addresses = new LocalAddresses();
    private final MessageVector messages = new MessageVector(Arena.ofAuto(), 1, 1, AF_INET6);

    @Test
    void anOriginIsOfItsPeerAndAddress() {
        final int origin = addresses.origin(65_535, 1, 2, 3);
        assertThat(origin).isLessThan(DatagramBatch.UNKNOWN_PEER);
        assertThat(LocalOrigins.peer(origin)).isEqualTo(65_535);
        assertThat(addresses.origin(65_535, 1, 2, 4)).isEqualTo(origin); // by another interface
        assertThat(addresses.origin(65_534, 1, 2, 3)).isNotEqualTo(origin);
        assertThat(addresses.origin(65_535, 1, 3, 3)).isNotEqualTo(origin);
        assertThat(addresses.pointAtOrigin(origin, messages)).isTrue();
        assertThat(messages.isFrom(1, 2, 0)).isTrue();
    }

    @Test
    void anAddressOfOneLinkGoesWithItsInterface() {
        final long link = 0xfe80L << 48;
        final int origin = addresses.origin(0, link, 1, 7);
        assertThat(addresses.origin(0, link, 1, 8)).isNotEqualTo(origin);
        addresses.bind(origin, 0);
        addresses.pointAtPeer(0, messages);
        assertThat(messages.hasSource()).isTrue();
        assertThat(messages.isFrom(link, 1, 7)).isTrue();
    }

    @Test
    void nothingIsSentFromAnAddressOfManyOrOfNone() {
        for (int ipv4 : new int[] {0, -1, 0xe0000001, 0xefffffff}) {
            assertThat(addresses.origin(5, 0, MAPPED_PREFIX | Integer.toUnsignedLong(ipv4), 1))
                    .isEqualTo(5);
        }
        assertThat(addresses.origin(5, 0, 0, 1)).isEqualTo(5);
        assertThat(addresses.origin(5, 0xff02L << 48, 1, 1)).isEqualTo(5);
        assertThat(addresses.origin(65_536, 1, 2, 3)).isEqualTo(65_536);
        assertThat(addresses.origin(DatagramBatch.UNKNOWN_PEER, 1, 2, 3)).isEqualTo(DatagramBatch.UNKNOWN_PEER);
    }

    @Test
    void remembersSixtyFourAddressesAndVoidsTheOriginsOfOlderOnes() {
        final int first = addresses.origin(0, 1, 0, 0);
        addresses.bind(first, 0);
        for (int i = 1; i < 64; i++) {
            addresses.origin(0, 1, i, 0);
        }
        assertThat(addresses.pointAtOrigin(first, messages)).isTrue();
        addresses.origin(0, 1, 64, 0);
        assertThat(addresses.pointAtOrigin(first, messages)).isFalse();
        addresses.bind(first, 1);
        addresses.pointAtPeer(1, messages);
        assertThat(messages.hasSource()).isFalse();

        addresses.pointAtPeer(0, messages); // keeps its own
        assertThat(messages.isFrom(1, 0, 0)).isTrue();
        assertThat(addresses.origin(0, 1, 64, 0)).isEqualTo(addresses.origin(0, 1, 64, 0));
    }
}

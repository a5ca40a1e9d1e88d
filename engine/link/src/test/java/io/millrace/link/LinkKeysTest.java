package io.millrace.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.frame.FrameStatus;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys from a secret that two ends share: only the other end opens the frames of one. */
class LinkKeysTest {
    private static final Instant NOW = Instant.parse("2026-11-23T05:00:00Z");
    private static final byte[] A = id(1);
    private static final byte[] B = id(200); // above 127: ids compare unsigned

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment memory = arena.allocate(4_096);
    private final LinkSealer sealer = new LinkSealer(arena, CryptoProviders.byName("sodium"), memory, 1);
    private final LinkOpener opener = new LinkOpener(arena, CryptoProviders.byName("sodium"), memory, 1);

    @AfterEach
    void closeArena() {
        arena.close();
    }

    @Test
    void twoEndsUnderstandEachOtherInBothDirections() {
        assertThat(send(1, A, B, NOW, 1, B, A, NOW)).isEqualTo(FrameStatus.OK);
        assertThat(send(1, B, A, NOW, 1, A, B, NOW)).isEqualTo(FrameStatus.OK);
    }

    @Test
    void nobodyElseOpensAFrame() {
        assertThat(send(1, A, B, NOW, 1, A, B, NOW)).as("own frame").isEqualTo(FrameStatus.BAD_TAG);
        assertThat(send(1, A, B, NOW, 2, B, A, NOW)).as("other secret").isEqualTo(FrameStatus.BAD_TAG);
        assertThat(send(1, A, B, NOW, 1, id(3), A, NOW)).as("other receiver").isEqualTo(FrameStatus.BAD_TAG);
        assertThat(send(1, A, B, NOW, 1, B, id(3), NOW)).as("other sender").isEqualTo(FrameStatus.BAD_TAG);
    }

    /** The keys are the same after a restart, so the counters must not be. */
    @Test
    void countsOnAfterARestart() {
        final long first = firstCounter(NOW);
        final long afterMillisecond = firstCounter(NOW.plusMillis(1));

        assertThat(Long.compareUnsigned(afterMillisecond, first)).isPositive();
        assertThat(afterMillisecond - first).isGreaterThan(4_000_000);
        assertThat(send(1, A, B, NOW.plusSeconds(3_600), 1, B, A, NOW)).isEqualTo(FrameStatus.OK);
    }

    @Test
    void refusesFramesOfBeforeTheReceiversClock() {
        final Instant skewed = NOW.minusMillis(LinkKeys.CLOCK_SKEW_MS);

        assertThat(send(1, A, B, skewed, 1, B, A, NOW)).isEqualTo(FrameStatus.OK);
        assertThat(send(1, A, B, skewed.minusMillis(1), 1, B, A, NOW)).isEqualTo(FrameStatus.OLD_OR_DUPLICATE);
    }

    @Test
    void refusesIdsThatAreEqualOrOfTheWrongLength() {
        try (SecretKey psk = psk(1)) {
            assertThatThrownBy(() -> LinkKeys.preShared(psk, A, A.clone(), NOW))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the same id");
            assertThatThrownBy(() -> LinkKeys.preShared(psk, new byte[15], B, NOW))
                    .hasMessageContaining("ownLength=15");
            assertThatThrownBy(() -> LinkKeys.preShared(psk, A, new byte[17], NOW))
                    .hasMessageContaining("peerLength=17");
        }
        try (SecretKey tooShort = SecretKey.takeFrom(new byte[31])) {
            assertThatThrownBy(() -> LinkKeys.preShared(tooShort, A, B, NOW)).hasMessageContaining("pskLength=31");
        }
    }

    private int send(
            int pskOfSender,
            byte[] from,
            byte[] to,
            Instant sent,
            int pskOfReceiver,
            byte[] own,
            byte[] peer,
            Instant opened) {
        try (SecretKey senderPsk = psk(pskOfSender);
                SecretKey receiverPsk = psk(pskOfReceiver);
                Link sender = new Link(LinkKeys.preShared(senderPsk, from, to, sent));
                Link receiver = new Link(LinkKeys.preShared(receiverPsk, own, peer, opened))) {
            assertThat(sealer.add(0, sender, 0)).isTrue();
            sealer.seal();
            final int added = opener.add(0, LinkFrame.FRAME_LENGTH, receiver, true);
            if (added != FrameStatus.OK) {
                return added;
            }
            opener.open();
            return opener.status(0);
        }
    }

    private static long firstCounter(Instant now) {
        try (SecretKey psk = psk(1);
                LinkKeys keys = LinkKeys.preShared(psk, A, B, now)) {
            return keys.firstCounter();
        }
    }

    private static SecretKey psk(int number) {
        return SecretKey.takeFrom(filled(32, number));
    }

    private static byte[] id(int number) {
        return filled(LinkKeys.ID_LENGTH, number);
    }

    private static byte[] filled(int length, int number) {
        final byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) number);
        return bytes;
    }
}

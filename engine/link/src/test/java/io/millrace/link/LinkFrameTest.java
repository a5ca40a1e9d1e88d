package io.millrace.link;

import static io.millrace.memory.Layouts.LE_LONG;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.frame.FrameStatus;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.SplittableRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Seals with one end of a link and opens with the other; the JDK's own cipher gives the expected frame. */
class LinkFrameTest {
    private static final int FRAME = LinkFrame.FRAME_LENGTH;
    private static final int HEADER = LinkFrame.HEADER_LENGTH;
    private static final int STRIDE = 2_304;
    private static final int LIMIT = 32;
    private static final byte[] KEY_1 = key(1);
    private static final byte[] KEY_2 = key(2);

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate((long) LIMIT * STRIDE, 64);
    private final BatchCrypto crypto = CryptoProviders.byName("sodium");
    private final LinkSealer sealer = new LinkSealer(arena, crypto, memory, LIMIT);
    private final LinkOpener opener = new LinkOpener(arena, crypto, memory, LIMIT);
    private final Link near = link(KEY_1, KEY_2, 0);
    private final Link far = link(KEY_2, KEY_1, 0);
    private final long seed = System.nanoTime();

    @AfterEach
    void closeAll() {
        near.close();
        far.close();
        arena.close();
    }

    @Test
    void isChaCha20Poly1305UnderTheCounterWithTheHeaderAsAssociatedData() throws GeneralSecurityException {
        final byte[] packet = packet(0);
        try (Link link = link(KEY_1, KEY_2, 0x1122334455667788L)) {
            seal(0, link, packet);
        }
        final byte[] frame = frame(0);

        assertThat(FRAME).isEqualTo(2_076);
        assertThat(Arrays.copyOf(frame, 10))
                .containsExactly(0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 2_066 >> 8, 2_066 & 0xff);
        final byte[] text =
                cipher(Cipher.DECRYPT_MODE, KEY_1, 0x1122334455667788L, frame).doFinal(frame, 10, FRAME - 10);
        assertThat(text).hasSize(2_050);
        assertThat(text[0]).isEqualTo((byte) LinkFrame.TYPE_PACKET);
        assertThat(text[1]).isZero();
        assertThat(Arrays.copyOfRange(text, 2, 2_050)).isEqualTo(packet);
    }

    @Test
    void carriesThePacketsOfSeveralLinksInOneBatch() {
        try (Link otherNear = link(key(3), key(4), 77);
                Link otherFar = link(key(4), key(3), 0)) {
            final byte[][] packets = new byte[LIMIT][];
            for (int i = 0; i < LIMIT; i++) {
                packets[i] = packet(i);
                write(i, packets[i]);
                assertThat(sealer.add(position(i), i % 3 == 0 ? otherNear : near, 0))
                        .isTrue();
            }
            assertThat(sealer.seal()).isEqualTo(LIMIT);
            assertThat(sealer.seal()).isZero();
            for (int i = 0; i < LIMIT; i++) {
                assertThat(opener.add(position(i), FRAME, i % 3 == 0 ? otherFar : far, true))
                        .isEqualTo(FrameStatus.OK);
            }
            assertThat(opener.open()).isEqualTo(LIMIT);
            for (int i = 0; i < LIMIT; i++) {
                final Link link = i % 3 == 0 ? otherFar : far;
                assertThat(opener.status(i)).as("seed=%d", seed).isEqualTo(FrameStatus.OK);
                assertThat(link.accept(opener.counter(i))).isTrue();
                assertThat(read(i)).isEqualTo(packets[i]);
            }
            assertThat(opener.open()).isZero();
        }
    }

    /** Each flipped frame has an untouched one before and behind it in its batch, which must not notice. */
    @Test
    void refusesEverySingleBitFlipAndNothingBesideIt() {
        final byte[] packet = packet(0);
        seal(0, near, packet);
        final byte[] sealed = frame(0);
        for (int bit = 0; bit < FRAME * 8; bit++) {
            for (int i = 0; i < 3; i++) {
                MemorySegment.copy(sealed, 0, memory, JAVA_BYTE, position(i), FRAME);
            }
            final long at = position(1) + bit / 8;
            memory.set(JAVA_BYTE, at, (byte) (memory.get(JAVA_BYTE, at) ^ 1 << bit % 8));
            final boolean inLength = bit / 8 == 8 || bit / 8 == 9;

            assertThat(opener.add(position(0), FRAME, far, false)).isEqualTo(FrameStatus.OK);
            assertThat(opener.add(position(1), FRAME, far, false))
                    .isEqualTo(inLength ? FrameStatus.BAD_LENGTH : FrameStatus.OK);
            assertThat(opener.add(position(2), FRAME, far, false)).isEqualTo(FrameStatus.OK);
            final int opened = opener.open();

            assertThat(opened).isEqualTo(inLength ? 2 : 3);
            assertThat(opener.status(0)).isEqualTo(FrameStatus.OK);
            assertThat(opener.status(opened - 1)).isEqualTo(FrameStatus.OK);
            if (!inLength) {
                assertThat(opener.status(1)).as("bit=%d", bit).isEqualTo(FrameStatus.BAD_TAG);
                assertThat(read(1)).as("released a forged packet: bit=%d", bit).isNotEqualTo(packet);
            }
            assertThat(read(0)).isEqualTo(packet);
            assertThat(read(2)).isEqualTo(packet);
        }
    }

    @Test
    void refusesEveryOtherLength() {
        seal(0, near, packet(0));
        for (int length = 0; length <= FRAME + 100; length++) {
            if (length != FRAME) {
                assertThat(opener.add(position(0), length, far, true)).isEqualTo(FrameStatus.BAD_LENGTH);
            }
        }
        assertThat(opener.open()).isZero();
        assertThat(open(0, far)).isEqualTo(FrameStatus.OK);
    }

    @Test
    void refusesAFrameThatComesBackToItsSenderOrGoesToAnotherLink() {
        seal(0, near, packet(0));
        final byte[] sealed = frame(0);
        assertThat(open(0, near)).isEqualTo(FrameStatus.BAD_TAG);
        restore(0, sealed);
        try (Link other = link(key(5), key(6), 0)) {
            assertThat(open(0, other)).isEqualTo(FrameStatus.BAD_TAG);
        }
        restore(0, sealed);
        assertThat(open(0, far)).isEqualTo(FrameStatus.OK);
    }

    @Test
    void acceptsAFrameOnceEvenWithinOneBatch() {
        seal(0, near, packet(0));
        restore(1, frame(0));
        assertThat(opener.add(position(0), FRAME, far, true)).isEqualTo(FrameStatus.OK);
        assertThat(opener.add(position(1), FRAME, far, true)).isEqualTo(FrameStatus.OK);
        restore(2, frame(0));
        assertThat(opener.open()).isEqualTo(2);

        assertThat(opener.status(0)).isEqualTo(FrameStatus.OK);
        assertThat(opener.status(1)).isEqualTo(FrameStatus.OK);
        assertThat(far.accept(opener.counter(0))).isTrue();
        assertThat(far.accept(opener.counter(1))).isFalse();
        assertThat(opener.add(position(2), FRAME, far, true)).isEqualTo(FrameStatus.OLD_OR_DUPLICATE);
    }

    @Test
    void aForgedCounterDoesNotMoveTheWindow() {
        seal(0, near, packet(0));
        seal(1, near, packet(1));
        memory.set(LE_LONG, position(1), Long.MIN_VALUE);

        assertThat(open(1, far)).isEqualTo(FrameStatus.BAD_TAG);
        assertThat(open(0, far)).isEqualTo(FrameStatus.OK);
        assertThat(far.accept(opener.counter(0))).isTrue();
    }

    @Test
    void acceptsFramesInAnyOrderWithinTheWindow() {
        final SplittableRandom random = new SplittableRandom(seed);
        final int[] order = new int[LIMIT];
        for (int i = 0; i < LIMIT; i++) {
            seal(i, near, packet(i));
            final int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        for (int i : order) {
            assertThat(open(i, far)).as("seed=%d", seed).isEqualTo(FrameStatus.OK);
            assertThat(far.accept(opener.counter(0))).as("seed=%d", seed).isTrue();
        }
    }

    @Test
    void aCounterFarAheadLeavesOldFramesBehind() {
        seal(0, near, packet(0));
        try (Link future = link(KEY_1, KEY_2, Long.MIN_VALUE + 5)) {
            seal(1, future, packet(1));
        }
        assertThat(open(1, far)).isEqualTo(FrameStatus.OK);
        assertThat(far.accept(opener.counter(0))).isTrue();

        assertThat(opener.add(position(0), FRAME, far, true)).isEqualTo(FrameStatus.OLD_OR_DUPLICATE);
    }

    @Test
    void stopsBeforeTheReservedCounter() {
        try (Link last = link(KEY_1, KEY_2, -3)) {
            assertThat(last.canSend(2)).isTrue();
            assertThat(last.canSend(3)).isFalse();
            seal(0, last, packet(0));
            seal(1, last, packet(1));
            assertThat(sealer.add(position(2), last, 0)).isFalse();
            assertThat(sealer.seal()).isZero();
        }
        assertThat(memory.get(LE_LONG, position(1))).isEqualTo(-2);
        assertThat(open(1, far)).isEqualTo(FrameStatus.OK);
        assertThat(far.accept(-2)).isTrue();
        assertThat(far.isNew(-1)).isFalse();
        assertThat(far.accept(-1)).isFalse();
    }

    @Test
    void refusesAnAuthenticFrameThatIsNoPacket() throws GeneralSecurityException {
        for (int type = 0; type < 256; type++) {
            assertThat(openCrafted(type, 0))
                    .isEqualTo(type == LinkFrame.TYPE_PACKET ? FrameStatus.OK : FrameStatus.BAD_TYPE);
        }
    }

    @Test
    void carriesTheLowBitsOfTheReceiversEpochUnderTheTag() {
        for (long epoch : new long[] {0, 1, 127, 128, 255, 256, 0x1_0000_0042L}) {
            write(1, packet(1));
            assertThat(sealer.add(position(1), near, epoch)).isTrue();
            sealer.seal();
            assertThat(open(1, far)).isEqualTo(FrameStatus.OK);
            assertThat(opener.epoch(0)).isEqualTo((int) (epoch & 0xff));
        }
        for (int epoch = 0; epoch < 256; epoch++) {
            final int sealed = epoch;
            write(1, packet(1));
            assertThat(sealer.add(position(1), near, sealed)).isTrue();
            sealer.seal();
            final long at = position(1) + LinkFrame.EPOCH_OFFSET;
            memory.set(JAVA_BYTE, at, (byte) (memory.get(JAVA_BYTE, at) ^ 1));
            assertThat(open(1, far)).isEqualTo(FrameStatus.BAD_TAG);
        }
    }

    @Test
    void writesNothingOutsideTheFrame() {
        memory.fill((byte) 0x77);
        write(1, packet(1));
        assertThat(sealer.add(position(1), near, 0)).isTrue();
        sealer.seal();
        assertThat(open(1, far)).isEqualTo(FrameStatus.OK);

        for (long at = 0; at < 3L * STRIDE; at++) {
            if (at < position(1) || at >= position(1) + FRAME) {
                assertThat(memory.get(JAVA_BYTE, at)).isEqualTo((byte) 0x77);
            }
        }
    }

    @Test
    void allocatesNothingPerFrame() {
        final var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 3_000 && least > 0; round++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < LIMIT; i++) {
                sealer.add(position(i), near, 0);
            }
            sealer.seal();
            for (int i = 0; i < LIMIT; i++) {
                opener.add(position(i), FRAME, far, true);
            }
            opener.open();
            for (int i = 0; i < LIMIT; i++) {
                if (opener.status(i) != FrameStatus.OK || !far.accept(opener.counter(i))) {
                    throw new AssertionError("status=" + opener.status(i));
                }
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).as("bytes a batch").isZero();
    }

    private int openCrafted(int type, int streamId) throws GeneralSecurityException {
        final byte[] text = new byte[2_050];
        text[0] = (byte) type;
        text[1] = (byte) streamId;
        final byte[] frame = ByteBuffer.allocate(FRAME)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(9)
                .order(ByteOrder.BIG_ENDIAN)
                .putShort((short) 2_066)
                .array();
        cipher(Cipher.ENCRYPT_MODE, KEY_1, 9, frame).doFinal(text, 0, text.length, frame, 10);
        restore(0, frame);
        return open(0, far);
    }

    private void seal(int index, Link link, byte[] packet) {
        write(index, packet);
        assertThat(sealer.add(position(index), link, 0)).isTrue();
        assertThat(sealer.seal()).isOne();
    }

    private int open(int index, Link link) {
        final int added = opener.add(position(index), FRAME, link, true);
        if (added != FrameStatus.OK) {
            return added;
        }
        assertThat(opener.open()).isOne();
        return opener.status(0);
    }

    /** Not aligned, so that nothing may rely on it. */
    private static long position(int index) {
        return (long) index * STRIDE + 53;
    }

    private byte[] packet(int index) {
        final byte[] packet = new byte[LinkFrame.PACKET_LENGTH];
        new SplittableRandom(seed + index).nextBytes(packet);
        return packet;
    }

    private void write(int index, byte[] packet) {
        MemorySegment.copy(packet, 0, memory, JAVA_BYTE, position(index) + HEADER, packet.length);
    }

    private byte[] read(int index) {
        return memory.asSlice(position(index) + HEADER, LinkFrame.PACKET_LENGTH).toArray(JAVA_BYTE);
    }

    private byte[] frame(int index) {
        return memory.asSlice(position(index), FRAME).toArray(JAVA_BYTE);
    }

    private void restore(int index, byte[] frame) {
        MemorySegment.copy(frame, 0, memory, JAVA_BYTE, position(index), FRAME);
    }

    private static Link link(byte[] send, byte[] receive, long nextCounter) {
        return new Link(
                new LinkKeys(SecretKey.takeFrom(send.clone()), SecretKey.takeFrom(receive.clone())), nextCounter);
    }

    private static byte[] key(int number) {
        final byte[] key = new byte[32];
        Arrays.fill(key, (byte) number);
        return key;
    }

    private static Cipher cipher(int mode, byte[] key, long counter, byte[] frame) throws GeneralSecurityException {
        final byte[] nonce = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(4, counter)
                .array();
        final Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
        cipher.init(mode, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(nonce));
        cipher.updateAAD(frame, 0, 10);
        return cipher;
    }
}

package io.millrace.frame;

import static io.millrace.memory.Layouts.BE_SHORT;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
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

/** Seals frames and opens them; the JDK's own cipher gives the expected frame. */
class FrameSealingTest {
    private static final byte[] KEY = key();

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(80_000, 64);
    private final BatchCrypto crypto = CryptoProviders.byName("sodium");
    private final FrameSealer sealer = new FrameSealer(arena, crypto, memory);
    private final FrameOpener opener = new FrameOpener(arena, crypto, memory, Frame.HARD_MAX_LENGTH);
    private final SendingKeySchedule sending = sendingKeys(RekeyLimits.HTX1, 0);
    private final ReceivingKeySchedule receiving = receivingKeys(RekeyLimits.HTX1, 0);
    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    @AfterEach
    void closeAll() {
        sending.close();
        receiving.close();
        arena.close();
    }

    @Test
    void isChaCha20Poly1305UnderTheCounterWithTheLengthAsAssociatedData() throws GeneralSecurityException {
        final byte[] payload = put(4, 100);
        final int length;
        try (SendingKeySchedule keys = sendingKeys(RekeyLimits.HTX1, 0x1122334455667788L)) {
            length = sealer.seal(keys, 0, FrameType.STREAM | FrameType.FIN, 5, 100, 3);
        }
        final byte[] frame = memory.asSlice(0, length).toArray(JAVA_BYTE);

        assertThat(length).isEqualTo(2 + 1 + 1 + 100 + 3 + 16);
        assertThat(frame[0]).isZero();
        assertThat(frame[1]).isEqualTo((byte) (length - 2));
        final Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
        final byte[] nonce = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(4, 0x1122334455667788L)
                .array();
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(KEY, "ChaCha20"), new IvParameterSpec(nonce));
        cipher.updateAAD(frame, 0, 2);
        final byte[] text = cipher.doFinal(frame, 2, length - 2);
        assertThat(Arrays.copyOf(text, 2)).containsExactly(0xc0, 5);
        assertThat(Arrays.copyOfRange(text, 2, 102)).isEqualTo(payload);
        assertThat(Arrays.copyOfRange(text, 102, 105)).containsExactly(0x80, 0, 0);
    }

    @Test
    void opensWhateverItSealed() {
        for (int i = 0; i < 2_000; i++) {
            final long id = random.nextLong(1, QuicVarint.MAX) >>> random.nextInt(60) | 1;
            final int position = random.nextInt(64);
            final int room = (i % 100 == 0 ? Frame.HARD_MAX_LENGTH : 2_000) + 2 - Frame.frameLength(id, 0);
            final int payloadLength = random.nextInt(room + 1);
            final int paddingLength = random.nextBoolean() ? 0 : random.nextInt(room - payloadLength + 1);
            final byte[] payload = put(position + Frame.headerLength(id), payloadLength);

            final int length = sealer.seal(sending, position, FrameType.STREAM, id, payloadLength, paddingLength);

            assertThat(length).isEqualTo(Frame.frameLength(id, payloadLength) + paddingLength);
            assertThat(opener.open(receiving, position, length))
                    .as("seed=%d", seed)
                    .isEqualTo(length);
            assertThat(opener.frame().streamId()).isEqualTo(id);
            assertThat(memory.asSlice(
                                    opener.frame().payloadOffset(),
                                    opener.frame().payloadLength())
                            .toArray(JAVA_BYTE))
                    .as("seed=%d", seed)
                    .isEqualTo(payload);
        }
        assertThat(receiving.counter()).isEqualTo(sending.counter()).isEqualTo(2_000);
    }

    @Test
    void rejectsEverySingleBitFlip() {
        put(4, 20);
        final int length = sealer.seal(sending, 0, FrameType.STREAM, 1, 20, 2);
        final byte[] sealed = memory.asSlice(0, length).toArray(JAVA_BYTE);

        for (int bit = 0; bit < length * 8; bit++) {
            MemorySegment.copy(sealed, 0, memory, JAVA_BYTE, 0, length);
            memory.set(JAVA_BYTE, bit / 8, (byte) (sealed[bit / 8] ^ 1 << bit % 8));
            assertThat(opener.open(receiving, 0, 80_000)).as("bit %d", bit).isNegative();
        }
        assertThat(receiving.counter()).isZero();
        MemorySegment.copy(sealed, 0, memory, JAVA_BYTE, 0, length);
        assertThat(opener.open(receiving, 0, length)).isEqualTo(length);
    }

    @Test
    void waitsForTheWholeFrameAndTouchesNothingUntilThen() {
        put(4, 20);
        final int length = sealer.seal(sending, 0, FrameType.STREAM, 1, 20, 0);
        final byte[] sealed = memory.asSlice(0, length).toArray(JAVA_BYTE);

        for (int available = 0; available < length; available++) {
            assertThat(opener.open(receiving, 0, available)).isEqualTo(FrameOpener.INCOMPLETE);
        }
        assertThat(memory.asSlice(0, length).toArray(JAVA_BYTE)).isEqualTo(sealed);
        assertThat(opener.open(receiving, 0, length)).isEqualTo(length);
    }

    @Test
    void refusesALengthOutsideTheCapBeforeAnyByteOfItIsThere() {
        final FrameOpener capped = new FrameOpener(arena, crypto, memory, Frame.DEFAULT_MAX_LENGTH);
        for (int length : new int[] {0, 1, 17, 16_385, 65_535}) {
            memory.set(BE_SHORT, 0, (short) length);
            assertThat(capped.open(receiving, 0, 2)).isEqualTo(-FrameStatus.BAD_LENGTH);
        }
        for (int length : new int[] {18, 16_384}) {
            memory.set(BE_SHORT, 0, (short) length);
            assertThat(capped.open(receiving, 0, 2)).isEqualTo(FrameOpener.INCOMPLETE);
        }
    }

    @Test
    void refusesAnAuthenticFrameThatIsReplayedOrOutOfOrder() {
        put(4, 20);
        final int length = sealer.seal(sending, 0, FrameType.STREAM, 1, 20, 0);
        final byte[] first = memory.asSlice(0, length).toArray(JAVA_BYTE);
        put(4, 20);
        sealer.seal(sending, 0, FrameType.STREAM, 1, 20, 0);
        assertThat(opener.open(receiving, 0, length)).isEqualTo(-FrameStatus.BAD_TAG);

        MemorySegment.copy(first, 0, memory, JAVA_BYTE, 0, length);
        assertThat(opener.open(receiving, 0, length)).isEqualTo(length);
        MemorySegment.copy(first, 0, memory, JAVA_BYTE, 0, length);
        assertThat(opener.open(receiving, 0, length)).isEqualTo(-FrameStatus.BAD_TAG);
    }

    @Test
    void refusesFramesUnderAKeyThatHasServedItsTime() {
        final RekeyLimits three = new RekeyLimits(3, 1L << 30, RekeyLimits.HTX1.age());
        try (ReceivingKeySchedule limited = receivingKeys(three, 0)) {
            for (int i = 0; i < 4; i++) {
                put(4, 20);
                final int length = sealer.seal(sending, 0, FrameType.STREAM, 1, 20, 0);
                assertThat(opener.open(limited, 0, length)).isEqualTo(i < 3 ? length : -FrameStatus.KEY_OVERUSED);
            }
        }
    }

    @Test
    void allocatesNothingPerFrame() {
        for (int i = 0; i < 20_000; i++) {
            sealAndOpen();
        }
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 20_000; i++) {
            sealAndOpen();
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(20_000);
    }

    private void sealAndOpen() {
        if (sending.due(0)) {
            sending.advance(0);
            receiving.advance(0);
        }
        final int length = sealer.seal(sending, 0, FrameType.STREAM, 1, 1_024, 16);
        if (opener.open(receiving, 0, length) != length) {
            throw new AssertionError("not opened");
        }
    }

    private byte[] put(int offset, int length) {
        final byte[] payload = new byte[length];
        random.nextBytes(payload);
        MemorySegment.copy(payload, 0, memory, JAVA_BYTE, offset, length);
        return payload;
    }

    private SendingKeySchedule sendingKeys(RekeyLimits limits, long counter) {
        return new SendingKeySchedule(arena.allocateFrom(JAVA_BYTE, KEY), limits, 0, counter);
    }

    private ReceivingKeySchedule receivingKeys(RekeyLimits limits, long counter) {
        return new ReceivingKeySchedule(arena.allocateFrom(JAVA_BYTE, KEY), limits, 0, counter);
    }

    private static byte[] key() {
        final byte[] key = new byte[32];
        Arrays.fill(key, (byte) 0x42);
        key[0] = 7;
        return key;
    }
}

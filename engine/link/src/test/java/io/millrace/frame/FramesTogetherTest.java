package io.millrace.frame;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.management.ThreadMXBean;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.htx.session.VectorsUnderTest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames that share the calls of the provider: to the other end they are frames sealed and opened one by one. */
class FramesTogetherTest {
    private static final int LIMIT = 16;
    private static final int ROOM = 1 << 18;

    /** Few frames a key, so that keys change within batches. */
    private static final RekeyLimits OFTEN = new RekeyLimits(9, 1L << 30, RekeyLimits.HTX1.age());

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(ROOM, 64);
    private final MemorySegment alone = arena.allocate(ROOM, 64);
    private final BatchCrypto sodium = CryptoProviders.byName("sodium");
    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final SendingKeySchedule sending = sendingKeys(RekeyLimits.HTX1, 0);
    private final ReceivingKeySchedule receiving = receivingKeys(RekeyLimits.HTX1, 0);

    /** The end of the frames written by {@link #add}. */
    private int end;

    /** A provider, and its name in the report. */
    record Provider(String name, BatchCrypto crypto) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Provider> providers() {
        return List.of(
                new Provider("auto", CryptoProviders.byName("auto")),
                new Provider("sodium", CryptoProviders.byName("sodium")),
                new Provider("vectors of one", new VectorsUnderTest(1).crypto),
                new Provider("vectors of three", new VectorsUnderTest(3).crypto));
    }

    @AfterEach
    void closeAll() {
        sending.close();
        receiving.close();
        arena.close();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void sealsTheBytesOfFramesSealedOneByOneWhateverTheSizesAndTheCuts(Provider provider) {
        final FrameSealer together = new FrameSealer(arena, provider.crypto(), memory, LIMIT);
        final FrameSealer single = new FrameSealer(arena, sodium, alone);
        try (SendingKeySchedule keys = sendingKeys(OFTEN, 0);
                SendingKeySchedule keysAlone = sendingKeys(OFTEN, 0)) {
            for (int round = 0; round < 20; round++) {
                int at = 0;
                for (int frame = random.nextInt(1, 60); frame > 0 && at < ROOM - 20_000; frame--) {
                    final long id = random.nextLong(1, 1 << random.nextInt(1, 20));
                    final int payload = payloadLength();
                    final int padding = random.nextInt(4) == 0 ? random.nextInt(100) : 0;
                    put(at + Frame.headerLength(id), payload);
                    MemorySegment.copy(memory, at, alone, at, Frame.headerLength(id) + payload);
                    if (keys.due(0)) {
                        together.sealAdded();
                        keys.advance(0);
                        keysAlone.advance(0);
                    }
                    final int length = together.add(keys, at, FrameType.STREAM, id, payload, padding);
                    assertThat(single.seal(keysAlone, at, FrameType.STREAM, id, payload, padding))
                            .isEqualTo(length);
                    at += length;
                    if (random.nextInt(7) == 0) {
                        together.sealAdded();
                    }
                }
                together.sealAdded();
                assertThat(memory.asSlice(0, at).mismatch(alone.asSlice(0, at)))
                        .as("seed=%d", seed)
                        .isEqualTo(-1);
            }
            assertThat(keys.counter()).isEqualTo(keysAlone.counter());
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void opensWhatWasSealedHoweverItArrivesAndWhereverKeysChange(Provider provider) {
        for (int round = 0; round < 20; round++) {
            final FrameOpener opener = new FrameOpener(arena, provider.crypto(), memory, Frame.HARD_MAX_LENGTH, LIMIT);
            try (SendingKeySchedule from = sendingKeys(OFTEN, 0);
                    ReceivingKeySchedule to = receivingKeys(OFTEN, 0)) {
                end = 0;
                final List<byte[]> payloads = new ArrayList<>();
                while (end < ROOM - 20_000 && payloads.size() < 80) {
                    if (from.due(0) || random.nextInt(12) == 0) {
                        update(from);
                    }
                    payloads.add(add(from, payloadLength()));
                }
                int arrived = 0;
                int at = 0;
                int heard = 0;
                while (at < end) {
                    final int length = opener.open(to, at, arrived - at);
                    assertThat(length).as("seed=%d", seed).isNotNegative();
                    if (length == FrameOpener.INCOMPLETE) {
                        arrived = Math.min(end, arrived + random.nextInt(1, 60_000));
                        continue;
                    }
                    if (opener.frame().type() == FrameType.KEY_UPDATE) {
                        to.advance(0);
                    } else {
                        assertThat(payload(opener.frame())).as("seed=%d", seed).isEqualTo(payloads.get(heard++));
                    }
                    at += length;
                }
                assertThat(heard).isEqualTo(payloads.size());
                assertThat(to.counter()).isEqualTo(from.counter());
                assertThat(to.generation()).isEqualTo(from.generation());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void takesTheFramesBeforeAForgedOneAndNoneBehindIt(Provider provider) {
        for (int forged = 0; forged < LIMIT + 2; forged++) {
            final FrameOpener opener = new FrameOpener(arena, provider.crypto(), memory, Frame.HARD_MAX_LENGTH, LIMIT);
            try (SendingKeySchedule from = sendingKeys(RekeyLimits.HTX1, 0);
                    ReceivingKeySchedule to = receivingKeys(RekeyLimits.HTX1, 0)) {
                end = 0;
                final int[] starts = new int[LIMIT + 3];
                for (int i = 0; i < starts.length; i++) {
                    starts[i] = end;
                    add(from, i % 5 == 4 ? 33 : 700);
                }
                final int bit = random.nextInt(8 * Frame.LENGTH_FIELD, 8 * (starts[forged + 1] - starts[forged]));
                final int flipped = starts[forged] + bit / 8;
                memory.set(JAVA_BYTE, flipped, (byte) (memory.get(JAVA_BYTE, flipped) ^ 1 << bit % 8));
                for (int i = 0; i < forged; i++) {
                    assertThat(opener.open(to, starts[i], end - starts[i]))
                            .as("seed=%d, frame %d of %d", seed, i, forged)
                            .isEqualTo(starts[i + 1] - starts[i]);
                }
                assertThat(opener.open(to, starts[forged], end - starts[forged]))
                        .as("seed=%d, forged=%d", seed, forged)
                        .isEqualTo(-FrameStatus.BAD_TAG);
                assertThat(to.counter()).isEqualTo(forged);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void refusesFramesUnderAKeyThatTheirSenderSaysItHasLeft(Provider provider) {
        final FrameOpener opener = new FrameOpener(arena, provider.crypto(), memory, Frame.HARD_MAX_LENGTH, LIMIT);
        add(sending, 500);
        final int update = end;
        number(sending);
        final int stale = end;
        add(sending, 500); // still under the first key
        add(sending, 500);

        assertThat(opener.open(receiving, 0, end)).isPositive();
        assertThat(opener.open(receiving, update, end - update)).isPositive();
        assertThat(opener.frame().type()).isEqualTo(FrameType.KEY_UPDATE);
        receiving.advance(0);
        assertThat(opener.open(receiving, stale, end - stale)).isEqualTo(-FrameStatus.BAD_TAG);
        assertThat(receiving.counter()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void refusesTheFirstFrameBeyondWhatAKeyMayServe(Provider provider) {
        final FrameOpener opener = new FrameOpener(arena, provider.crypto(), memory, Frame.HARD_MAX_LENGTH, LIMIT);
        try (ReceivingKeySchedule limited = receivingKeys(OFTEN, 0)) {
            for (int i = 0; i < LIMIT; i++) {
                add(sending, 300);
            }
            final int length = end / LIMIT;
            for (int i = 0; i < LIMIT; i++) {
                assertThat(opener.open(limited, (long) i * length, end - (long) i * length))
                        .isEqualTo(i < OFTEN.frames() ? length : -FrameStatus.KEY_OVERUSED);
            }
            assertThat(limited.counter()).isEqualTo(OFTEN.frames());
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void neverUsesTheReservedCounter(Provider provider) {
        final FrameOpener opener = new FrameOpener(arena, provider.crypto(), memory, Frame.HARD_MAX_LENGTH, LIMIT);
        final FrameSealer sealer = new FrameSealer(arena, provider.crypto(), memory, LIMIT);
        try (SendingKeySchedule from = sendingKeys(RekeyLimits.HTX1, -4);
                ReceivingKeySchedule to = receivingKeys(RekeyLimits.HTX1, -4)) {
            int length = 0;
            for (int i = 0; i < 3; i++) {
                length = sealer.add(from, (long) i * length, FrameType.STREAM, 1, 300, 0);
            }
            final long next = 3L * length;
            assertThatIllegalStateException()
                    .isThrownBy(() -> sealer.add(from, next, FrameType.STREAM, 1, 300, 0))
                    .withMessageContaining("used up");
            sealer.sealAdded();
            MemorySegment.copy(memory, 0, memory, next, length); // whole, and beyond the last counter
            for (int i = 0; i < 4; i++) {
                assertThat(opener.open(to, (long) i * length, 4L * length - (long) i * length))
                        .isEqualTo(i < 3 ? length : -FrameStatus.KEY_OVERUSED);
            }
        }
    }

    @Test
    void decryptsFramesTogetherAndTwiceAtTheMost() {
        final VectorsUnderTest vectors = new VectorsUnderTest(1);
        final FrameOpener opener = new FrameOpener(arena, vectors.crypto, memory, Frame.HARD_MAX_LENGTH, LIMIT);
        for (int i = 0; i < LIMIT; i++) {
            add(sending, 1_000);
        }
        openAll(opener, receiving);
        assertThat(vectors.opens).containsExactly(LIMIT);

        vectors.opens.clear();
        end = 0;
        int frames = 0;
        for (; frames < 200; frames += 2) {
            update(sending);
            add(sending, 0);
        }
        openAll(opener, receiving);
        assertThat(vectors.opens.stream().mapToInt(Integer::intValue).sum()).isLessThanOrEqualTo(2 * frames + LIMIT);
    }

    @Test
    void sealsFramesOfOneLengthInOneCall() {
        final VectorsUnderTest vectors = new VectorsUnderTest(1);
        final FrameSealer sealer = new FrameSealer(arena, vectors.crypto, memory, LIMIT);
        int at = 0;
        for (int i = 0; i < LIMIT; i++) {
            at += sealer.add(sending, at, FrameType.STREAM, 1, i % 4 == 3 ? 50 : 900, 0);
        }
        assertThat(vectors.seals).isEmpty();
        assertThat(sealer.sealAdded()).isEqualTo(LIMIT);
        assertThat(sealer.sealAdded()).isZero();
        assertThat(vectors.seals).containsExactly(12, 4);
    }

    @Test
    void sealsNothingUnderAKeyThatWasLeftOrClosed() {
        final FrameSealer sealer = new FrameSealer(arena, sodium, memory, LIMIT);
        sealer.add(sending, 0, FrameType.STREAM, 1, 100, 0);
        sending.advance(0);
        assertThatIllegalStateException().isThrownBy(sealer::sealAdded).withMessageContaining("left");

        final FrameSealer other = new FrameSealer(arena, sodium, memory, LIMIT);
        other.add(sending, 0, FrameType.STREAM, 1, 100, 0);
        sending.close();
        assertThatIllegalStateException().isThrownBy(other::sealAdded);
    }

    @Test
    void allocatesNothingPerFrame() {
        final BatchCrypto crypto = CryptoProviders.byName("auto");
        final FrameSealer sealer = new FrameSealer(arena, crypto, memory, LIMIT);
        final FrameOpener opener = new FrameOpener(arena, crypto, memory, Frame.HARD_MAX_LENGTH, LIMIT);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        // As often as it takes until the code is compiled.
        for (int pass = 0; pass < 20 && least >= 2_000 * LIMIT; pass++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 2_000; i++) {
                sealAndOpen(sealer, opener);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).isLessThan(2_000 * LIMIT);
    }

    private void sealAndOpen(FrameSealer sealer, FrameOpener opener) {
        int at = 0;
        for (int i = 0; i < LIMIT; i++) {
            at += sealer.add(sending, at, FrameType.STREAM, 1, i % 8 == 7 ? 20 : 1_024, 0);
        }
        sealer.sealAdded();
        end = at;
        openAll(opener, receiving);
        if (sending.due(0)) {
            sending.advance(0);
            receiving.advance(0);
        }
    }

    private void openAll(FrameOpener opener, ReceivingKeySchedule keys) {
        for (int at = 0; at < end; ) {
            final int length = opener.open(keys, at, end - at);
            if (length <= 0) {
                throw new AssertionError("not opened: " + length);
            }
            if (opener.frame().type() == FrameType.KEY_UPDATE) {
                keys.advance(0);
            }
            at += length;
        }
    }

    /** Seals a frame of random bytes behind the others, by itself. */
    private byte[] add(SendingKeySchedule keys, int payloadLength) {
        final byte[] payload = put(end + 4, payloadLength);
        end += new FrameSealer(arena, sodium, memory).seal(keys, end, FrameType.STREAM, 1, payloadLength, 0);
        return payload;
    }

    private void update(SendingKeySchedule keys) {
        number(keys);
        keys.advance(0);
    }

    private void number(SendingKeySchedule keys) {
        final int length = QuicVarint.write(memory, end + Frame.headerLength(0), keys.generation() + 1);
        end += new FrameSealer(arena, sodium, memory).seal(keys, end, FrameType.KEY_UPDATE, 0, length, 0);
    }

    /** Often the same, so that frames share vectors. */
    private int payloadLength() {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextInt(20_000 - 200);
            case 1 -> 0;
            case 2, 3 -> random.nextInt(40);
            default -> 1_024;
        };
    }

    private byte[] put(int offset, int length) {
        final byte[] payload = new byte[length];
        random.nextBytes(payload);
        MemorySegment.copy(payload, 0, memory, JAVA_BYTE, offset, length);
        return payload;
    }

    private byte[] payload(Frame frame) {
        return memory.asSlice(frame.payloadOffset(), frame.payloadLength()).toArray(JAVA_BYTE);
    }

    private SendingKeySchedule sendingKeys(RekeyLimits limits, long counter) {
        return new SendingKeySchedule(key(), limits, 0, counter);
    }

    private ReceivingKeySchedule receivingKeys(RekeyLimits limits, long counter) {
        return new ReceivingKeySchedule(key(), limits, 0, counter);
    }

    private MemorySegment key() {
        final byte[] key = new byte[32];
        Arrays.fill(key, (byte) 0x42);
        return arena.allocateFrom(JAVA_BYTE, key);
    }
}

package io.millrace.rig.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.rig.input.InputException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Recordings that are cut, or of which bytes are others: refused in one line that names the file, in bounded time. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DamagedRecordingTest {
    private static final int PACKETS = 200;
    private static final int FLIPS = 60;

    /** Another: {@code -Dmillrace.explain.seed}. */
    private static final long SEED = Long.getLong("millrace.explain.seed", 20_261_130);

    /** Short, so that a reader that stalls at every byte ends before the test's limit. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final int HEADER_LENGTH = 68;
    private static final int LENGTH_OFFSET = 8;
    private static final int STATE_OFFSET = 64;

    @TempDir
    private static Path folder;

    private static byte[] sound;
    private static Path file;

    /** The fields that {@code explain} reads. */
    @Name("millrace.PacketPath")
    static final class MadeUpPacket extends Event {
        long relayNs;
        long delayNs;
        long queueNs;
        long openNs;
        long peelNs;
        long routeNs;
        long sealNs;
        long egressNs;
    }

    @BeforeAll
    static void record() throws IOException {
        file = folder.resolve("packets.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("millrace.PacketPath").withoutStackTrace();
            recording.start();
            for (int i = 0; i < PACKETS; i++) {
                final MadeUpPacket packet = new MadeUpPacket();
                packet.relayNs = 1_000L + i;
                packet.peelNs = 900;
                packet.queueNs = 100L + i;
                packet.commit();
            }
            recording.stop();
            recording.dump(file);
        }
        sound = Files.readAllBytes(file);
    }

    @AfterAll
    static void forget() {
        sound = null;
    }

    @Test
    void theSoundOneIsExplained() throws Exception {
        assertThat(RecordingAnalysis.explain(file, 99.9, PATIENCE).packets()).isEqualTo(PACKETS);
    }

    @Test
    void cutAtEveryLengthItIsRefused() {
        final MemorySegment whole = MemorySegment.ofArray(sound);
        for (int length = 0; length < sound.length; length++) {
            final MemorySegment cut = whole.asSlice(0, length);
            assertThatThrownBy(() -> RecordingLayout.check(file, cut))
                    .as("cut at " + length)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(file.toString());
        }
        RecordingLayout.check(file, whole);
    }

    @Test
    void cutItEndsInOneLine() throws Exception {
        for (int length : new int[] {0, 1, HEADER_LENGTH - 1, HEADER_LENGTH, sound.length / 2, sound.length - 1}) {
            assertRefused(Arrays.copyOf(sound, length), "cut at " + length);
        }
        final byte[] longer = Arrays.copyOf(sound, sound.length + 1);
        assertRefused(longer, "a byte more");
    }

    @Test
    void aChunkThatWasNotFinishedIsRefused() throws Exception {
        final byte[] unfinished = sound.clone();
        unfinished[STATE_OFFSET] = (byte) 0xFF;
        assertThat(assertRefused(unfinished, "state")).contains("never finished");
        final byte[] withoutLength = sound.clone();
        ByteBuffer.wrap(withoutLength).putLong(LENGTH_OFFSET, 0);
        assertThat(assertRefused(withoutLength, "length")).contains("never finished");
        assertThat(assertRefused(header(HEADER_LENGTH), "tables at their own end"))
                .contains("no metadata where");
    }

    @Test
    void everyByteOfTheHeaderAndSomeOfTheRestFlippedEndInBoundedTime() throws Exception {
        final Random random = new Random(SEED);
        for (int i = 0; i < HEADER_LENGTH + FLIPS; i++) {
            final int at = i < HEADER_LENGTH ? i : random.nextInt(HEADER_LENGTH, sound.length);
            final byte[] flipped = sound.clone();
            flipped[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            refusal(flipped, "seed " + SEED + ", byte " + at + " is " + flipped[at]);
        }
    }

    @Test
    @Timeout(300)
    void aReaderThatStandsStillIsLeft() throws Exception {
        final CountDownLatch never = new CountDownLatch(1);
        final AtomicLong progress = new AtomicLong();

        assertThatThrownBy(() -> GuardedReading.call(file, progress::get, Duration.ofMillis(200), () -> {
                    for (int i = 0; i < 10; i++) {
                        progress.incrementAndGet();
                    }
                    never.await();
                    return null;
                }))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void everyFailureOfTheReaderNamesTheFile() {
        for (Throwable thrown : new Throwable[] {
            new ArrayIndexOutOfBoundsException(68),
            new StackOverflowError(),
            new OutOfMemoryError("Requested array size exceeds VM limit"),
            new IOException("Not a valid chunk")
        }) {
            assertThatThrownBy(() -> GuardedReading.call(file, () -> 0, Duration.ofMinutes(1), () -> {
                        if (thrown instanceof Error error) {
                            throw error;
                        }
                        throw (Exception) thrown;
                    }))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(file.toString());
        }
    }

    private static byte[] header(int length) {
        final byte[] header = Arrays.copyOf(sound, length);
        ByteBuffer.wrap(header)
                .putLong(LENGTH_OFFSET, length)
                .putLong(16, length)
                .putLong(24, length);
        return header;
    }

    /** Returns the one line. */
    private static String assertRefused(byte[] content, String what) throws Exception {
        final Optional<String> refusal = refusal(content, what);
        assertThat(refusal).as(what).isPresent();
        return refusal.get();
    }

    /** The one line of a refusal; empty if the recording is explained. Anything else fails the test. */
    private static Optional<String> refusal(byte[] content, String what) throws Exception {
        final Path damaged = folder.resolve("damaged.jfr");
        Files.write(damaged, content);
        try {
            RecordingAnalysis.explain(damaged, 99.9, PATIENCE);
            return Optional.empty();
        } catch (InputException | IOException e) {
            assertThat(e.getMessage()).as(what).contains("damaged.jfr").hasLineCount(1);
            return Optional.of(e.getMessage());
        }
    }
}

package io.millrace.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.Millrace;
import io.millrace.cli.ProgramRun;
import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.UsageError;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
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
import picocli.CommandLine;

/** Recordings that are cut, or of which bytes are others: one line, exit 2, and in bounded time. */
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
        long gateNs;
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
    void theSoundOneIsExplained() {
        final ProgramRun run = ProgramRun.of("explain", file.toString());

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains(PACKETS + " sampled packets");
    }

    @Test
    void cutAtEveryLengthItIsRefused() {
        final MemorySegment whole = MemorySegment.ofArray(sound);
        for (int length = 0; length < sound.length; length++) {
            final MemorySegment cut = whole.asSlice(0, length);
            assertThatThrownBy(() -> RecordingLayout.check(file, cut))
                    .as("cut at " + length)
                    .isInstanceOf(UsageError.class)
                    .hasMessageContaining(file.toString());
        }
        RecordingLayout.check(file, whole);
    }

    @Test
    void cutItEndsInOneLine() throws IOException {
        for (int length : new int[] {0, 1, HEADER_LENGTH - 1, HEADER_LENGTH, sound.length / 2, sound.length - 1}) {
            assertRefused(Arrays.copyOf(sound, length), "cut at " + length);
        }
        final byte[] longer = Arrays.copyOf(sound, sound.length + 1);
        assertRefused(longer, "a byte more");
    }

    @Test
    void aChunkThatWasNotFinishedIsRefused() throws IOException {
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
    void everyByteOfTheHeaderAndSomeOfTheRestFlippedEndInBoundedTime() throws IOException {
        final Random random = new Random(SEED);
        for (int i = 0; i < HEADER_LENGTH + FLIPS; i++) {
            final int at = i < HEADER_LENGTH ? i : random.nextInt(HEADER_LENGTH, sound.length);
            final byte[] flipped = sound.clone();
            flipped[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            final ProgramRun run = explained(flipped);
            assertThat(run.exitCode())
                    .as("seed " + SEED + ", byte " + at + " is " + flipped[at] + ": " + run.err())
                    .isIn(ExitCode.OK, ExitCode.USAGE);
            if (run.exitCode() == ExitCode.USAGE) {
                assertThat(run.err()).contains("damaged.jfr").hasLineCount(1);
            }
        }
    }

    @Test
    @Timeout(30)
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
                .isInstanceOf(UsageError.class)
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
                    .isInstanceOf(UsageError.class)
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
    private static String assertRefused(byte[] content, String what) throws IOException {
        final ProgramRun run = explained(content);
        assertThat(run.exitCode()).as(what + ": " + run.err()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).as(what).contains("damaged.jfr").hasLineCount(1);
        return run.err();
    }

    private static ProgramRun explained(byte[] content) throws IOException {
        final Path damaged = folder.resolve("damaged.jfr");
        Files.write(damaged, content);
        final CommandLine program = Millrace.commandLine();
        final ExplainCommand explain = (ExplainCommand)
                program.getSubcommands().get("explain").getCommandSpec().userObject();
        explain.setPatience(PATIENCE);
        return ProgramRun.of(program, "explain", damaged.toString());
    }
}

package io.millrace.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.transfer.TransferMessage.Ack;
import io.millrace.transfer.TransferMessage.Chunk;
import io.millrace.transfer.TransferMessage.Close;
import io.millrace.transfer.TransferMessage.Done;
import io.millrace.transfer.TransferMessage.Offer;
import io.millrace.transfer.TransferMessage.Refused;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransferReceiverTest {
    private static final TransferId ID = new TransferId(1, 2);
    private static final TransferId OTHER = new TransferId(3, 4);
    private static final long PATIENCE_NS = TransferTiming.DEFAULT.patience().toNanos();

    @TempDir
    private Path folder;

    private final byte[] content = new byte[250];
    private TransferReceiver receiver;

    @BeforeEach
    void prepare() {
        new Random(5).nextBytes(content);
        receiver = new TransferReceiver(new Inbox(folder), TransferTiming.DEFAULT);
    }

    @Test
    void showsTheFileUnderItsNameOnlyWhenItIsComplete() throws IOException {
        offer(ID, "a.bin", 0);
        assertThat(receiver.poll(0).message()).isInstanceOf(Ack.class);
        for (int index = 2; index > 0; index--) {
            chunk(ID, index, 1);
            assertThat(folder.resolve("a.bin")).doesNotExist();
        }

        chunk(ID, 0, 2);

        assertThat(receiver.poll(2).message()).isEqualTo(new Done(ID));
        assertThat(folder.resolve("a.bin")).hasBinaryContent(content);
        assertThat(names()).containsExactly("a.bin");
        assertThat(receiver.takeResult())
                .isEqualTo(new ReceivedFile(ID, "a.bin", folder.resolve("a.bin"), 250, sha256(), 2, null));
    }

    @Test
    void takesAnEmptyFile() {
        say(new Offer(ID, 1, SimulatedTransfer.offered("empty", new byte[0]), SimulatedTransfer.ROUTE), 0);

        assertThat(receiver.poll(0).message()).isEqualTo(new Done(ID));
        assertThat(folder.resolve("empty")).isEmptyFile();
    }

    @Test
    void reportsWhatArrivedBeyondAGap() {
        offer(ID, "a.bin", 0);
        receiver.poll(0);
        chunk(ID, 2, 0);

        assertThat(receiver.poll(0)).as("it waits for more").isNull();
        final Ack ack = (Ack) receiver.poll(receiver.dueNs(0, 0)).message();

        assertThat(ack.cumulative()).isZero();
        assertThat(ack.selective().stream()).containsExactly(2);
        assertThat(ack.echo()).isEqualTo(7);
    }

    @Test
    void refusesASecondTransferMeanwhileAndTakesItAfterwards() throws IOException {
        offer(ID, "a.bin", 0);
        receiver.poll(0);

        offer(OTHER, "b.bin", 0);
        assertThat(receiver.poll(0).message()).isEqualTo(new Refused(OTHER, RefusalReason.BUSY));
        sendAll(ID);
        offer(OTHER, "b.bin", 0);
        sendAll(OTHER);

        assertThat(names()).containsExactly("a.bin", "b.bin");
    }

    @Test
    void answersAgainForATransferThatEnded() {
        offer(ID, "a.bin", 0);
        sendAll(ID);
        drain(0);

        chunk(ID, 1, 1);
        assertThat(receiver.poll(1).message()).isEqualTo(new Done(ID));
        offer(ID, "a.bin", 1);
        assertThat(receiver.poll(1).message()).isEqualTo(new Done(ID));
        assertThat(receiver.senderKnows()).isFalse();
        say(new Close(ID, true), 1);
        assertThat(receiver.senderKnows()).isTrue();
    }

    @Test
    void neverOverwrites() throws IOException {
        Files.writeString(folder.resolve("a.bin"), "mine");

        offer(ID, "a.bin", 0);

        assertThat(receiver.poll(0).message()).isEqualTo(new Refused(ID, RefusalReason.EXISTS));
        assertThat(receiver.takeResult().failure()).isEqualTo("refused: a file of that name is there already");
        assertThat(folder.resolve("a.bin")).hasContent("mine");
    }

    @Test
    void neverOverwritesAFileThatCameIntoBeingMeanwhile() throws IOException {
        offer(ID, "a.bin", 0);
        receiver.poll(0);
        Files.writeString(folder.resolve("a.bin"), "mine");

        sendAll(ID);

        assertThat(receiver.poll(0).message()).isEqualTo(new Refused(ID, RefusalReason.EXISTS));
        assertThat(folder.resolve("a.bin")).hasContent("mine");
        assertThat(names()).containsExactly("a.bin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../up", "/etc/passwd", "a/b", "..", ".", "two\nlines/"})
    void refusesNamesThatAreNotPlain(String name) throws IOException {
        offer(ID, name, 0);

        assertThat(receiver.poll(0).message()).isEqualTo(new Refused(ID, RefusalReason.BAD_NAME));
        assertThat(receiver.takeResult().name()).doesNotContain("\n", "\u0007");
        assertThat(names()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        ".bashrc, %2Ebashrc",
        ".millrace-x.part, %2Emillrace-x.part",
        "..., %2E..",
        "a\\b, a\\b",
        "c:d, c:d",
        "100%, 100%",
        "\u00dcber uns.txt, \u00dcber uns.txt",
        "'bell\u0007', bell%07",
        "'two\nlines', two%0Alines",
        "'nul\u0000', nul%00"
    })
    void keepsGoodNamesAndWritesHiddenOnesVisibly(String name, String here) throws IOException {
        offer(ID, name, 0);
        sendAll(ID);

        assertThat(receiver.takeResult().name()).doesNotContain("\n", "\u0007");
        assertThat(names()).containsExactly(here);
    }

    @Test
    void aNameThatTurnsTextIsNotKept() throws IOException {
        offer(ID, "invoice" + (char) 0x202e + "gpj.exe", 0);
        sendAll(ID);

        assertThat(names()).containsExactly("invoice%E2%80%AEgpj.exe");
        assertThat(receiver.takeResult().name()).isEqualTo("invoice\\u202egpj.exe");
    }

    @Test
    void refusesANameThatBecomesTooLong() throws IOException {
        offer(ID, "\n".repeat(86), 0);

        assertThat(receiver.poll(0).message()).isEqualTo(new Refused(ID, RefusalReason.BAD_NAME));
    }

    @Test
    void refusesAFileThatDoesNotFit() throws IOException {
        final OfferedFile huge = new OfferedFile("huge", 60_000L * Integer.MAX_VALUE, 60_000, sha256());
        say(new Offer(ID, 1, huge, SimulatedTransfer.ROUTE), 0);

        assertThat(receiver.poll(0).message()).isEqualTo(new Refused(ID, RefusalReason.NO_SPACE));
        assertThat(names()).isEmpty();
    }

    @Test
    void leavesNothingBehindWhenTheSenderFallsSilent() throws IOException {
        offer(ID, "a.bin", 0);
        receiver.poll(0);
        chunk(ID, 0, 5);
        drain(PATIENCE_NS);
        assertThat(receiver.busy()).isTrue();

        assertThat(receiver.poll(5 + PATIENCE_NS).message()).isEqualTo(new Refused(ID, RefusalReason.TIMED_OUT));

        assertThat(receiver.takeResult().failure())
                .isEqualTo("nothing new from the sender for 10 s: are the sender and every relay of both ways up?");
        assertThat(names()).isEmpty();
    }

    @Test
    void leavesNothingBehindWhenItIsStopped() throws IOException {
        offer(ID, "a.bin", 0);
        chunk(ID, 0, 0);

        receiver.close();

        assertThat(names()).isEmpty();
    }

    @Test
    void leavesNothingBehindWhenTheSenderGivesUp() throws IOException {
        offer(ID, "a.bin", 0);
        chunk(ID, 0, 0);

        say(new Close(ID, false), 0);

        assertThat(receiver.takeResult().failure()).isEqualTo("the sender gave up");
        assertThat(names()).isEmpty();
    }

    @Test
    void ignoresAndCountsWhatItCannotUse() {
        offer(ID, "a.bin", 0);
        receiver.poll(0);

        chunk(OTHER, 0, 0);
        say(new Done(ID), 0);
        say(new Refused(ID, RefusalReason.BUSY), 0);
        say(new Close(OTHER, false), 0);
        say(new Chunk(ID, 3, 1, ByteBuffer.wrap(new byte[50])), 0); // beyond the end
        say(new Chunk(ID, 2, 1, ByteBuffer.wrap(new byte[51])), 0); // the last is 50 bytes long
        say(new Chunk(ID, 0, 1, ByteBuffer.wrap(new byte[99])), 0);
        receiver.onMessage(ByteBuffer.wrap(new byte[0]), 0);
        receiver.onMessage(ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);

        assertThat(receiver.counters()).isEqualTo(new ReceiverCounters(1, 0, 0, 9));
        assertThat(receiver.poll(PATIENCE_NS - 1)).isNull();
    }

    @Test
    void survivesAFloodOfOffersAndForgetsTheOldest() {
        for (int i = 0; i < 10_000; i++) {
            offer(new TransferId(i, 0), "a/b", 0);
        }
        final int queued = drain(0);

        assertThat(queued).isLessThanOrEqualTo(64);
        int results = 0;
        while (receiver.takeResult() != null) {
            results++;
        }
        assertThat(results).isLessThanOrEqualTo(64);
    }

    private void offer(TransferId id, String name, long now) {
        say(new Offer(id, 1, SimulatedTransfer.offered(name, content), SimulatedTransfer.ROUTE), now);
    }

    private void chunk(TransferId id, int index, long now) {
        final int from = index * SimulatedTransfer.CHUNK_LENGTH;
        final int to = Math.min(from + SimulatedTransfer.CHUNK_LENGTH, content.length);
        say(new Chunk(id, index, 7, ByteBuffer.wrap(Arrays.copyOfRange(content, from, to))), now);
    }

    private void sendAll(TransferId id) {
        for (int index = 0; index < 3; index++) {
            chunk(id, index, 0);
        }
    }

    private void say(TransferMessage message, long now) {
        receiver.onMessage(MessageCodec.encode(message), now);
    }

    private int drain(long now) {
        int count = 0;
        while (receiver.poll(now) != null) {
            count++;
        }
        return count;
    }

    private String sha256() {
        return SimulatedTransfer.offered("any", content).sha256();
    }

    private Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList().stream();
        }
    }
}

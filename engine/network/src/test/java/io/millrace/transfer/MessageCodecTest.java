package io.millrace.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.transfer.TransferMessage.Ack;
import io.millrace.transfer.TransferMessage.Chunk;
import io.millrace.transfer.TransferMessage.Close;
import io.millrace.transfer.TransferMessage.Done;
import io.millrace.transfer.TransferMessage.Offer;
import io.millrace.transfer.TransferMessage.Refused;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageCodecTest {
    private static final TransferId ID = new TransferId(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    static Stream<TransferMessage> messages() {
        final OfferedFile file = new OfferedFile("naïve name.bin", 123_456_789_012L, 976, "5a".repeat(32));
        final BitSet some = new BitSet();
        some.set(1);
        some.set(77);
        some.set(TransferMessage.WINDOW - 1);
        return Stream.of(
                new Offer(ID, 1, file, new ReturnRoute(List.of(), "01".repeat(32))),
                new Offer(ID, Long.MAX_VALUE, file, SimulatedTransfer.ROUTE),
                new Chunk(ID, 0, 1, ByteBuffer.wrap(new byte[1])),
                new Chunk(ID, Integer.MAX_VALUE - 1, 99, ByteBuffer.wrap(new byte[976])),
                new Ack(ID, 0, 0, new BitSet()),
                new Ack(ID, 8, 123, some),
                new Done(ID),
                new Refused(ID, RefusalReason.STOPPED),
                new Close(ID, true),
                new Close(ID, false));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void readsWhatItWrites(TransferMessage message) {
        assertThat(MessageCodec.decode(MessageCodec.encode(message))).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void refusesEveryOtherLength(TransferMessage message) {
        final ByteBuffer bytes = MessageCodec.encode(message);
        for (int length = 0; length < bytes.limit(); length++) {
            final TransferMessage cut = MessageCodec.decode(bytes.slice(0, length));
            // A chunk does not tell its length: the file does, see TransferReceiver.
            assertThat(cut == null || cut instanceof Chunk)
                    .as("length=%d", length)
                    .isTrue();
        }
        final ByteBuffer longer = ByteBuffer.allocate(bytes.limit() + 1).put(bytes.duplicate());
        final TransferMessage decoded = MessageCodec.decode(longer.position(0));
        assertThat(decoded == null || decoded instanceof Chunk).isTrue();
    }

    @Test
    void laysMessagesOutAsDocumented() {
        final BitSet second = new BitSet();
        second.set(9);
        final String header = "000102030405060708090a0b0c0d0e0f";

        assertThat(hex(new Chunk(ID, 0x01020304, 5, ByteBuffer.wrap(new byte[] {7, 8}))))
                .isEqualTo("0102" + header + "04030201" + "0500000000000000" + "0708");
        assertThat(hex(new Ack(ID, 3, 0x0102, second)))
                .isEqualTo("0103" + header + "03000000" + "0201000000000000" + "0002" + "00".repeat(126));
        assertThat(hex(new Done(ID))).isEqualTo("0104" + header);
        assertThat(hex(new Refused(ID, RefusalReason.EXISTS))).isEqualTo("0105" + header + "03");
        assertThat(hex(new Close(ID, true))).isEqualTo("0106" + header + "01");
        assertThat(hex(new Offer(
                        ID,
                        2,
                        new OfferedFile("ab", 0x0304, 976, "5a".repeat(32)),
                        new ReturnRoute(List.of("c1".repeat(16)), "b2".repeat(32)))))
                .isEqualTo("0101" + header + "0200000000000000" + "0403000000000000" + "d003" + "5a".repeat(32)
                        + "b2".repeat(32) + "01" + "c1".repeat(16) + "02" + "6162");
    }

    @Test
    void fitsTheLongestOfferIntoItsBound() {
        final Offer longest = new Offer(
                ID,
                1,
                new OfferedFile("n".repeat(OfferedFile.MAX_NAME_LENGTH), 1, 1, "00".repeat(32)),
                new ReturnRoute(Collections.nCopies(ReturnRoute.MAX_RELAYS, "00".repeat(16)), "00".repeat(32)));

        assertThat(MessageCodec.encode(longest).remaining())
                .isEqualTo(MessageCodec.MAX_CONTROL_LENGTH)
                .isLessThan(1006);
    }

    @Test
    void survivesAnyBytes() {
        final long seed = 20_260_101;
        final Random random = new Random(seed);
        final List<byte[]> valid =
                messages().map(message -> MessageCodec.encode(message).array()).toList();
        int decoded = 0;
        for (int i = 0; i < 300_000; i++) {
            final byte[] bytes;
            if (random.nextInt(4) == 0) {
                bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
            } else {
                bytes = valid.get(random.nextInt(valid.size())).clone();
                for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
            }
            final TransferMessage message = MessageCodec.decode(ByteBuffer.wrap(bytes));
            if (message != null) {
                decoded++;
                assertThat(MessageCodec.encode(message).array())
                        .as("seed=%d, i=%d, %s", seed, i, message)
                        .isEqualTo(bytes);
            }
        }
        assertThat(decoded).isBetween(10_000, 290_000);
    }

    private static String hex(TransferMessage message) {
        return HexFormat.of().formatHex(MessageCodec.encode(message).array());
    }
}

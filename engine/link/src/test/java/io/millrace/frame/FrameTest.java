package io.millrace.frame;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Form of a plaintext: one example of each type, then everything around it that must be refused. */
class FrameTest {
    private static final int LONGEST = 65_519;

    private final MemorySegment memory = Arena.ofAuto().allocate(LONGEST + 1L);
    private final Frame frame = new Frame();

    @Test
    void readsEachType() {
        assertThat(parse("00 01 aabb")).isEqualTo(FrameStatus.OK);
        assertThat(frame.type()).isEqualTo(FrameType.STREAM);
        assertThat(frame.streamId()).isEqualTo(1);
        assertThat(frame.payloadLength()).isEqualTo(2);
        assertThat(memory.get(JAVA_BYTE, frame.payloadOffset())).isEqualTo((byte) 0xaa);
        assertThat(frame.has(FrameType.FIN)).isFalse();

        assertThat(parse("40 7bbd")).isEqualTo(FrameStatus.OK);
        assertThat(frame.has(FrameType.FIN)).isTrue();
        assertThat(frame.streamId()).isEqualTo(15_293);
        assertThat(frame.payloadLength()).isZero();

        assertThat(parse("20 03 07")).isEqualTo(FrameStatus.OK);
        assertThat(frame.has(FrameType.RESET)).isTrue();
        assertThat(frame.number(memory)).isEqualTo(7);

        assertThat(parse("01 00 0102030405060708")).isEqualTo(FrameStatus.OK);
        assertThat(parse("41 00 0102030405060708")).isEqualTo(FrameStatus.OK);
        assertThat(frame.has(FrameType.ACK)).isTrue();
        assertThat(parse("02 00 00")).isEqualTo(FrameStatus.OK);
        assertThat(parse("03 00 01")).isEqualTo(FrameStatus.OK);
        assertThat(parse("04 00 7fff")).isEqualTo(FrameStatus.OK);
        assertThat(frame.number(memory)).isEqualTo(16_383);
        assertThat(parse("04 05 01")).isEqualTo(FrameStatus.OK);
        assertThat(parse("05 00" + "ab".repeat(2_048))).isEqualTo(FrameStatus.OK);
        assertThat(parse("06 00")).isEqualTo(FrameStatus.OK);
    }

    @Test
    void takesPaddingOffAtItsMarkWhateverThePayloadEndsWith() {
        for (int zeros = 0; zeros < 40; zeros++) {
            assertThat(parse("80 01 aa8000 80" + "00".repeat(zeros))).isEqualTo(FrameStatus.OK);
            assertThat(frame.payloadLength()).isEqualTo(3);
            assertThat(parse("86 00 80" + "00".repeat(zeros))).isEqualTo(FrameStatus.OK);
            assertThat(frame.payloadLength()).isZero();
        }
        assertThat(parse("86 00 80" + "00".repeat(LONGEST - 3))).isEqualTo(FrameStatus.OK);
    }

    @Test
    void refusesPaddingWithoutAMarkOrWithOtherBytes() {
        for (String text : new String[] {
            "80 01",
            "80 01 00",
            "80 01 0000000000000000000000",
            "80 01 8001",
            "80 01 aa7f00",
            "86 00 8000000000000000000001"
        }) {
            assertThat(parse(text)).as(text).isEqualTo(FrameStatus.BAD_PADDING);
        }
        assertThat(parse("86 00 8080")).isEqualTo(FrameStatus.BAD_PAYLOAD);
    }

    @Test
    void refusesEveryFirstByteThatIsNoTypeWithItsFlags() {
        final String[] rests = {"01 05", "00 05", "00 0102030405060708", "00" + "ab".repeat(2_048), "00"};
        int accepted = 0;
        for (int first = 0; first < 0x80; first++) {
            boolean good = false;
            for (String rest : rests) {
                good |= parse(HexFormat.of().toHexDigits((byte) first) + rest) == FrameStatus.OK;
            }
            accepted += good ? 1 : 0;
        }
        // STREAM, with FIN, with RESET; PING, with ACK; CLOSE, KEY_UPDATE, WINDOW_UPDATE, PACKET, PADDING
        assertThat(accepted).isEqualTo(10);
    }

    @Test
    void refusesAStreamIdThatIsMissingOrOutOfPlace() {
        assertThat(parse("00 00 aabb")).isEqualTo(FrameStatus.BAD_TYPE);
        assertThat(parse("01 01 0102030405060708")).isEqualTo(FrameStatus.BAD_TYPE);
        assertThat(parse("02 01 00")).isEqualTo(FrameStatus.BAD_TYPE);
        assertThat(parse("06 01")).isEqualTo(FrameStatus.BAD_TYPE);
        assertThat(parse("00 7b")).isEqualTo(FrameStatus.BAD_VARINT);
        assertThat(parse("00 4001")).isEqualTo(FrameStatus.BAD_VARINT);
        assertThat(parse("")).isEqualTo(FrameStatus.BAD_LENGTH);
        assertThat(parse("00")).isEqualTo(FrameStatus.BAD_LENGTH);
    }

    @Test
    void refusesPayloadsThatAreNotWhatTheTypeDemands() {
        for (String text : new String[] {
            "20 01",
            "20 01 0707",
            "20 01 4007",
            "01 00",
            "01 00 01020304050607",
            "01 00 010203040506070809",
            "02 00",
            "02 00 0000",
            "03 00 40",
            "04 00",
            "04 01 c000000000000000",
            "05 00" + "ab".repeat(2_047),
            "06 00 00"
        }) {
            assertThat(parse(text)).as(text).isEqualTo(FrameStatus.BAD_PAYLOAD);
        }
    }

    private int parse(String text) {
        final byte[] bytes = HexFormat.of().parseHex(text.replace(" ", ""));
        memory.fill((byte) 0xee);
        MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, 1, bytes.length);
        return frame.parse(memory, 1, bytes.length);
    }
}

package io.millrace.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class QuicVarintTest {
    private static final HexFormat HEX = HexFormat.of();

    private final MemorySegment memory = Arena.ofAuto().allocate(16);

    @Test
    void readsAndWritesTheExamplesOfRfc9000AppendixA1() {
        agrees("c2197c5eff14e88c", 151_288_809_941_952_652L);
        agrees("9d7f3e7d", 494_878_333L);
        agrees("7bbd", 15_293L);
        agrees("25", 37L);
    }

    @Test
    void writesTheBordersOfEachLengthInTheShortestForm() {
        agrees("00", 0);
        agrees("3f", 63);
        agrees("4040", 64);
        agrees("7fff", 16_383);
        agrees("80004000", 16_384);
        agrees("bfffffff", (1L << 30) - 1);
        agrees("c000000040000000", 1L << 30);
        agrees("ffffffffffffffff", QuicVarint.MAX);
    }

    @Test
    void refusesWhatIsCutShort() {
        for (String text : new String[] {"c2197c5eff14e88c", "9d7f3e7d", "7bbd", "25"}) {
            put(text);
            for (int length = 0; length < text.length() / 2; length++) {
                assertThat(QuicVarint.read(memory, 0, length)).isEqualTo(QuicVarint.BAD);
            }
        }
    }

    @Test
    void refusesWhatIsLongerThanNeedBe() {
        for (String text :
                new String[] {"4025", "403f", "80000000", "80003fff", "c000000000000000", "c00000003fffffff"}) {
            put(text);
            assertThat(QuicVarint.read(memory, 0, text.length() / 2)).as(text).isEqualTo(QuicVarint.BAD);
        }
    }

    @Test
    void readsBackWhateverItWrites() {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 10_000; i++) {
            final long value = random.nextLong() >>> random.nextInt(2, 64);
            final int length = QuicVarint.write(memory, 3, value);
            assertThat(length).as("seed=%d", seed).isEqualTo(QuicVarint.length(value));
            assertThat(QuicVarint.read(memory, 3, 3 + length))
                    .as("seed=%d", seed)
                    .isEqualTo(value);
        }
    }

    private void agrees(String text, long value) {
        final byte[] bytes = HEX.parseHex(text);
        put(text);
        assertThat(QuicVarint.read(memory, 0, bytes.length)).isEqualTo(value);
        assertThat(QuicVarint.read(memory, 0, 16)).isEqualTo(value);
        memory.fill((byte) 0x55);
        assertThat(QuicVarint.write(memory, 1, value)).isEqualTo(bytes.length);
        assertThat(Arrays.copyOfRange(memory.toArray(ValueLayout.JAVA_BYTE), 1, 1 + bytes.length))
                .isEqualTo(bytes);
    }

    private void put(String text) {
        memory.fill((byte) 0);
        MemorySegment.copy(HEX.parseHex(text), 0, memory, ValueLayout.JAVA_BYTE, 0, text.length() / 2);
    }
}

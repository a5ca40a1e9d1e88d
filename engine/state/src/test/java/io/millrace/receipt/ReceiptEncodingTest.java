package io.millrace.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.tlog.MalformedException;
import io.millrace.tlog.MerkleHash;
import io.millrace.tlog.SignedNote;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** One receipt, one encoding: known bytes, every other form refused. */
class ReceiptEncodingTest {
    private static final Receipt KNOWN = new Receipt(
            ReceiptId.ofHex("000102030405060708090a0b0c0d0e0f"),
            ReceiptId.ofHex("101112131415161718191a1b1c1d1e1f"),
            256,
            ReceiptId.ofHex("202122232425262728292a2b2c2d2e2f"),
            1_764_161_229_000_000_000L,
            MerkleHash.EMPTY_ROOT,
            24,
            0x01020304);
    private static final String KNOWN_HEX = "a8"
            + "0150000102030405060708090a0b0c0d0e0f"
            + "0250101112131415161718191a1b1c1d1e1f"
            + "03190100"
            + "0450202122232425262728292a2b2c2d2e2f"
            + "051b187b8c6a7a1e7a00"
            + "065820e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            + "071818"
            + "084401020304";

    @Test
    void writesTheBytesOfTheTable() {
        final String timestamp = HexFormat.of().toHexDigits(KNOWN.timestampNs());
        final String expected = KNOWN_HEX.replace("187b8c6a7a1e7a00", timestamp);

        assertThat(HexFormat.of().formatHex(ReceiptEncoding.encode(KNOWN))).isEqualTo(expected);
    }

    @Test
    void readsBackWhatItWrote() throws MalformedException {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 10_000; i++) {
            final Receipt receipt = Receipts.receipt(random, random.nextInt());
            final byte[] encoding = ReceiptEncoding.encode(receipt);
            assertThat(encoding.length)
                    .as("seed %d", seed)
                    .isBetween(ReceiptEncoding.MIN_LENGTH, ReceiptEncoding.MAX_LENGTH);
            assertThat(ReceiptEncoding.decode(encoding)).as("seed %d", seed).isEqualTo(receipt);
        }
    }

    @Test
    void whateverIsAcceptedIsTheOneEncodingOfWhatItSays() {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        int accepted = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = ReceiptEncoding.encode(Receipts.receipt(random, random.nextInt()));
            final int at = random.nextInt(bytes.length);
            switch (random.nextInt(3)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes = Arrays.copyOf(bytes, at);
                default -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(3));
            }
            try {
                assertThat(ReceiptEncoding.encode(ReceiptEncoding.decode(bytes)))
                        .as("seed %d", seed)
                        .isEqualTo(bytes);
                accepted++;
            } catch (MalformedException e) {
                assertThat(e).hasMessageStartingWith("not a receipt");
            }
        }
        assertThat(accepted)
                .as("changes of an id or digest stay well formed, seed %d", seed)
                .isPositive();
    }

    @Test
    void refusesNumbersThatAreNotShortest() {
        final String good = HexFormat.of().formatHex(ReceiptEncoding.encode(KNOWN));

        for (String longer : new String[] {"071900180844", "071a000000180844", "071b00000000000000180844"}) {
            refuse(good.replace("0718180844", longer));
        }
        refuse(good.replace("03190100", "031a00000100"));
        refuse(good.replace("0718180844", "0718170844"));
        refuse(good.replace("03190100", "031b0000000000000100"));
    }

    @Test
    void refusesOtherOrdersKeysAndTypes() {
        final String good = HexFormat.of().formatHex(ReceiptEncoding.encode(KNOWN));

        refuse(good.replace("0718180844", "0618180844")); // a key twice
        refuse(good.replace("a80150", "a70150")); // a smaller map
        refuse(good.replace("a80150", "b8080150")); // the length of the map not in its shortest form
        refuse(good.replace("a80150", "bf0150")); // an indefinite map
        refuse(good.replace("a80150", "a80170")); // text for bytes
        refuse(good.replace("a80150", "a8015810")); // the length of a string not in its shortest form
        refuse(good.replace("0718180844", "0738180844")); // a negative result
        refuse(good.replace("03190100", "031a00010000")); // too large for an operation
        refuse(good + "00");
        refuse("");
    }

    @Test
    void theSignedMessageCannotBeANote() {
        final byte[] prefix = ReceiptSignature.PREFIX.getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> SignedNote.parse(prefix)).hasMessageContaining("control characters");
    }

    private static void refuse(String hex) {
        assertThatThrownBy(() -> ReceiptEncoding.decode(HexFormat.of().parseHex(hex)))
                .as(hex)
                .isInstanceOf(MalformedException.class);
    }
}

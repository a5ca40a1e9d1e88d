package io.millrace.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The encoding against a CBOR library, which writes the same map in the same order and shortest forms. */
class ReceiptCborTest {
    private static final ValueLayout.OfLong BE_LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt BE_INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final CBORFactory factory = new CBORFactory();

    @Test
    void aLibraryWritesTheSameBytes() throws IOException {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 5_000; i++) {
            final Receipt receipt = Receipts.receipt(random, random.nextInt());
            assertThat(ReceiptEncoding.encode(receipt)).as("seed %d", seed).isEqualTo(byLibrary(receipt));
        }
    }

    @Test
    void aLibraryWritesTheSameBytesAtTheEdgesOfEachLength() throws IOException {
        final SplittableRandom random = new SplittableRandom(1);
        final long[] edges = {0, 23, 24, 255, 256, 65_535, 65_536, 0xffff_ffffL, 0x1_0000_0000L, Long.MAX_VALUE};
        for (long edge : edges) {
            final Receipt any = Receipts.receipt(random, 7);
            final int code = (int) Math.min(edge, Receipt.MAX_CODE);
            final Receipt receipt = new Receipt(
                    any.operationId(), any.twinId(), code, any.actorId(), edge, any.requestDigest(), code, 7);
            assertThat(ReceiptEncoding.encode(receipt)).as("edge %d", edge).isEqualTo(byLibrary(receipt));
        }
    }

    private byte[] byLibrary(Receipt receipt) throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CBORGenerator generator = factory.createGenerator(bytes)) {
            generator.writeStartObject(8);
            generator.writeFieldId(1);
            generator.writeBinary(id(receipt.operationId()));
            generator.writeFieldId(2);
            generator.writeBinary(id(receipt.twinId()));
            generator.writeFieldId(3);
            generator.writeNumber(receipt.operation());
            generator.writeFieldId(4);
            generator.writeBinary(id(receipt.actorId()));
            generator.writeFieldId(5);
            generator.writeNumber(receipt.timestampNs());
            generator.writeFieldId(6);
            generator.writeBinary(receipt.requestDigest().toBytes());
            generator.writeFieldId(7);
            generator.writeNumber(receipt.result());
            generator.writeFieldId(8);
            final byte[] keyId = new byte[Integer.BYTES];
            MemorySegment.ofArray(keyId).set(BE_INT, 0, receipt.keyId());
            generator.writeBinary(keyId);
            generator.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static byte[] id(ReceiptId id) {
        final byte[] bytes = new byte[ReceiptId.LENGTH];
        MemorySegment.ofArray(bytes).set(BE_LONG, 0, id.high());
        MemorySegment.ofArray(bytes).set(BE_LONG, Long.BYTES, id.low());
        return bytes;
    }
}

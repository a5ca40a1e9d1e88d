package io.millrace.cli.metrics;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The native histograms in a scrape of Prometheus' protobuf format, read without its library.
 *
 * @param labels values, in order.
 * @param schema of the native buckets.
 * @param count of all values.
 * @param inNativeBuckets values that the native buckets hold, zero included.
 *     <p>Source: {@code io/prometheus/client/metrics.proto}, each family with its length before it.
 */
public record ProtobufHistogram(List<String> labels, int schema, long count, long inNativeBuckets) {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED_32 = 5;

    /** All histograms of the family {@code name}. */
    public static List<ProtobufHistogram> of(byte[] scrape, String name) {
        final ByteBuffer all = ByteBuffer.wrap(scrape).order(ByteOrder.LITTLE_ENDIAN);
        final List<ProtobufHistogram> found = new ArrayList<>();
        while (all.hasRemaining()) {
            final List<Field> family = fields(take(all, (int) varint(all)));
            if (text(family, 1).equals(name)) {
                family.stream()
                        .filter(field -> field.number() == 4)
                        .forEach(field -> found.add(metric(fields(field.bytes()))));
            }
        }
        return found;
    }

    private record Field(int number, long value, ByteBuffer bytes) {}

    private static ProtobufHistogram metric(List<Field> metric) {
        final List<String> labels = new ArrayList<>();
        List<Field> histogram = List.of();
        for (Field field : metric) {
            if (field.number() == 1) {
                labels.add(text(fields(field.bytes()), 2));
            } else if (field.number() == 7) {
                histogram = fields(field.bytes());
            }
        }
        long inBuckets = 0;
        long bucket = 0;
        int schema = Integer.MIN_VALUE;
        long count = 0;
        for (Field field : histogram) {
            switch (field.number()) {
                case 1 -> count = field.value();
                case 5 -> schema = (int) zigzag(field.value());
                case 7 -> inBuckets += field.value();
                case 13 -> {
                    // Each bucket as the difference to the one before; packed or one by one.
                    if (field.bytes() == null) {
                        bucket += zigzag(field.value());
                        inBuckets += bucket;
                    } else {
                        while (field.bytes().hasRemaining()) {
                            bucket += zigzag(varint(field.bytes()));
                            inBuckets += bucket;
                        }
                    }
                }
                default -> {}
            }
        }
        return new ProtobufHistogram(labels, schema, count, inBuckets);
    }

    private static String text(List<Field> fields, int number) {
        return fields.stream()
                .filter(field -> field.number() == number)
                .map(field -> StandardCharsets.UTF_8.decode(field.bytes()).toString())
                .findFirst()
                .orElse("");
    }

    private static List<Field> fields(ByteBuffer message) {
        final ByteBuffer from = message.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        final List<Field> fields = new ArrayList<>();
        while (from.hasRemaining()) {
            final int key = (int) varint(from);
            final int number = key >>> 3;
            switch (key & 7) {
                case VARINT -> fields.add(new Field(number, varint(from), null));
                case FIXED_64 -> fields.add(new Field(number, from.getLong(), null));
                case BYTES -> fields.add(new Field(number, 0, take(from, (int) varint(from))));
                case FIXED_32 -> fields.add(new Field(number, from.getInt(), null));
                default -> throw new AssertionError("no wire type: " + (key & 7));
            }
        }
        return fields;
    }

    private static ByteBuffer take(ByteBuffer from, int length) {
        final ByteBuffer taken = from.slice(from.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        from.position(from.position() + length);
        return taken;
    }

    private static long varint(ByteBuffer from) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            final byte next = from.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static long zigzag(long value) {
        return (value >>> 1) ^ -(value & 1);
    }
}

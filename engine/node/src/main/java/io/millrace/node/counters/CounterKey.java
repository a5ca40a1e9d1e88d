package io.millrace.node.counters;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.status.CountersReader;

/**
 * Identity of one counter: the key of its metadata record.
 *
 * <pre>
 *   0 index       4  of the member in its family: code of the verdict, index of the peer or of the stage
 *   4 item        4  of the family
 *   8 nameLength  4  0 to {@value #NAME_ROOM}
 *  12 name      100  of the member, UTF-8; a longer one is cut at a character
 * </pre>
 *
 * @param family of the counter.
 * @param index of the member in its family, 0 or more.
 * @param item of the family, 0 to {@code itemCount - 1}.
 * @param name of the member.
 */
record CounterKey(CounterFamily family, int index, int item, String name) {
    static final int NAME_ROOM = 100;

    private static final int INDEX_OFFSET = 0;
    private static final int ITEM_OFFSET = 4;
    private static final int NAME_LENGTH_OFFSET = 8;
    private static final int NAME_OFFSET = 12;

    static {
        if (NAME_OFFSET + NAME_ROOM != CountersReader.MAX_KEY_LENGTH) {
            throw new AssertionError("key: length=" + (NAME_OFFSET + NAME_ROOM));
        }
    }

    /** Label for readers that know no families, such as {@code packets bad-mac total}. */
    String label() {
        return family.name().toLowerCase(Locale.ROOT) + " " + name + " " + family.item(item);
    }

    /** Writes the key to the start of a buffer of 112 bytes. */
    void writeTo(MutableDirectBuffer key) {
        final byte[] bytes = cut(name, NAME_ROOM);
        key.putInt(INDEX_OFFSET, index);
        key.putInt(ITEM_OFFSET, item);
        key.putInt(NAME_LENGTH_OFFSET, bytes.length);
        key.putBytes(NAME_OFFSET, bytes);
    }

    /**
     * Reads a key.
     *
     * @param family of the counter.
     * @param buffer that holds the record.
     * @param offset of the key, in bytes; 112 bytes from there are within the buffer.
     * @return empty if the fields are out of range.
     */
    static Optional<CounterKey> read(CounterFamily family, DirectBuffer buffer, int offset) {
        final int index = buffer.getInt(offset + INDEX_OFFSET);
        final int item = buffer.getInt(offset + ITEM_OFFSET);
        final int length = buffer.getInt(offset + NAME_LENGTH_OFFSET);
        if (index < 0 || item < 0 || item >= family.itemCount() || length < 0 || length > NAME_ROOM) {
            return Optional.empty();
        }
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset + NAME_OFFSET, bytes);
        return Optional.of(new CounterKey(family, index, item, new String(bytes, StandardCharsets.UTF_8)));
    }

    /** The longest beginning of a text that has at most {@code room} bytes in UTF-8. */
    static byte[] cut(String text, int room) {
        final CharsetEncoder encoder = StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        final ByteBuffer bytes = ByteBuffer.allocate(room);
        encoder.encode(CharBuffer.wrap(text), bytes, true);
        final byte[] cut = new byte[bytes.position()];
        bytes.flip().get(cut);
        return cut;
    }
}

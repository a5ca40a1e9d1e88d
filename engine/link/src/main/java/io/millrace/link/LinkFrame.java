package io.millrace.link;

import static io.millrace.memory.Layouts.BE_SHORT;
import static io.millrace.memory.Layouts.LE_LONG;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.StructLayout;

/**
 * Layout of the frame that carries one Sphinx packet in one datagram.
 *
 * <pre>
 *  offset  length  field
 *       0       8  counter     of the link's direction, little endian, in clear
 *       8       2  length      of ciphertext and tag in bytes, big endian, in clear
 *      10       1  type        PACKET; ciphertext begins here
 *      11       1  epoch       low 8 bits of the receiver's key epoch that the packet was wrapped for
 *      12    2048  packet
 *    2060      16  tag
 *    2076          end
 * </pre>
 *
 * <p>The epoch tells the receiver under which of its live keys to peel, so that it tries one key only; under the tag, it
 * is the neighbour's word and no observer's. A receiver without epochs has the one epoch 0. Associated data are the first
 * 10 bytes. The nonce is 4 zero bytes and the counter in little endian, as in Noise.
 */
public final class LinkFrame {
    /** Length of the Sphinx packet in bytes. */
    public static final int PACKET_LENGTH = 2048;

    /** Code of the only frame type that a datagram may carry today. */
    public static final int TYPE_PACKET = 5;

    private static final StructLayout LAYOUT = structLayout(
            LE_LONG.withName("counter"),
            BE_SHORT.withName("length"),
            JAVA_BYTE.withName("type"),
            JAVA_BYTE.withName("epoch"),
            sequenceLayout(PACKET_LENGTH, JAVA_BYTE).withName("packet"),
            sequenceLayout(16, JAVA_BYTE).withName("tag"));

    /** Length of the whole frame in bytes. */
    public static final int FRAME_LENGTH = (int) LAYOUT.byteSize();

    /** Length in bytes of the part before the packet. */
    public static final int HEADER_LENGTH = offset("packet");

    static final int LENGTH_OFFSET = offset("length");
    static final int TYPE_OFFSET = offset("type");
    static final int EPOCH_OFFSET = offset("epoch");
    static final int TAG_OFFSET = offset("tag");
    static final int AD_LENGTH = TYPE_OFFSET;
    static final int TEXT_LENGTH = TAG_OFFSET - TYPE_OFFSET;
    static final short LENGTH_VALUE = (short) (FRAME_LENGTH - AD_LENGTH);

    static {
        if (FRAME_LENGTH != 2076 || HEADER_LENGTH != 12 || AD_LENGTH != 10) {
            throw new ExceptionInInitializerError("layout drifted from the wire: " + LAYOUT);
        }
    }

    private LinkFrame() {}

    private static int offset(String field) {
        return (int) LAYOUT.byteOffset(groupElement(field));
    }
}

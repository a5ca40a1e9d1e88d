package io.millrace.frame;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.link.LinkFrame;
import java.lang.foreign.MemorySegment;

/**
 * Flyweight over one frame of an ordered carrier.
 *
 * <pre>
 *  offset     length  field
 *       0          2  length      of ciphertext and tag in bytes, big endian, in clear: the associated data
 *       2          1  type        and flags; ciphertext begins here
 *       3     1 to 8  stream id   QUIC varint; 0 where the type belongs to no stream
 *       .          n  payload
 *       .          m  padding     none without PADDED; else the byte 0x80 and m - 1 zeros
 *       .         16  tag
 * </pre>
 *
 * <p>The payload ends where the plaintext does, or at the last byte of the plaintext that is not zero, which is the mark
 * 0x80. So any number of bytes can be padded, whatever the payload.
 *
 * <p>Not thread safe: one per thread, parsed again for each frame.
 *
 * <p>Source: {@code src/docs/specs/htx-sessions.md}.
 */
public final class Frame {
    /** Length of the length field in bytes. */
    public static final int LENGTH_FIELD = 2;

    /** Length of the tag in bytes. */
    public static final int TAG_LENGTH = 16;

    /** Smallest value of the length field: type, stream id and tag. */
    public static final int MIN_LENGTH = 2 + TAG_LENGTH;

    /** Largest value of the length field that any session can allow: one Noise message. */
    public static final int HARD_MAX_LENGTH = 65_535;

    /** Largest value of the length field unless both ends are told otherwise. */
    public static final int DEFAULT_MAX_LENGTH = 16_384;

    /** Length of a PING's payload in bytes. */
    public static final int PING_LENGTH = 8;

    /** Room in bytes that the longest header takes before the payload. */
    public static final int MAX_HEADER_LENGTH = LENGTH_FIELD + 1 + QuicVarint.MAX_LENGTH;

    static final byte PADDING_MARK = (byte) 0x80;

    private int type;
    private int flags;
    private long streamId;
    private long payloadOffset;
    private int payloadLength;

    /** A flyweight over nothing yet. */
    public Frame() {}

    /**
     * Length in bytes of the part before the payload.
     *
     * @param streamId 0 or more.
     */
    public static int headerLength(long streamId) {
        return LENGTH_FIELD + 1 + QuicVarint.length(streamId);
    }

    /**
     * Length in bytes of a whole frame without padding.
     *
     * @param streamId 0 or more.
     * @param payloadLength in bytes, 0 or more.
     */
    public static int frameLength(long streamId, int payloadLength) {
        return headerLength(streamId) + payloadLength + TAG_LENGTH;
    }

    /**
     * Reads a plaintext that was authentic. After anything but {@link FrameStatus#OK} the fields mean nothing.
     *
     * @param memory native; holds the plaintext.
     * @param offset of the type byte.
     * @param length of the plaintext in bytes, any.
     */
    public int parse(MemorySegment memory, long offset, int length) {
        if (length < MIN_LENGTH - TAG_LENGTH) {
            return FrameStatus.BAD_LENGTH;
        }
        final int first = memory.get(JAVA_BYTE, offset);
        type = first & FrameType.TYPE_MASK;
        flags = first & ~FrameType.TYPE_MASK & ~FrameType.PADDED & 0xff;
        if (!FrameType.allows(type, flags)) {
            return FrameStatus.BAD_TYPE;
        }
        final long textEnd = offset + length;
        streamId = QuicVarint.read(memory, offset + 1, textEnd);
        if (streamId < 0) {
            return FrameStatus.BAD_VARINT;
        }
        payloadOffset = offset + 1 + QuicVarint.length(streamId);
        long end = textEnd;
        if ((first & FrameType.PADDED) != 0) {
            end = mark(memory, payloadOffset, textEnd);
            if (end < 0) {
                return FrameStatus.BAD_PADDING;
            }
        }
        payloadLength = (int) (end - payloadOffset);
        return check(memory, end);
    }

    /** One of the types of {@link FrameType}. */
    public int type() {
        return type;
    }

    /**
     * Whether {@code flag} of {@link FrameType} is set.
     *
     * @param flag one of the flags of {@link FrameType}.
     */
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Stream id, 0 to {@link QuicVarint#MAX}; 0 where the frame belongs to no stream. */
    public long streamId() {
        return streamId;
    }

    /** Offset of the payload's first byte. */
    public long payloadOffset() {
        return payloadOffset;
    }

    /** Length of the payload in bytes, without padding. */
    public int payloadLength() {
        return payloadLength;
    }

    /**
     * The varint that is the payload of CLOSE, KEY_UPDATE, WINDOW_UPDATE and a RESET.
     *
     * @param memory the one that was parsed.
     */
    public long number(MemorySegment memory) {
        return QuicVarint.read(memory, payloadOffset, payloadOffset + payloadLength);
    }

    private int check(MemorySegment memory, long end) {
        final boolean ofStream = type == FrameType.STREAM;
        if (ofStream == (streamId == 0) && type != FrameType.WINDOW_UPDATE) {
            return FrameStatus.BAD_TYPE;
        }
        final boolean good = switch (type) {
            case FrameType.STREAM -> !has(FrameType.RESET) || isNumber(memory, end);
            case FrameType.PING -> payloadLength == PING_LENGTH;
            case FrameType.PACKET -> payloadLength == LinkFrame.PACKET_LENGTH;
            case FrameType.PADDING -> payloadLength == 0;
            default -> isNumber(memory, end);
        };
        return good ? FrameStatus.OK : FrameStatus.BAD_PAYLOAD;
    }

    private boolean isNumber(MemorySegment memory, long end) {
        final long number = QuicVarint.read(memory, payloadOffset, end);
        return number >= 0 && QuicVarint.length(number) == payloadLength;
    }

    /** Offset of the padding's mark, the last byte that is not zero; negative if that is no mark. */
    private static long mark(MemorySegment memory, long from, long end) {
        long at = end;
        while (at - from >= Long.BYTES && memory.get(JAVA_LONG_UNALIGNED, at - Long.BYTES) == 0) {
            at -= Long.BYTES;
        }
        while (at > from && memory.get(JAVA_BYTE, at - 1) == 0) {
            at--;
        }
        return at > from && memory.get(JAVA_BYTE, at - 1) == PADDING_MARK ? at - 1 : -1;
    }
}

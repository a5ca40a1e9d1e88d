package io.millrace.sphinx;

import static io.millrace.memory.Layouts.LE_LONG;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * One hop's routing command.
 *
 * <pre>
 *  offset  length  field
 *       0       1  type       {@link CommandType#code()}
 *       1       7  reserved   zero; anything else is refused
 *       8       8  delay      nanoseconds, little endian, below 2^63; the SENDER policy obeys it
 *      16      16  id         next relay, recipient or SURB, by type
 *      32          end; a longer command of another geometry ends in zeros
 * </pre>
 *
 * <p>A value off the packet path; {@link PeelBatch} has the fields of peeled commands.
 *
 * @param type what to do.
 * @param delayNs 0 to 2^63 - 1.
 * @param idLow the first 8 bytes of the id, as a little-endian number.
 * @param idHigh the last 8 bytes of the id, as a little-endian number.
 */
public record RoutingCommand(CommandType type, long delayNs, long idLow, long idHigh) {
    /** Length in bytes of the fields; the least command length of a geometry. */
    public static final int LENGTH = 32;

    static final int TYPE_OFFSET = 0;
    static final int DELAY_OFFSET = 8;
    static final int ID_OFFSET = 16;

    public RoutingCommand {
        Objects.requireNonNull(type, "type");
        if (delayNs < 0) {
            throw new IllegalArgumentException("delayNs must not be negative: delayNs=" + delayNs);
        }
    }

    /** Writes {@code length} bytes: the fields, then zeros. */
    void writeTo(MemorySegment target, long position, int length) {
        target.set(LE_LONG, position + TYPE_OFFSET, type.code());
        target.set(LE_LONG, position + DELAY_OFFSET, delayNs);
        target.set(LE_LONG, position + ID_OFFSET, idLow);
        target.set(LE_LONG, position + ID_OFFSET + Long.BYTES, idHigh);
        for (int at = LENGTH; at < length; at += Long.BYTES) {
            target.set(LE_LONG, position + at, 0L);
        }
    }
}

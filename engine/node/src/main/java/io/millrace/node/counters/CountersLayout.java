package io.millrace.node.counters;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.agrona.concurrent.status.CountersReader;

/**
 * Layout of the counters file: a header, Agrona's metadata records, and two banks of Agrona's value records.
 *
 * <pre>
 *   0 magic            8  "MILLRACE"
 *   8 version          4
 *  12 headerLength     4  {@value #HEADER_LENGTH}
 *  16 metadataLength   4  a multiple of 512
 *  20 valuesLength     4  of each bank; a quarter of metadataLength
 *  24 pid              8
 *  32 processStartMs   8  when the process began, as the system says it; 0 if unknown
 *  40 startMs          8  when the relay began
 *  48 heartbeatMs      8  when the counters were copied last
 *  56 state            4  code of {@link RelayState}
 *  60 nameLength       4  0 to {@value #NAME_ROOM}
 *  64 sequence         8  number of copies so far; its lowest bit names the bank that is whole
 *  72 versionLength    4  0 to {@value #PROGRAM_ROOM}
 *  76 unused          52
 * 128 name           256  of the relay, UTF-8
 * 384 program        128  version of the program, UTF-8
 * 512 metadata
 *     bank 0
 *     bank 1
 * </pre>
 *
 * <p>Numbers have the byte order of the machine. Times are milliseconds since 1970. The writer fills the bank that the
 * sequence does not name, then raises the sequence; a process that is killed at any instant leaves a bank that is whole.
 */
final class CountersLayout {
    /** Name of the file in its folder. */
    static final String FILE_NAME = "counters.dat";

    static final long MAGIC = magic();
    static final int VERSION = 1;
    static final int HEADER_LENGTH = 512;
    static final int NAME_ROOM = 256;
    static final int PROGRAM_ROOM = 128;

    /** Most counters of a file. */
    static final int MAX_COUNTERS = 1 << 15;

    private static final StructLayout HEADER = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("magic"),
            ValueLayout.JAVA_INT.withName("version"),
            ValueLayout.JAVA_INT.withName("headerLength"),
            ValueLayout.JAVA_INT.withName("metadataLength"),
            ValueLayout.JAVA_INT.withName("valuesLength"),
            ValueLayout.JAVA_LONG.withName("pid"),
            ValueLayout.JAVA_LONG.withName("processStartMs"),
            ValueLayout.JAVA_LONG.withName("startMs"),
            ValueLayout.JAVA_LONG.withName("heartbeatMs"),
            ValueLayout.JAVA_INT.withName("state"),
            ValueLayout.JAVA_INT.withName("nameLength"),
            ValueLayout.JAVA_LONG.withName("sequence"),
            ValueLayout.JAVA_INT.withName("programLength"),
            MemoryLayout.paddingLayout(52),
            MemoryLayout.sequenceLayout(NAME_ROOM, ValueLayout.JAVA_BYTE).withName("name"),
            MemoryLayout.sequenceLayout(PROGRAM_ROOM, ValueLayout.JAVA_BYTE).withName("program"));

    static final long MAGIC_OFFSET = offset("magic");
    static final long VERSION_OFFSET = offset("version");
    static final long HEADER_LENGTH_OFFSET = offset("headerLength");
    static final long METADATA_LENGTH_OFFSET = offset("metadataLength");
    static final long VALUES_LENGTH_OFFSET = offset("valuesLength");
    static final long PID_OFFSET = offset("pid");
    static final long PROCESS_START_OFFSET = offset("processStartMs");
    static final long START_OFFSET = offset("startMs");
    static final long HEARTBEAT_OFFSET = offset("heartbeatMs");
    static final long STATE_OFFSET = offset("state");
    static final long NAME_LENGTH_OFFSET = offset("nameLength");
    static final long SEQUENCE_OFFSET = offset("sequence");
    static final long PROGRAM_LENGTH_OFFSET = offset("programLength");
    static final long NAME_OFFSET = offset("name");
    static final long PROGRAM_OFFSET = offset("program");

    /** The sequence, to be raised with release semantics. */
    static final VarHandle SEQUENCE =
            HEADER.varHandle(PathElement.groupElement("sequence")).withInvokeExactBehavior();

    static {
        if (HEADER.byteSize() != HEADER_LENGTH) {
            throw new AssertionError("header: length=" + HEADER.byteSize());
        }
    }

    private CountersLayout() {}

    /** Length of the metadata of {@code count} counters, in bytes. */
    static int metadataLength(int count) {
        return count * CountersReader.METADATA_LENGTH;
    }

    /** Length of one bank of {@code count} values, in bytes. */
    static int valuesLength(int count) {
        return count * CountersReader.COUNTER_LENGTH;
    }

    /** Position of bank 0 or 1 in the file, in bytes. */
    static long bankOffset(int bank, int count) {
        return HEADER_LENGTH + metadataLength(count) + (long) bank * valuesLength(count);
    }

    /** Length of the file of {@code count} counters, in bytes. */
    static long fileLength(int count) {
        return bankOffset(2, count);
    }

    private static long offset(String field) {
        return HEADER.byteOffset(PathElement.groupElement(field));
    }

    private static long magic() {
        final byte[] text = {'M', 'I', 'L', 'L', 'R', 'A', 'C', 'E'};
        return MemorySegment.ofArray(text).get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    }
}

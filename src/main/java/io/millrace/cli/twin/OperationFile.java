package io.millrace.cli.twin;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.cbor.CborReader;
import io.millrace.crdt.op.OperationCodec;
import io.millrace.crdt.op.OperationLog;
import io.millrace.files.WholeFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of signed operations one after another: a CBOR sequence, each item as {@link OperationCodec} writes it. For moving
 * a document by any means, and for checking it anywhere.
 *
 * <p>Source: RFC 8742.
 */
final class OperationFile {
    static final String ENDING = ".cbor";

    private OperationFile() {}

    static boolean isNamedSo(Path path) {
        return path.toString().endsWith(ENDING);
    }

    /**
     * Reads all operations; whether they are valid is not looked at.
     *
     * @throws IOException if it cannot be read or is not a sequence of operations.
     */
    static List<byte[]> read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            final MemorySegment content = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            final List<byte[]> operations = new ArrayList<>();
            final CborReader reader = new CborReader().wrap(content);
            while (reader.hasMore()) {
                final long start = reader.position();
                reader.arrayOf(3);
                reader.skipBytes(0, OperationCodec.MAX_LENGTH);
                reader.skipBytes(0, OperationCodec.MAX_LENGTH);
                if (!reader.takeNull()) {
                    reader.skipBytes(0, OperationCodec.MAX_LENGTH);
                }
                if (reader.failed()) {
                    throw new IOException(file + ": not a file of operations: offset=" + start);
                }
                operations.add(content.asSlice(start, reader.position() - start).toArray(JAVA_BYTE));
            }
            return operations;
        }
    }

    /** Writes the records of a log, replacing the file as a whole and bringing it to the disk. */
    static void write(Path file, OperationLog log) throws IOException {
        WholeFile.replace(file, out -> {
            for (int i = 0; i < log.size(); i++) {
                out.write(log.read(i));
            }
        });
    }
}

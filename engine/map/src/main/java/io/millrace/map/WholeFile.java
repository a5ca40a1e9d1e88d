package io.millrace.map;

import io.millrace.store.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes small files that only their owner may read. */
final class WholeFile {
    private WholeFile() {}

    /** Replaces the content of the file, and brings it to the disk. */
    static void write(Path file, ByteBuffer content) throws IOException {
        try (FileChannel channel = OwnerOnly.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC)) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
        }
    }
}

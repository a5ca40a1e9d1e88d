package io.millrace.cli.console;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Standard output or standard error of this process. Unlike {@code System.out} and {@code System.err} it reports a failed
 * write, of a full disk or to a closed pipe, and remembers the first one.
 *
 * <p>Unbuffered. Threading: writes of several threads are not mixed up within one call; {@link #failure} may be called from
 * any thread.
 */
public final class StandardStream extends OutputStream {
    private final FileOutputStream stream;
    private volatile IOException failure;

    /**
     * Writes to a descriptor, which stays open.
     *
     * @param descriptor open for writing.
     */
    StandardStream(FileDescriptor descriptor) {
        this.stream = new FileOutputStream(descriptor);
    }

    /** Standard output. */
    public static StandardStream output() {
        return new StandardStream(FileDescriptor.out);
    }

    /** Standard error. */
    public static StandardStream error() {
        return new StandardStream(FileDescriptor.err);
    }

    /** Why the first write that failed did so; empty as long as all bytes were written. */
    public Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            stream.write(bytes, offset, length);
        } catch (IOException e) {
            if (failure == null) {
                failure = e;
            }
            throw e;
        }
    }
}

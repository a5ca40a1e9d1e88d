package io.millrace.natives;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A libsodium that was opened, has every symbol and is initialised.
 *
 * @param lookup finds its symbols; never closed.
 * @param file real path of the system's library, null for the embedded one.
 * @param origin for people.
 */
record SodiumHandle(SymbolLookup lookup, Path file, String origin) {
    private static final String ADVICE =
            "use libsodium 1.0.18 or newer, or leave out --sodium to take the embedded 1.0.20";

    /** First bytes of files that the loaders of Linux and macOS take: ELF, Mach-O of 64 bits, Mach-O for several CPUs. */
    private static final Set<Integer> MAGIC_NUMBERS = Set.of(0x7f454c46, 0xcffaedfe, 0xcafebabe);

    /**
     * Opens the library at {@code file}, which its owner trusts: its code runs in this process, and the system's loader
     * may crash over a damaged one.
     */
    static SodiumHandle ofFile(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new LibraryUnavailableException("libsodium: " + file + " is not a file; " + ADVICE);
        }
        try {
            if (!startsAsLibrary(file)) {
                throw new LibraryUnavailableException("libsodium: " + file + " is not a shared library; " + ADVICE);
            }
            final Path real = file.toRealPath();
            return new SodiumHandle(open(real, file.toString(), ADVICE), real, real.toString());
        } catch (IOException e) {
            throw new LibraryUnavailableException("libsodium: cannot read " + file + ": " + e, e);
        }
    }

    /**
     * Opens an embedded build: extracts it to a new directory in {@code folder}, where only this user can reach
     * it, and removes both once it is mapped.
     */
    static SodiumHandle embedded(EmbeddedSodium build, Path folder) {
        final byte[] content = build.read();
        final String name = "embedded " + EmbeddedSodium.ORIGIN + " (sha256 " + build.sha256() + ")";
        try {
            final Path file = extract(content, folder, build.fileName());
            try {
                return new SodiumHandle(open(file, "the " + name, embeddedAdvice(folder)), null, name);
            } finally {
                Files.delete(file);
                Files.delete(file.getParent());
            }
        } catch (IOException e) {
            throw new LibraryUnavailableException(
                    "libsodium: cannot extract the embedded library to " + folder + ": " + e
                            + "; start java with -Djava.io.tmpdir=DIR, a folder that can be written",
                    e);
        }
    }

    /** Writes {@code content} to a file of mode 0600 in a fresh directory of mode 0700. */
    static Path extract(byte[] content, Path folder, String fileName) throws IOException {
        final Path directory = Files.createTempDirectory(
                folder,
                "millrace-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        final Path file = directory.resolve(fileName);
        try (SeekableByteChannel channel = Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            final ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            Files.deleteIfExists(file);
            Files.delete(directory);
            throw e;
        }
        return file;
    }

    /** Whether this is the library at {@code other}. */
    boolean isFile(Path other) {
        try {
            return file != null && file.equals(other.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }

    /** The JVM itself warns about files that are no libraries, so they do not get that far. */
    private static boolean startsAsLibrary(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            final byte[] start = in.readNBytes(Integer.BYTES);
            return start.length == Integer.BYTES
                    && MAGIC_NUMBERS.contains(ByteBuffer.wrap(start).getInt());
        }
    }

    private static SymbolLookup open(Path file, String name, String advice) {
        // Closed on failure, which unmaps the library again; on success it is left open for good.
        final Arena arena = Arena.ofShared();
        try {
            final SymbolLookup lookup = SymbolLookup.libraryLookup(file, arena);
            for (String symbol : SodiumSymbols.REQUIRED) {
                if (lookup.find(symbol).isEmpty()) {
                    throw new LibraryUnavailableException("libsodium: " + name + " lacks " + symbol + "; " + advice);
                }
            }
            final MemorySegment init = lookup.findOrThrow("sodium_init");
            if (SodiumLibrary.init(init) < 0) {
                throw new LibraryUnavailableException("libsodium: sodium_init failed in " + name + "; " + advice);
            }
            return lookup;
        } catch (IllegalArgumentException e) {
            arena.close();
            throw new LibraryUnavailableException(
                    "libsodium: " + name + " is not a shared library that this machine can load; " + advice, e);
        } catch (LibraryUnavailableException e) {
            arena.close();
            throw e;
        }
    }

    private static String embeddedAdvice(Path folder) {
        return "if " + folder + " is mounted noexec, start java with -Djava.io.tmpdir=DIR, or"
                + " install libsodium 1.0.18 or newer and pass its path with --sodium";
    }
}

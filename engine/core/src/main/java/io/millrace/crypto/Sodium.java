package io.millrace.crypto;

import io.millrace.natives.LibraryUnavailableException;
import io.millrace.natives.SodiumLibrary;
import java.nio.file.Path;

/**
 * The libsodium of this process: the embedded one, or the system's if {@link #load} is called before anything else of
 * this package.
 */
public final class Sodium {
    private Sodium() {}

    /**
     * Takes the libsodium at {@code file} instead of the embedded one. Loading the same file again does nothing.
     *
     * @param file a shared library of libsodium.
     * @throws SodiumUnavailableException if there is no usable libsodium at {@code file}.
     * @throws IllegalStateException if another libsodium is already in use.
     */
    public static void load(Path file) {
        try {
            SodiumLibrary.load(file);
        } catch (LibraryUnavailableException e) {
            throw new SodiumUnavailableException(e);
        }
    }

    /**
     * Loads the embedded libsodium unless one is loaded. Everything in this package does so by itself.
     *
     * @throws SodiumUnavailableException if this platform has none or it cannot be loaded.
     */
    public static void require() {
        try {
            SodiumLibrary.require();
        } catch (LibraryUnavailableException e) {
            throw new SodiumUnavailableException(e);
        }
    }

    /** Version of the library, such as {@code 1.0.20}. */
    public static String version() {
        require();
        return SodiumLibrary.version();
    }

    /** Where the library comes from: {@code embedded ...} with its SHA-256, or the path of a file. */
    public static String origin() {
        require();
        return SodiumLibrary.origin();
    }
}

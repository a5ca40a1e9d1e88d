package io.millrace.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * The one libsodium of this process: the embedded build, or a file of the system's that is chosen before the first use.
 *
 * <p>A program calls {@link #load} or {@link #require} first. Otherwise the first binding class loads the embedded
 * build, and a failure then is wrapped in an {@link ExceptionInInitializerError}. May be used from any thread.
 */
public final class SodiumLibrary {
    private static final Linker LINKER = Linker.nativeLinker();

    private static final SodiumSelection SELECTION = new SodiumSelection();

    private SodiumLibrary() {}

    /**
     * Takes the libsodium at {@code file} instead of the embedded one. Loading the same file again does nothing.
     *
     * @throws LibraryUnavailableException if there is no usable libsodium at {@code file}.
     * @throws IllegalStateException if another libsodium is already in use.
     */
    public static void load(Path file) {
        SELECTION.load(file);
    }

    /**
     * Loads the embedded libsodium unless one is loaded.
     *
     * @throws LibraryUnavailableException if this platform has none or it cannot be loaded.
     */
    public static void require() {
        SELECTION.handle();
    }

    /** Version of the library, such as {@code 1.0.20}. Loads it if need be. */
    public static String version() {
        // const char *sodium_version_string(void)
        final MethodHandle versionString = function("sodium_version_string", FunctionDescriptor.of(ADDRESS));
        try {
            return ((MemorySegment) versionString.invokeExact()).reinterpret(64).getString(0);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Where the library comes from: {@code embedded ...} with its SHA-256, or a path. Loads it if need be. */
    public static String origin() {
        return SELECTION.handle().origin();
    }

    /** Binds a function that {@link SodiumSymbols} lists. */
    static MethodHandle function(String name, FunctionDescriptor descriptor) {
        if (!SodiumSymbols.REQUIRED.contains(name)) {
            throw new AssertionError("not in SodiumSymbols: " + name);
        }
        return LINKER.downcallHandle(SELECTION.handle().lookup().findOrThrow(name), descriptor);
    }

    /** Fails class loading if the library's own idea of a size differs from ours. */
    static void requireSize(String sizeFunction, int expected) {
        final long actual;
        try {
            actual = (long)
                    function(sizeFunction, FunctionDescriptor.of(JAVA_LONG)).invokeExact();
        } catch (Throwable t) {
            throw unexpected(t);
        }
        if (actual != expected) {
            throw new AssertionError(sizeFunction + ": expected=" + expected + ", actual=" + actual);
        }
    }

    /**
     * Throws on the linker's refusal of a caller's segment: closed, another thread's or on the heap. A checked exception is
     * a mistake in this package: no downcall throws one.
     */
    static AssertionError unexpected(Throwable t) {
        if (t instanceof RuntimeException refusal) {
            throw refusal;
        }
        if (t instanceof Error error) {
            throw error;
        }
        return new AssertionError("a downcall threw a checked exception", t);
    }

    /** Runs {@code sodium_init} of a library. Below 0 is failure, 1 means that it had run before. */
    static int init(MemorySegment sodiumInit) {
        // int sodium_init(void)
        final MethodHandle init = LINKER.downcallHandle(sodiumInit, FunctionDescriptor.of(JAVA_INT));
        try {
            return (int) init.invokeExact();
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }
}

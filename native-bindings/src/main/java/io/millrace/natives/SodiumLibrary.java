package io.millrace.natives;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/** Loads libsodium once per process and resolves symbols in it. */
final class SodiumLibrary {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LOOKUP = open();

    private SodiumLibrary() {}

    static MethodHandle function(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(LOOKUP.findOrThrow(name), descriptor);
    }

    /** Fails class loading if the library's own idea of a size differs from ours. */
    static void requireSize(String sizeFunction, int expected) {
        final long actual;
        try {
            actual = (long)
                    function(sizeFunction, FunctionDescriptor.of(JAVA_LONG)).invokeExact();
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
        if (actual != expected) {
            throw new ExceptionInInitializerError(sizeFunction + ": expected=" + expected + ", actual=" + actual);
        }
    }

    /** What a downcall throws when its descriptor does not match its call: a mistake in this package. */
    static AssertionError unexpected(Throwable t) {
        return new AssertionError("FFM descriptor mismatch", t);
    }

    private static SymbolLookup open() {
        try (InputStream resource = SodiumLibrary.class.getResourceAsStream("sodium/linux64/libsodium.so")) {
            final Path file = Files.createTempFile("libsodium", ".so");
            Files.write(file, resource.readAllBytes());
            final SymbolLookup lookup = SymbolLookup.libraryLookup(file, Arena.global());
            Files.delete(file);
            final MethodHandle init =
                    LINKER.downcallHandle(lookup.findOrThrow("sodium_init"), FunctionDescriptor.of(JAVA_INT));
            if ((int) init.invokeExact() < 0) {
                throw new ExceptionInInitializerError("sodium_init failed");
            }
            return lookup;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }
}

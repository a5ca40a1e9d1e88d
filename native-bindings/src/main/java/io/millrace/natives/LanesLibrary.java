package io.millrace.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The library of Millrace's kernels, {@code libmillrace_lanes}: whether this machine runs it, and if not, why.
 *
 * <p>It is optional: a build without a C compiler has none, and an unsuitable processor or operating system refuses it.
 * Nothing here throws for that; {@link #level} and {@link #reason} tell. It is loaded when this class is, from a
 * file that only this user can reach and that is removed at once. May be used from any thread.
 *
 * <p>Source: {@code src/main/c/lanes.h}.
 */
public final class LanesLibrary {
    /** Version of the C interface that {@link Lanes} binds. */
    static final int ABI = 3;

    /** Folders of libraries, by the JVM's names of architectures. */
    private static final Map<String, String> FOLDERS =
            Map.of("amd64", "linux-x86_64", "x86_64", "linux-x86_64", "aarch64", "linux-aarch64");

    /** All functions of {@code lanes.h} but those of {@link LanesHmacSha256}, without which the others can be used. */
    private static final List<String> SYMBOLS = List.of(
            "lanes_abi",
            "lanes_features",
            "lanes_available",
            "lanes_level",
            "lanes_reason",
            "lanes_x25519",
            "lanes_x25519_base",
            "lanes_chacha20_xor",
            "lanes_blake2b",
            "lanes_sha512",
            "lanes_edwards25519_map",
            "lanes_aead_seal",
            "lanes_aead_open",
            "lanes_sha256_available",
            "lanes_sha256_short");

    private static final int ELF_MAGIC = 0x7f454c46;

    private static final Linker LINKER = Linker.nativeLinker();

    private static final State STATE = open(
            Platform.system(), Platform.architecture(), resource(Platform.architecture()), Platform.temporaryFolder());

    private LanesLibrary() {}

    /**
     * What became of the library.
     *
     * @param lookup finds its symbols; null if it is not used.
     * @param level highest that runs here; empty if the library is not used.
     * @param features bits of {@code lanes_features}, 0 if it could not be asked.
     * @param reason for people: instructions that the kernels use, or why there are none and what to do.
     */
    record State(SymbolLookup lookup, Optional<LanesLevel> level, int features, String reason) {
        static State refused(String reason) {
            return new State(null, Optional.empty(), 0, reason);
        }
    }

    /** The highest level that runs here; empty if {@link Lanes} must not be called. */
    public static Optional<LanesLevel> level() {
        return STATE.level();
    }

    /**
     * One line for people: the instructions of {@link #level} and those missing for the next one, or why there are no
     * kernels and what to do.
     */
    public static String reason() {
        return STATE.reason();
    }

    /** Processor features as the library found them, bits of {@code lanes.h}; 0 if there is no library to ask. */
    public static int features() {
        return STATE.features();
    }

    /** Whether the library, which must be available, has a function that it may lack: one that was added later. */
    static boolean has(String name) {
        return STATE.lookup() != null && STATE.lookup().find(name).isPresent();
    }

    /** Binds a function of the library, which must be available. */
    static MethodHandle function(String name, FunctionDescriptor descriptor) {
        if (STATE.lookup() == null) {
            throw new AssertionError("lanes are not available: " + reason());
        }
        return LINKER.downcallHandle(STATE.lookup().findOrThrow(name), descriptor);
    }

    /** The library for an architecture, next to this class in the jar; {@link #open} says whether it is there. */
    static String resource(String osArch) {
        return "lanes/" + FOLDERS.getOrDefault(osArch, "unknown") + "/libmillrace_lanes.so";
    }

    /** Opens the library of {@code resource} for a platform, extracted to {@code folder}. */
    static State open(String osName, String osArch, String resource, Path folder) {
        final String os = osName.toLowerCase(Locale.ROOT);
        if (!os.equals("linux") || !FOLDERS.containsKey(osArch)) {
            return State.refused("the kernels are for Linux on x86-64 or arm64, this is " + osName + " on " + osArch);
        }
        try (InputStream in = LanesLibrary.class.getResourceAsStream(resource)) {
            if (in == null) {
                return State.refused(
                        "not in this build for " + osArch + ", because it was built without a C compiler or on"
                                + " another architecture; install gcc or clang and build again there");
            }
            return open(in.readAllBytes(), folder);
        } catch (IOException e) {
            return State.refused("cannot extract the library to " + folder + ": " + e
                    + "; start java with -Djava.io.tmpdir=DIR, a folder that can be written");
        }
    }

    private static State open(byte[] content, Path folder) throws IOException {
        // The JVM itself warns about a file that is no library.
        if (content.length < Integer.BYTES || ByteBuffer.wrap(content).getInt() != ELF_MAGIC) {
            return State.refused("the library in this build is damaged; build again with clean");
        }
        final Path file = SodiumHandle.extract(content, folder, "libmillrace_lanes.so");
        try {
            return ask(SymbolLookup.libraryLookup(file, Arena.global()));
        } catch (IllegalArgumentException e) {
            return State.refused("the library cannot be loaded from " + folder
                    + "; if that is mounted noexec, start java with -Djava.io.tmpdir=DIR");
        } finally {
            Files.delete(file);
            Files.delete(file.getParent());
        }
    }

    private static State ask(SymbolLookup lookup) {
        for (String symbol : SYMBOLS) {
            if (lookup.find(symbol).isEmpty()) {
                return State.refused("the library lacks " + symbol + "; build again with clean");
            }
        }
        // int lanes_abi(void)
        final int abi = intOf(lookup, "lanes_abi");
        if (abi != ABI) {
            return State.refused("the library has interface " + abi + " and not " + ABI + "; build again with clean");
        }
        // uint32_t lanes_features(void)
        final int features = intOf(lookup, "lanes_features");
        // int32_t lanes_level(void)
        final Optional<LanesLevel> level = LanesLevel.ofCode(intOf(lookup, "lanes_level"));
        return new State(level.isPresent() ? lookup : null, level, features, reason(lookup));
    }

    private static int intOf(SymbolLookup lookup, String name) {
        final MethodHandle function = LINKER.downcallHandle(lookup.findOrThrow(name), FunctionDescriptor.of(JAVA_INT));
        try {
            return (int) function.invokeExact();
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    private static String reason(SymbolLookup lookup) {
        // const char *lanes_reason(void)
        final MethodHandle reason =
                LINKER.downcallHandle(lookup.findOrThrow("lanes_reason"), FunctionDescriptor.of(ADDRESS));
        try {
            return ((MemorySegment) reason.invokeExact()).reinterpret(256).getString(0);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }
}

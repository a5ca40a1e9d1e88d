package io.millrace.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Size of the terminal behind a descriptor; on Linux and macOS. Safe for all threads.
 *
 * <p>Source: {@code sys/ioctl.h}; ioctl_tty(2), TIOCGWINSZ.
 */
public final class TerminalWindow {
    private static final String SYSTEM = Platform.system();
    private static final boolean MAC = SYSTEM.startsWith("Mac");
    private static final boolean AVAILABLE = MAC || SYSTEM.equals("Linux");
    private static final long TIOCGWINSZ = MAC ? 0x40087468L : 0x5413L;
    private static final long WINSIZE_LENGTH = 4 * JAVA_SHORT.byteSize();
    private static final int FIXED_ARGUMENTS = 2;

    // int ioctl(int fd, unsigned long request, ...)
    private static final MethodHandle IOCTL = AVAILABLE
            ? Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("ioctl"),
                            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
                            Linker.Option.firstVariadicArg(FIXED_ARGUMENTS))
            : null;

    private TerminalWindow() {}

    /**
     * Asks for the size.
     *
     * @param descriptor 0 or more; for example 1 for standard output.
     * @return rows in the upper 32 bits and columns in the lower, each 0 to 65,535; -1 if the descriptor is no terminal, or the
     *     system has no such call.
     * @throws IllegalArgumentException if the descriptor is negative.
     */
    public static long size(int descriptor) {
        if (descriptor < 0) {
            throw new IllegalArgumentException("descriptor must be 0 or more: descriptor=" + descriptor);
        }
        if (!AVAILABLE) {
            return -1;
        }
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment window = arena.allocate(WINSIZE_LENGTH, JAVA_SHORT.byteAlignment());
            if ((int) IOCTL.invokeExact(descriptor, TIOCGWINSZ, window) != 0) {
                return -1;
            }
            return (long) Short.toUnsignedInt(window.getAtIndex(JAVA_SHORT, 0)) << Integer.SIZE
                    | Short.toUnsignedInt(window.getAtIndex(JAVA_SHORT, 1));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}

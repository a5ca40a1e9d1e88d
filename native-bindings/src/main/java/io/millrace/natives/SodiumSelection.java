package io.millrace.natives;

import java.nio.file.Path;

/**
 * The choice of one libsodium: undecided, then one for good.
 *
 * <p>May be used by several threads at once.
 */
final class SodiumSelection {
    /** Set once, under the lock of this object. */
    private volatile SodiumHandle handle;

    /** Chooses the library at {@code file}; again the same file changes nothing. */
    synchronized void load(Path file) {
        if (handle == null) {
            handle = SodiumHandle.ofFile(file);
        } else if (!handle.isFile(file)) {
            throw new IllegalStateException("libsodium is already loaded, from " + handle.origin()
                    + "; choose the library before its first use: file=" + file);
        }
    }

    /** The library chosen; the embedded one if none was. */
    SodiumHandle handle() {
        final SodiumHandle chosen = handle;
        return chosen != null ? chosen : embedded();
    }

    private synchronized SodiumHandle embedded() {
        if (handle == null) {
            handle = SodiumHandle.embedded(
                    EmbeddedSodium.forPlatform(Platform.system(), Platform.architecture()), Platform.temporaryFolder());
        }
        return handle;
    }
}

package io.millrace.store;

import java.io.IOException;

/**
 * Opens a file of one kind.
 *
 * @param <F> the kind.
 */
@FunctionalInterface
public interface FileOpening<F extends DurableFile> {
    /**
     * Opens the file, and makes it where there is none.
     *
     * @param place of the file; valid as long as the store is open.
     * @return the file, open. If this throws, nothing is left open.
     * @throws IOException if it cannot be opened.
     */
    F open(FilePlace place) throws IOException;
}

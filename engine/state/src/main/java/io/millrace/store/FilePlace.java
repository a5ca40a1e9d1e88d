package io.millrace.store;

import java.io.IOException;
import java.nio.file.Path;

/** The surroundings of a file in a {@link Store}: requests of its kind's code to the store, and reports to it. */
public interface FilePlace {
    /** Where the file is or will be. Files that belong to it have the same name and another ending. */
    Path file();

    /** Whether the last process that wrote the store closed it. If not, the file may be torn. */
    boolean isClean();

    /**
     * Checks that the file was made with this layout, or writes the layout down for a file that is new.
     *
     * @param line kind, name and layout, divided by spaces; ASCII.
     * @throws StoreException if the file was made with another layout.
     * @throws IOException if the layout cannot be written down.
     */
    void requireLayout(String line) throws IOException;

    /**
     * Keeps a finding of mending for {@link Store#findings()}. Belongs to the opening.
     *
     * @param finding one line that begins with the name of the file.
     */
    void found(String finding);

    /**
     * Tells the committing thread of operations; any thread.
     *
     * @param position of the file after the last one: its number of operations since it was opened.
     */
    void done(long position);
}

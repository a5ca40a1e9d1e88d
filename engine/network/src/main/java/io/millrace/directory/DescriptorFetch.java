package io.millrace.directory;

import java.io.IOException;

/** Fetches a descriptor; bounded in size and time. */
@FunctionalInterface
public interface DescriptorFetch {
    /**
     * Fetches the document, not verified; several threads at once.
     *
     * @param location a URL or the path of a folder.
     * @throws IOException if there is none or it cannot be had; the message says why.
     */
    byte[] fetch(String location) throws IOException, InterruptedException;
}

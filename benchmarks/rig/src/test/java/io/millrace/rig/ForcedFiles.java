package io.millrace.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Counts how often files of this JVM are brought to the disk, and by which threads, from its beginning on. */
public final class ForcedFiles implements AutoCloseable {
    private static final String FORCE = "jdk.FileForce";

    private final Recording recording = new Recording();

    /** Begins to count. */
    public ForcedFiles() {
        recording.enable(FORCE).withoutThreshold().withoutStackTrace();
        recording.start();
    }

    /**
     * Ends the count.
     *
     * @param ending of the names of the files.
     * @param threads that count.
     * @return how often these threads forced such a file.
     * @throws IOException if the recording cannot be written or read.
     */
    public int by(String ending, Iterable<Thread> threads) throws IOException {
        final Set<Long> ids = new HashSet<>();
        threads.forEach(thread -> ids.add(thread.threadId()));
        recording.stop();
        final Path file = Files.createTempFile("millrace-forces", ".jfr");
        try {
            recording.dump(file);
            int count = 0;
            for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
                if (event.getEventType().getName().equals(FORCE)
                        && event.getString("path").endsWith(ending)
                        && ids.contains(event.getThread().getJavaThreadId())) {
                    count++;
                }
            }
            return count;
        } finally {
            Files.delete(file);
        }
    }

    @Override
    public void close() {
        recording.close();
    }
}

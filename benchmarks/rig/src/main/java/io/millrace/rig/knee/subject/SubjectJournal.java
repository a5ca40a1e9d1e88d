package io.millrace.rig.knee.subject;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.sphinx.ReplaySet;
import io.millrace.store.CommitPolicy;
import io.millrace.store.ReplayJournal;
import io.millrace.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The journals of one interval's key epochs, in a temporary folder. */
final class SubjectJournal implements AutoCloseable {
    private static final String KEY = "knee";

    private final SecureRandomness randomness = new SecureRandomness();
    private final SecretKey secret = SecretKey.generate(randomness); // an interval is never restored
    private final boolean durableFirst;
    private final Path folder;
    private final Store store;

    /**
     * Makes the folder.
     *
     * @param durableFirst whether a packet goes on only when its tag is on the disk.
     */
    SubjectJournal(boolean durableFirst) throws IOException {
        this.durableFirst = durableFirst;
        folder = Files.createTempDirectory("millrace-knee");
        store = Store.open(folder, CommitPolicy.DEFAULT);
    }

    /** The memory of an epoch that begins; takes {@code set} over. */
    ReplayFilter filter(long epoch, ReplaySet set) throws IOException {
        return ReplayFilter.journalled(set, ReplayJournal.open(store, KEY, epoch, secret, randomness, durableFirst));
    }

    /** Closes and deletes all of it. */
    @Override
    public void close() throws IOException {
        store.close();
        secret.close();
        final List<Path> files;
        try (Stream<Path> walked = Files.walk(folder)) {
            files = walked.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}

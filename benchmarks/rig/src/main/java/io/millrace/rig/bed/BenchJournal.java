package io.millrace.rig.bed;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.rig.measure.ThreadMeter;
import io.millrace.sphinx.ReplaySet;
import io.millrace.store.CommitPolicy;
import io.millrace.store.ReplayJournal;
import io.millrace.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The journals of a run's key epochs, in a temporary folder. */
final class BenchJournal implements AutoCloseable {
    private static final String KEY = "bench";

    private final Randomness randomness = new SecureRandomness();
    private final boolean durableFirst;
    private final Path folder;
    private final Store store;

    /**
     * Makes the folder.
     *
     * @param durableFirst whether a packet goes on only when its tag is on the disk.
     */
    BenchJournal(boolean durableFirst) throws IOException {
        this.durableFirst = durableFirst;
        this.folder = Files.createTempDirectory("millrace-bench");
        this.store = Store.open(folder, CommitPolicy.DEFAULT);
    }

    /** The memory of an epoch that begins. */
    ReplayFilter filter(long epoch, ReplaySet set) {
        try (SecretKey key = SecretKey.generate(randomness)) {
            return ReplayFilter.journalled(set, ReplayJournal.open(store, KEY, epoch, key, randomness, durableFirst));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The threads that make it durable. */
    List<Thread> threads() {
        return ThreadMeter.committing(folder);
    }

    /** Closes and deletes all of it. */
    @Override
    public void close() throws IOException {
        store.close();
        final List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
        Files.delete(folder);
    }
}

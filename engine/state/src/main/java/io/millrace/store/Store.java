package io.millrace.store;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * A directory of logs and other files, opened for writing by one process at a time.
 *
 * <p>Threading: opening and closing belong to one owner. A file may be erased or released by another thread meanwhile: before
 * the store closes, or not at all. The files say for themselves.
 */
public final class Store implements AutoCloseable {
    private static final String CLEAN = "clean";
    /** Ending of the name of a log's file. */
    public static final String LOG_ENDING = ".log";

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    private final Path directory;
    private final DirectoryLock lock;
    private final StoreFormat format;
    private final boolean clean;
    private final GroupCommitter committer;
    private final Map<String, DurableFile> files = new ConcurrentHashMap<>();
    private final List<String> found = new ArrayList<>();
    private volatile boolean closed;

    private Store(Path directory, DirectoryLock lock, CommitPolicy policy) throws IOException {
        this.directory = directory;
        this.lock = lock;
        this.format = StoreFormat.open(directory);
        this.clean = Files.deleteIfExists(directory.resolve(CLEAN));
        forceDirectory(directory);
        this.committer = new GroupCommitter(policy, directory.getFileName().toString());
    }

    /**
     * Opens a store, and makes it where there is none.
     *
     * @param directory of the store.
     * @param policy when changes are forced to the disk.
     * @throws StoreException if another process has it open, or it was written by a newer version.
     */
    public static Store open(Path directory, CommitPolicy policy) throws IOException {
        final Path absolute = directory.toAbsolutePath();
        OwnerOnly.folder(absolute);
        final DirectoryLock lock = DirectoryLock.take(absolute);
        try {
            return new Store(absolute, lock, policy);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Opens a file of a kind that another artifact brings, and makes it where there is none.
     *
     * @param name of the file with its ending.
     * @param opening opens the file; called once, on this thread.
     * @param <F> the kind.
     * @return what {@code opening} gave; the store commits and closes it.
     * @throws IOException if {@code opening} throws it.
     */
    public <F extends DurableFile> F file(String name, FileOpening<F> opening) throws IOException {
        requireUnopened(name);
        final F opened = opening.open(new Place(directory.resolve(name)));
        add(name, opened);
        return opened;
    }

    /**
     * Opens a log, and makes it where there is none; a torn end is cut off. Every record is checked.
     *
     * @param layout name and sizes of the log.
     * @throws StoreException if it is damaged before the durable mark, or the disk is full.
     */
    public AppendLog log(LogLayout layout) throws IOException {
        return log(layout, LogCheck.AT_OPENING);
    }

    /**
     * Opens a log, and makes it where there is none; a torn end is cut off.
     *
     * @param layout name and sizes of the log.
     * @param check when durable records are checked.
     * @throws StoreException if it is damaged before the durable mark and that is looked for, or the disk is full.
     */
    public AppendLog log(LogLayout layout, LogCheck check) throws IOException {
        final String name = layout.name() + LOG_ENDING;
        requireUnopened(name);
        final AppendLog opened =
                new AppendLog(directory.resolve(name), layout, committer, clean && check == LogCheck.WHEN_READ);
        add(name, opened);
        return opened;
    }

    /** Opens a file of tags, and makes it where there is none. */
    TagFile tags(String name, SecretKey key, Randomness randomness) throws IOException {
        requireUnopened(name);
        final TagFile opened = new TagFile(directory.resolve(name), key, randomness, committer);
        add(name, opened);
        return opened;
    }

    /** Whether there is a file of that name. */
    boolean holds(String name) {
        return Files.exists(directory.resolve(name));
    }

    /**
     * Closes a map or log before the store closes, overwrites its file with zeros and deletes it; to be called again if it
     * fails. Media that write elsewhere than they are told keep the old bytes.
     *
     * @throws StoreException if the store is closed, and another process may have the file.
     */
    @SuppressWarnings("ReferenceEquality") // the same file opened again is another one
    synchronized void erase(DurableFile file) throws IOException {
        if (closed) {
            throw new StoreException("the store is closed; the file stays: file=" + file.file());
        }
        final String name = file.file().getFileName().toString();
        if (files.get(name) == file) {
            committer.remove(file);
            file.closed();
            synchronized (file) {
                file.release();
            }
            files.remove(name);
        } else if (files.containsKey(name)) {
            throw new IllegalArgumentException("is open again: file=" + file.file());
        }
        eraseLeft(name);
    }

    /**
     * Commits and closes a file before the store closes, and keeps it.
     *
     * @param file of this store, open.
     * @throws IOException if it cannot be brought to the disk.
     */
    public synchronized void release(DurableFile file) throws IOException {
        file.commit();
        if (!files.values().remove(file)) {
            throw new IllegalArgumentException("is not open here: file=" + file.file());
        }
        committer.remove(file);
        synchronized (file) {
            try {
                file.leaveMark();
            } finally {
                file.closed();
                file.release();
            }
        }
    }

    /** Overwrites and deletes a file that is not open, if it is there. */
    void eraseLeft(String name) throws IOException {
        requireUnopened(name);
        final Path file = directory.resolve(name);
        if (Files.exists(file)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                FileRoom.writeZeros(channel, 0, channel.size());
                channel.force(true);
            }
            Files.delete(file);
        }
        forceDirectory(directory);
    }

    /** Whether the last process to write this store did not close it, so that its files were mended. */
    public boolean wasMended() {
        return !clean;
    }

    /** Findings of mending, one line each: locks that were held, counts that were wrong, pieces that were torn. */
    public List<String> findings() {
        return List.copyOf(found);
    }

    /** The directory. */
    public Path directory() {
        return directory;
    }

    /**
     * Forces and closes all maps and logs, and leaves the mark that spares the next opening the mending. A thread
     * that was interrupted before closes it all the same, and is interrupted afterwards.
     *
     * @throws IOException if something could not be brought to the disk; so too if the thread is interrupted meanwhile.
     */
    @Override
    public void close() throws IOException {
        synchronized (this) { // a file that is being erased is gone before
            if (closed) {
                return;
            }
            closed = true;
        }
        committer.close(this::closeFiles);
    }

    private void closeFiles() throws IOException {
        try {
            final List<IOException> failures = new ArrayList<>();
            for (DurableFile file : files.values()) {
                attempt(failures, () -> {
                    file.commit();
                    file.leaveMark();
                });
                file.closed();
            }
            for (DurableFile file : files.values()) {
                attempt(failures, file::release);
            }
            if (!failures.isEmpty()) {
                // Another exception than the file's: a caller that got that one adds this one to it.
                throw new StoreException(failures.getFirst().getMessage(), failures.getFirst());
            }
            OwnerOnly.open(directory.resolve(CLEAN), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)
                    .close();
            forceDirectory(directory);
        } finally {
            lock.close();
        }
    }

    private static void attempt(List<IOException> failures, Closing closing) {
        try {
            closing.run();
        } catch (IOException e) {
            failures.add(e);
        }
    }

    /** A part of closing a file. */
    private interface Closing {
        void run() throws IOException;
    }

    /**
     * Makes new, renamed and deleted names of a directory durable, where the system can.
     *
     * @param directory of the names.
     * @throws IOException if it cannot be read or forced.
     */
    public static void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * Checks the name of a file without its ending.
     *
     * @param name to be of lower-case letters, digits and dashes, 1 to 64.
     * @throws IllegalArgumentException if it is not.
     */
    public static void requireName(String name) {
        Objects.requireNonNull(name, "name");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("must be lower-case letters, digits and dashes: name=" + name);
        }
    }

    private void requireUnopened(String name) {
        if (closed) {
            throw new IllegalStateException("the store is closed: directory=" + directory);
        }
        if (files.containsKey(name)) {
            throw new IllegalArgumentException("is open already: name=" + name);
        }
    }

    private void add(String name, DurableFile file) {
        files.put(name, file);
        committer.add(file);
    }

    /** The surroundings of one file of this store. */
    private final class Place implements FilePlace {
        private final Path file;

        private Place(Path file) {
            this.file = file;
        }

        @Override
        public Path file() {
            return file;
        }

        @Override
        public boolean isClean() {
            return clean;
        }

        @Override
        public void requireLayout(String line) throws IOException {
            format.admit(line);
        }

        @Override
        public void found(String finding) {
            found.add(finding);
        }

        @Override
        public void done(long position) {
            committer.done(position);
        }
    }
}

package io.millrace.node.keys;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import io.millrace.text.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.EnumSet;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The Sphinx secrets of a relay's key epochs in a folder that only its owner may read: drawn at random, so that no other
 * secret leads to one that was wiped.
 *
 * <pre>
 *  N.key      secret of epoch N, see {@link EpochKeyFile}
 *  N.span     number, begin, end and delay law of epoch N
 *  schedule   rule that ties epochs to time, as one line
 *  running    number of the epoch that ran last
 *  sequence   of the newest descriptor
 *  lock       held by the process that uses the folder
 * </pre>
 *
 * <p>An epoch is live while it has both files. One without a secret is over and owes its disclosure; a secret without a
 * span was never announced. Each step is on the disk before the method returns, and a crash between any two leaves one of
 * these states.
 *
 * <p>Not thread safe. One process at a time has a folder open.
 */
public final class EpochKeyStore implements AutoCloseable {
    /** No epoch. */
    public static final long NONE = -1;

    private static final String KEY_ENDING = ".key";
    private static final String SPAN_ENDING = ".span";
    private static final String SCHEDULE = "schedule";
    private static final String RUNNING = "running";
    private static final String SEQUENCE = "sequence";
    private static final String LOCK = "lock";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Path folder;
    private final FileChannel lock;
    private final NavigableMap<Long, EpochSpan> live = new TreeMap<>();
    private final NavigableMap<Long, EpochSpan> ended = new TreeMap<>();
    private long sequence;
    private long running = NONE;

    private EpochKeyStore(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Opens the folder, and makes it where there is none. Secrets that were never announced, and those whose wiping a crash
     * cut short, are wiped.
     *
     * @param folder for this relay alone.
     * @throws ConfigException if others may use the folder, another process has it open, or a file in it is damaged.
     * @throws IOException if it cannot be read or written.
     */
    public static EpochKeyStore open(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            Files.createDirectories(folder.toAbsolutePath().getParent());
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        }
        final Set<PosixFilePermission> others = EnumSet.copyOf(Files.getPosixFilePermissions(folder));
        others.removeAll(OWNER_ONLY);
        if (!others.isEmpty()) {
            throw new ConfigException("others can use this folder of secrets, mend it with chmod 700: " + folder);
        }
        final EpochKeyStore store = new EpochKeyStore(folder, takeLock(folder));
        try {
            store.load();
            return store;
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** Epochs that have a secret, by number; a view. */
    public NavigableMap<Long, EpochSpan> live() {
        return Collections.unmodifiableNavigableMap(live);
    }

    /** Epochs that are over and not yet disclosed, by number; a view. */
    public NavigableMap<Long, EpochSpan> ended() {
        return Collections.unmodifiableNavigableMap(ended);
    }

    /**
     * Draws the secret of an epoch and writes it. May be tried again if it fails.
     *
     * @param span with a number that has no files here.
     * @param randomness of the secret.
     */
    public void draw(EpochSpan span, Randomness randomness) throws IOException {
        if (live.containsKey(span.number()) || ended.containsKey(span.number())) {
            throw new IllegalArgumentException("the epoch has been drawn before: number=" + span.number());
        }
        final Path file = keyFile(span.number());
        if (Files.exists(file)) { // of a call that failed: the secret was never announced
            Files.deleteIfExists(spanFile(span.number())); // first: a span without its secret is an epoch that is over
            forceFolder();
            EpochKeyFile.wipe(file);
        }
        try (SecretKey secret = SecretKey.generate(randomness)) {
            EpochKeyFile.write(file, span.number(), secret);
        }
        forceFolder();
        write(span);
        live.put(span.number(), span);
    }

    /**
     * Reads the secret of a live epoch.
     *
     * @param number of the epoch.
     * @return the X25519 secret, 32 bytes; the caller closes it.
     */
    public SecretKey read(long number) throws IOException {
        requireLive(number);
        return EpochKeyFile.read(keyFile(number), number);
    }

    /**
     * Changes when a live epoch begins or ends.
     *
     * @param span with the number of a live epoch, its law and its profile.
     */
    public void move(EpochSpan span) throws IOException {
        requireLive(span.number());
        if (!span.law().equals(live.get(span.number()).law())) {
            throw new IllegalArgumentException("an epoch keeps its law of delays: " + span);
        }
        if (span.profile() != live.get(span.number()).profile()) {
            throw new IllegalArgumentException("an epoch keeps its profile: " + span);
        }
        write(span);
        live.put(span.number(), span);
    }

    /**
     * Overwrites and deletes the secret of an epoch that is over; it owes its disclosure from then on. May be tried again if
     * it fails.
     *
     * @param number of a live epoch.
     */
    public void wipe(long number) throws IOException {
        requireLive(number);
        if (Files.exists(keyFile(number))) { // not if a call before failed after that
            EpochKeyFile.wipe(keyFile(number));
        }
        forceFolder();
        ended.put(number, live.remove(number));
    }

    /**
     * Deletes the record of an epoch that has been disclosed, or was never used.
     *
     * @param number of an epoch in {@link #ended}.
     */
    public void forget(long number) throws IOException {
        if (!ended.containsKey(number)) {
            throw new IllegalArgumentException("the epoch is not over: number=" + number);
        }
        Files.deleteIfExists(spanFile(number));
        forceFolder();
        ended.remove(number);
    }

    /** Number of the epoch that ran last; {@link #NONE} if none has. */
    public long running() {
        return running;
    }

    /**
     * Notes which epoch runs, so that no restart goes back behind it.
     *
     * @param number of a live epoch, above that of the last call.
     */
    public void run(long number) throws IOException {
        requireLive(number);
        if (number <= running) {
            throw new IllegalArgumentException("epochs do not go back: number=" + number + ", running=" + running);
        }
        SmallFile.replace(folder.resolve(RUNNING), Long.toString(number));
        running = number;
    }

    /**
     * Notes the rule that ties epochs to time, which a relay keeps for as long as its identity.
     *
     * @param schedule one line.
     * @throws ConfigException if the folder was made for another rule.
     */
    public void keepTo(String schedule) throws IOException {
        final Path file = folder.resolve(SCHEDULE);
        if (!Files.exists(file)) {
            SmallFile.replace(file, schedule);
            return;
        }
        final String known = SmallFile.read(file);
        if (!known.equals(schedule)) {
            throw new ConfigException("the length and overlap of epochs have been announced and cannot change: "
                    + schedule
                    + ", announced=" + known + "; give the file the announced values again, or give the relay a new"
                    + " identity: a new key file, and another folder than " + folder);
        }
    }

    /**
     * The sequence number for the next descriptor: higher than all before, also where the folder was lost.
     *
     * @param nowMs milliseconds since 1970.
     */
    public long nextSequence(long nowMs) throws IOException {
        final long next = Math.max(sequence + 1, nowMs);
        SmallFile.replace(folder.resolve(SEQUENCE), Long.toString(next));
        sequence = next;
        return next;
    }

    /** Lets another process have the folder. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void load() throws IOException {
        final Set<Long> secrets = new TreeSet<>();
        final NavigableMap<Long, EpochSpan> spans = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                final String name = file.getFileName().toString();
                if (name.matches("[0-9]{1,18}\\.key")) {
                    secrets.add(numberOf(name, KEY_ENDING));
                } else if (name.matches("[0-9]{1,18}\\.span")) {
                    final long number = numberOf(name, SPAN_ENDING);
                    spans.put(number, EpochSpanText.parse(file, number, SmallFile.read(file)));
                } else if (name.endsWith(SmallFile.NEW_ENDING)) {
                    Files.delete(file);
                }
            }
        }
        for (long number : secrets) {
            if (!spans.containsKey(number) || EpochKeyFile.isWiped(keyFile(number))) {
                EpochKeyFile.wipe(keyFile(number));
                forceFolder();
            } else {
                EpochKeyFile.read(keyFile(number), number).close();
                live.put(number, spans.remove(number));
            }
        }
        ended.putAll(spans);
        sequence = number(SEQUENCE, 0);
        running = number(RUNNING, NONE);
    }

    private long number(String name, long absent) throws IOException {
        final Path file = folder.resolve(name);
        return Files.exists(file) ? EpochSpanText.number(file, SmallFile.read(file)) : absent;
    }

    private void requireLive(long number) {
        if (!live.containsKey(number)) {
            throw new IllegalArgumentException("the epoch has no secret here: number=" + number);
        }
    }

    private void write(EpochSpan span) throws IOException {
        SmallFile.replace(spanFile(span.number()), EpochSpanText.format(span));
    }

    private Path keyFile(long number) {
        return folder.resolve(number + KEY_ENDING);
    }

    private Path spanFile(long number) {
        return folder.resolve(number + SPAN_ENDING);
    }

    private void forceFolder() throws IOException {
        SmallFile.forceFolder(folder);
    }

    private static long numberOf(String name, String ending) {
        return Long.parseLong(name.substring(0, name.length() - ending.length()));
    }

    private static FileChannel takeLock(Path folder) throws IOException {
        final FileChannel channel = FileChannel.open(
                folder.resolve(LOCK),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            final FileLock held = channel.tryLock();
            if (held != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new ConfigException("another relay of this process uses the folder of epoch keys: " + folder, e);
        }
        channel.close();
        throw new ConfigException("another process uses the folder of epoch keys, each relay needs its own: " + folder);
    }
}

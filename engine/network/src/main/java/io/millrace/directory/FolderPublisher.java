package io.millrace.directory;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Folder in which a relay publishes its documents, for a web server, a copy command or {@code millrace delays fetch}.
 *
 * <pre>
 *  descriptor.cbor             newest descriptor
 *  disclosures/EPOCH.cbor      one file per epoch that is over
 * </pre>
 *
 * <p>Files have mode 0644 in folders of mode 0755. A reader sees the old file or the new one, never a part. Keeps the newest
 * {@code capacity} disclosures. Reading methods may run on any thread; one thread publishes.
 */
public final class FolderPublisher {
    /** Disclosures kept by default: 56 days of epochs of 20 minutes. */
    public static final int DEFAULT_CAPACITY = 4_096;

    private static final String DESCRIPTOR = "descriptor.cbor";
    private static final String DISCLOSURES = "disclosures";
    private static final Pattern DISCLOSURE = Pattern.compile("([0-9]{1,18})\\.cbor");

    private final Path folder;
    private final Path disclosures;
    private final int capacity;

    private FolderPublisher(Path folder, int capacity) {
        this.folder = Objects.requireNonNull(folder, "folder");
        this.disclosures = folder.resolve(DISCLOSURES);
        this.capacity = capacity;
    }

    /**
     * Opens a folder for publishing; creates it if it is absent.
     *
     * @param folder of the documents.
     * @param capacity most disclosures kept, 1 or more.
     * @throws IOException if the folder cannot be made.
     */
    public static FolderPublisher open(Path folder, int capacity) throws IOException {
        if (capacity < 1) {
            throw new IllegalArgumentException("the capacity must be 1 or more: capacity=" + capacity);
        }
        final FolderPublisher publisher = new FolderPublisher(folder, capacity);
        PublicFiles.createFolder(folder);
        PublicFiles.createFolder(publisher.disclosures);
        return publisher;
    }

    /**
     * Gives access to a folder that another process writes; creates nothing.
     *
     * @param folder of the documents; may be absent, then it holds none.
     */
    public static FolderPublisher reader(Path folder) {
        return new FolderPublisher(folder, DEFAULT_CAPACITY);
    }

    /**
     * Replaces the descriptor.
     *
     * @param descriptor the relay's newest one.
     * @throws IOException if it cannot be written.
     */
    public void publish(RelayDescriptor descriptor) throws IOException {
        PublicFiles.replace(folder.resolve(DESCRIPTOR), descriptor.toByteArray());
    }

    /**
     * Adds a disclosure, and deletes the oldest ones beyond the capacity.
     *
     * @param disclosure of an epoch that is over.
     * @throws IOException if it cannot be written, or the oldest cannot be deleted.
     */
    public void publish(DelayDisclosure disclosure) throws IOException {
        PublicFiles.replace(file(disclosure.epoch()), disclosure.toByteArray());
        final List<Long> epochs = epochs();
        for (int i = 0; i < epochs.size() - capacity; i++) {
            Files.deleteIfExists(file(epochs.get(i)));
        }
    }

    /**
     * Reads the descriptor.
     *
     * @return the document, not verified; empty if there is none.
     * @throws IOException if it is too long or cannot be read.
     */
    public Optional<byte[]> descriptor() throws IOException {
        return read(folder.resolve(DESCRIPTOR));
    }

    /**
     * Reads the disclosure of an epoch.
     *
     * @param epoch 0 or more.
     * @return the document, not verified; empty if there is none.
     * @throws IOException if it is too long or cannot be read.
     */
    public Optional<byte[]> disclosure(long epoch) throws IOException {
        return read(file(epoch));
    }

    /**
     * Number of the newest epoch with a disclosure.
     *
     * @return empty if there is none.
     * @throws IOException if the folder cannot be listed.
     */
    public OptionalLong latest() throws IOException {
        final List<Long> epochs = epochs();
        return epochs.isEmpty() ? OptionalLong.empty() : OptionalLong.of(epochs.getLast());
    }

    /**
     * Numbers of the epochs with a disclosure, rising.
     *
     * @throws IOException if the folder cannot be listed.
     */
    public List<Long> epochs() throws IOException {
        final List<Long> epochs = new ArrayList<>();
        if (Files.isDirectory(disclosures)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(disclosures)) {
                for (Path file : files) {
                    final Matcher matcher =
                            DISCLOSURE.matcher(file.getFileName().toString());
                    if (matcher.matches()) {
                        epochs.add(Long.valueOf(matcher.group(1)));
                    }
                }
            }
        }
        epochs.sort(null);
        return epochs;
    }

    private Path file(long epoch) {
        return disclosures.resolve(epoch + ".cbor");
    }

    private static Optional<byte[]> read(Path file) throws IOException {
        return Files.exists(file) ? Optional.of(PublicFiles.read(file, SignedDocument.MAX_LENGTH)) : Optional.empty();
    }
}

package io.millrace.directory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Newest descriptor of one relay, in memory or in a folder. Refuses a descriptor with an older sequence, and keeps the
 * evidence when a relay contradicts itself: two bodies under one sequence, two Sphinx keys for one epoch, a second VRF key
 * or a second schedule. After a contradiction it refuses every descriptor.
 *
 * <pre>
 *  ID.descriptor.cbor         newest descriptor; ID is the identity id in hexadecimal
 *  ID.contradiction-1.cbor    evidence: the descriptor that was known
 *  ID.contradiction-2.cbor    evidence: the descriptor that contradicts it
 * </pre>
 *
 * <p>Compares with the last {@link #REMEMBERED} descriptors; a folder keeps only the newest of them. Not thread safe.
 */
public final class DescriptorStore {
    /** Descriptors with which a new one is compared. */
    public static final int REMEMBERED = 16;

    private static final String REMEDY =
            "; its operator gives it a new identity (a new key file), which its peers then name in their files";

    private final IdentityKey identity;
    private final Path folder;
    private final Deque<RelayDescriptor> known = new ArrayDeque<>();
    private List<RelayDescriptor> evidence = List.of();

    private DescriptorStore(IdentityKey identity, Path folder) {
        this.identity = Objects.requireNonNull(identity, "identity");
        this.folder = folder;
    }

    /**
     * Makes an empty store that forgets everything at the end of the process.
     *
     * @param identity of the relay.
     */
    public static DescriptorStore inMemory(IdentityKey identity) {
        return new DescriptorStore(identity, null);
    }

    /**
     * Opens a folder, which several stores of different relays may share; creates it if it is absent.
     *
     * @param folder with the files above.
     * @param identity of the relay.
     * @throws IOException if the folder cannot be read or made.
     * @throws DocumentException if a file in it is damaged.
     */
    public static DescriptorStore open(Path folder, IdentityKey identity) throws IOException, DocumentException {
        final DescriptorStore store = new DescriptorStore(identity, folder);
        PublicFiles.createFolder(folder);
        final Path newest = store.file("descriptor");
        if (Files.exists(newest)) {
            store.known.add(RelayDescriptor.decode(PublicFiles.read(newest, RelayDescriptor.MAX_LENGTH), identity));
        }
        if (Files.exists(store.file("contradiction-2"))) {
            store.evidence = List.of(store.read("contradiction-1"), store.read("contradiction-2"));
        }
        return store;
    }

    /**
     * Offers a descriptor.
     *
     * @param document any bytes; not kept.
     * @return the newest descriptor, which is this one.
     * @throws DocumentException if the document is malformed, not signed by the relay, older than the newest one, or
     *     contradicts a known one; the message says why.
     * @throws IOException if the folder cannot be written; the descriptor is then not accepted.
     */
    public RelayDescriptor offer(byte[] document) throws DocumentException, IOException {
        final RelayDescriptor offered = RelayDescriptor.decode(document, identity);
        if (!evidence.isEmpty()) {
            throw new DocumentException("the relay " + identity.idHex()
                    + " contradicted itself before: its descriptors are refused" + REMEDY);
        }
        for (RelayDescriptor each : known) {
            final String contradiction = contradiction(each, offered);
            if (contradiction != null) {
                keepEvidence(each, offered);
                throw new DocumentException(
                        "the relay " + identity.idHex() + " contradicts itself: " + contradiction + REMEDY);
            }
        }
        final RelayDescriptor newest = known.peekLast();
        if (newest != null && offered.sequence() < newest.sequence()) {
            throw new DocumentException("descriptor of " + identity.idHex() + " is older than a known one: sequence="
                    + offered.sequence() + ", known=" + newest.sequence());
        }
        if (!offered.equals(newest)) {
            if (folder != null) {
                PublicFiles.replace(file("descriptor"), document);
            }
            if (known.size() == REMEMBERED) {
                known.removeFirst();
            }
            known.addLast(offered);
        }
        return offered;
    }

    /** The newest descriptor; empty if none was accepted. */
    public Optional<RelayDescriptor> newest() {
        return Optional.ofNullable(known.peekLast());
    }

    /** Two descriptors of the relay that contradict each other, for everyone to check; empty if there are none. */
    public List<RelayDescriptor> evidence() {
        return evidence;
    }

    /** Says how two descriptors of one relay contradict each other; null if they do not. */
    static String contradiction(RelayDescriptor a, RelayDescriptor b) {
        if (a.equals(b)) {
            return null;
        }
        if (a.sequence() == b.sequence()) {
            return "two descriptors have the sequence " + a.sequence();
        }
        if (!Arrays.equals(a.vrfKey(), b.vrfKey())) {
            return "descriptors " + a.sequence() + " and " + b.sequence() + " have different VRF keys";
        }
        if (!a.schedule().equals(b.schedule())) {
            return "descriptors " + a.sequence() + " and " + b.sequence() + " have different schedules";
        }
        for (EpochPublicKey key : a.keys()) {
            final Optional<EpochPublicKey> other = b.keyOf(key.number());
            if (other.isPresent() && !other.get().key().equals(key.key())) {
                return "descriptors " + a.sequence() + " and " + b.sequence() + " have different Sphinx keys for epoch "
                        + key.number();
            }
        }
        return null;
    }

    private void keepEvidence(RelayDescriptor first, RelayDescriptor second) throws IOException {
        evidence = List.of(first, second);
        if (folder != null) {
            PublicFiles.replace(file("contradiction-1"), first.toByteArray());
            PublicFiles.replace(file("contradiction-2"), second.toByteArray());
        }
    }

    private RelayDescriptor read(String name) throws IOException, DocumentException {
        return RelayDescriptor.decode(PublicFiles.read(file(name), RelayDescriptor.MAX_LENGTH), identity);
    }

    private Path file(String name) {
        return folder.resolve(identity.idHex() + "." + name + ".cbor");
    }
}

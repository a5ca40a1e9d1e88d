package io.millrace.tlog;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Hashes of leaves and nodes one by one, for those who verify.
 *
 * <p>Source: RFC 6962 section 2.1.
 */
public final class MerkleHash {
    /** Root of the empty tree: the hash of nothing. */
    public static final Hash EMPTY_ROOT = Hash.of(sha256().digest());

    /** The byte before a leaf. */
    public static final byte LEAF_PREFIX = 0;

    /** The byte before the two children of a node. */
    public static final byte NODE_PREFIX = 1;

    private MerkleHash() {}

    /**
     * The hash of an entry.
     *
     * @param entry bytes of the entry.
     */
    public static Hash leaf(byte[] entry) {
        final MessageDigest digest = sha256();
        digest.update(LEAF_PREFIX);
        return Hash.of(digest.digest(entry));
    }

    /**
     * The hash of a node over its children.
     *
     * @param left hash of the left child.
     * @param right hash of the right child.
     */
    public static Hash node(Hash left, Hash right) {
        final MessageDigest digest = sha256();
        digest.update(NODE_PREFIX);
        digest.update(left.bytes());
        return Hash.of(digest.digest(right.bytes()));
    }

    /** A fresh digest; every JDK has one. */
    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}

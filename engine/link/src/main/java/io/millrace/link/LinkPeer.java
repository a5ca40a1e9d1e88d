package io.millrace.link;

/**
 * The other end of a link, as it is known before: its static public key for links and its id.
 *
 * @param publicKey X25519, 32 bytes, not the key that packets are peeled with; no bytes while it is not known yet. Copied.
 * @param id 16 bytes.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record LinkPeer(byte[] publicKey, byte[] id) {
    private static final int KEY_LENGTH = 32;

    /** Checks the lengths and copies. */
    public LinkPeer {
        if ((publicKey.length != KEY_LENGTH && publicKey.length != 0) || id.length != LinkKeys.ID_LENGTH) {
            throw new IllegalArgumentException("a peer of a link has 32 bytes of key and 16 of id: keyLength="
                    + publicKey.length + ", idLength=" + id.length);
        }
        publicKey = publicKey.clone();
        id = id.clone();
    }

    /**
     * A peer whose link key is not known yet.
     *
     * @param id 16 bytes; copied.
     */
    public static LinkPeer withoutKey(byte[] id) {
        return new LinkPeer(new byte[0], id);
    }

    /** Whether the key is known. */
    public boolean isKnown() {
        return publicKey.length == KEY_LENGTH;
    }
}

package io.millrace.htx;

/**
 * The other end of a link, as it is known before: its static public key for links and its id.
 *
 * @param publicKey X25519, 32 bytes; not the key that packets are peeled with.
 * @param id 16 bytes.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record LinkPeer(byte[] publicKey, byte[] id) {
    /** Checks the lengths and copies. */
    public LinkPeer {
        if (publicKey.length != 32 || id.length != LinkKeys.ID_LENGTH) {
            throw new IllegalArgumentException("a peer of a link has 32 bytes of key and 16 of id: keyLength="
                    + publicKey.length + ", idLength=" + id.length);
        }
        publicKey = publicKey.clone();
        id = id.clone();
    }
}

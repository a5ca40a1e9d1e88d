package io.millrace.sphinx;

import io.millrace.crypto.provider.BatchCrypto;

/**
 * Layout of a single-use reply block: all data for an answer to an unknown receiver.
 *
 * <pre>
 *  offset             length  field
 *       0                 16  id of the relay to which the reply is sent
 *      16       headerLength  header, ready to be sent
 *  16 + headerLength      32  payload key
 * </pre>
 *
 * <p>1,072 bytes with the default geometry, so that a SURB does not fit into one payload of the same geometry.
 *
 * <p>Source: "Sphinx" section 3.5.
 */
public final class Surb {
    /** Length of the payload key in bytes. */
    public static final int PAYLOAD_KEY_LENGTH = BatchCrypto.KEY_LENGTH;

    static final int FIRST_RELAY_OFFSET = 0;
    static final int HEADER_OFFSET = RelayId.LENGTH;

    private Surb() {}

    /**
     * Length of a SURB in bytes.
     *
     * @param geometry of the packets.
     */
    public static int length(SphinxGeometry geometry) {
        return payloadKeyOffset(geometry) + PAYLOAD_KEY_LENGTH;
    }

    static int payloadKeyOffset(SphinxGeometry geometry) {
        return HEADER_OFFSET + geometry.headerLength();
    }
}

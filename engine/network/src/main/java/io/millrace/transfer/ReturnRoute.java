package io.millrace.transfer;

import java.util.HexFormat;
import java.util.List;

/**
 * How the receiver's answers reach the sender: through these relays, in this order, to the sender's own key.
 *
 * @param relayIds 16 bytes each, in lower-case hex; at most {@link #MAX_RELAYS}.
 * @param publicKey the sender's X25519 public key, 32 bytes in lower-case hex.
 */
public record ReturnRoute(List<String> relayIds, String publicKey) {
    /** Most relays of a route; one less than the hops of a packet, because the sender is a hop itself. */
    public static final int MAX_RELAYS = 19;

    static final int RELAY_ID_LENGTH = 16;
    static final int PUBLIC_KEY_LENGTH = 32;

    /** Copies the list and checks the lengths. */
    public ReturnRoute {
        relayIds = List.copyOf(relayIds);
        if (relayIds.size() > MAX_RELAYS) {
            throw new IllegalArgumentException("too many relays on a route: relays=" + relayIds.size());
        }
        relayIds.forEach(id -> requireHex(id, RELAY_ID_LENGTH));
        requireHex(publicKey, PUBLIC_KEY_LENGTH);
    }

    private static void requireHex(String hex, int length) {
        if (hex.length() != 2 * length
                || !hex.chars().allMatch(digit -> HexFormat.isHexDigit(digit) && !Character.isUpperCase(digit))) {
            throw new IllegalArgumentException("must be " + length + " bytes in lower-case hex: " + hex);
        }
    }
}

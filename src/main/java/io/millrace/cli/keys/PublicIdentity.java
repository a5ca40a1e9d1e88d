package io.millrace.cli.keys;

/**
 * What others may know of a relay or client, in lower-case hex; also its form in JSON.
 *
 * @param relayId 16 bytes; follows from the public key.
 * @param publicKey X25519, 32 bytes.
 * @param linkKey X25519, 32 bytes: whom handshakes of links authenticate.
 * @param vrfPublicKey Ed25519 and VRF, 32 bytes.
 */
public record PublicIdentity(String relayId, String publicKey, String linkKey, String vrfPublicKey) {}

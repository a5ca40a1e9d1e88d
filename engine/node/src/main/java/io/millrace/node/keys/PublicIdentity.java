package io.millrace.node.keys;

/**
 * Public keys of a relay or client, in lower-case hex; also their form in JSON.
 *
 * @param identity Ed25519, 32 bytes: signs descriptors and disclosures, and never changes.
 * @param identityId 16 bytes; follows from the identity.
 * @param relayId 16 bytes; follows from the static Sphinx key.
 * @param publicKey X25519, 32 bytes: the static Sphinx key.
 * @param linkKey X25519, 32 bytes: authenticates this end of links.
 * @param vrfPublicKey ECVRF, 32 bytes: proves delays.
 * @param actorKey Ed25519, 32 bytes: signs the operations of twins.
 */
public record PublicIdentity(
        String identity,
        String identityId,
        String relayId,
        String publicKey,
        String linkKey,
        String vrfPublicKey,
        String actorKey) {}

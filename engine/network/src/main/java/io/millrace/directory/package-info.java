/**
 * Signed public documents of a relay: its descriptor, the disclosures of its delays, and the schedule of its epochs.
 *
 * <p>{@link io.millrace.directory.RelayDescriptor} announces the keys of a relay for the coming epochs;
 * {@link io.millrace.directory.DelayDisclosure} publishes the VRF output of an epoch that is over. Both are deterministic
 * CBOR under an Ed25519 signature of the relay's {@link io.millrace.directory.IdentityKey}.
 * {@link io.millrace.directory.DescriptorStore} and {@link io.millrace.directory.DisclosureLog} accept documents in order
 * and keep the evidence when a relay contradicts itself. {@link io.millrace.directory.KeyRole} derives each key of a relay
 * from one root seed. {@link io.millrace.relay.epoch.EpochSchedule} and {@link io.millrace.relay.epoch.NetworkClock} give the
 * number of the epoch at an instant. {@link io.millrace.directory.DescriptorWatch} keeps the descriptors of some
 * relays fresh.
 *
 * <p>Documents are immutable values. Stores and logs belong to one thread; a watch starts threads. The package knows neither
 * the engine nor any transport: callers carry the bytes.
 *
 * <p>Source: {@code src/docs/specs/directory.md}; RFC 8949 section 4.2.1 (encoding), RFC 8032 (signatures), RFC 9381 (proofs),
 * RFC 5869 (key derivation).
 */
package io.millrace.directory;

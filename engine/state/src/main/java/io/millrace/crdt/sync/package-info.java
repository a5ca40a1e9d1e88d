/**
 * Anti-entropy: {@link io.millrace.crdt.sync.AntiEntropy} brings one replica the operations of another, which answers by
 * {@link io.millrace.crdt.sync.SyncServer}; messages and their encoding.
 *
 * <p>Knows a replica by its public interface and its {@link io.millrace.crdt.GraphView}; must not know transports or stores.
 * As thread safe as the replica: not at all.
 */
package io.millrace.crdt.sync;

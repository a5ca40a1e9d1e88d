/**
 * Carriers move frames between the slab and the world: UDP, TCP, or another engine in the same process.
 *
 * <p>A carrier belongs to one I/O thread, never blocks and never allocates per frame. It knows peers by index and
 * frames by position and length; it must not know their content.
 */
package io.millrace.carrier;

/**
 * Off-heap memory of the engine: one slab of fixed slots, and who owns each of them.
 *
 * <p>A slot has one owner at a time; ownership moves with the packet. Under {@code -ea} a use after release, a double
 * release and a lost slot are caught. This package knows no protocol and imports nothing of ours.
 */
package io.millrace.memory;

/**
 * Maps of off-heap bytes on disk, in Chronicle Map: files of a {@link io.millrace.store.Store}, next to its logs.
 *
 * <p>A change survives the death of the process at once and a loss of power from the next group commit on. Only this
 * package knows Chronicle Map; it knows no protocol. Design, JVM flags and figures: {@code src/docs/internals/state.md}.
 */
package io.millrace.map;

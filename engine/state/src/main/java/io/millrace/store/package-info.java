/**
 * State on disk: typed maps of off-heap bytes in Chronicle Map, append-only logs, and the group commit that both share.
 *
 * <p>A {@link io.millrace.store.Store} is one directory, opened for writing by one process at a time. A write survives
 * the death of the process at once, because it is in a mapped file; it survives a loss of power from
 * the next group commit on. Only this package knows Chronicle Map; records that are never deleted and are read in order
 * lie in an {@link io.millrace.store.AppendLog} instead, which needs neither that library nor any flag of the JVM.
 *
 * <p>This package knows no protocol. Design, formats and figures: {@code src/docs/internals/state.md}.
 */
package io.millrace.store;

/**
 * State on disk: append-only logs, files of tags, and the group commit that all files of a store share.
 *
 * <p>A {@link io.millrace.store.Store} is one directory, opened for writing by one process at a time. A write survives
 * the death of the process at once, because it is in a mapped file; it survives a loss of power from the next group commit
 * on. Other artifacts add kinds of files by {@link io.millrace.store.Store#file}: {@code millrace-map} adds maps. This
 * package needs no flag of the JVM.
 *
 * <p>This package knows no protocol. Design, formats and figures: {@code src/docs/internals/state.md}.
 */
package io.millrace.store;

/**
 * The command {@code trace}: attacks the mixing of a relay with the relay's own files.
 *
 * <p>A relay in this process forwards packets to two neighbours and writes its journal and its receipts. Then attackers who
 * see the links, the files, or both, say for each packet which neighbour it left for. Files that are safe give them no more
 * than the links do.
 *
 * <p>Knows the engine as an embedding application does.
 */
package io.millrace.cli.trace;

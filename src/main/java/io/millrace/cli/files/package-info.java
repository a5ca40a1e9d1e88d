/**
 * Files that commands write: each appears as a whole or not at all.
 *
 * <p>Knows nothing else of the program.
 */
package io.millrace.cli.files;

/**
 * {@code twin}: documents that several actors edit and sign, from the command line.
 *
 * <p>A document lives in a store, a directory that one process at a time may write, or in a file of operations for moving
 * and keeping ({@link io.millrace.cli.twin.OperationFile}), of which nothing is believed when it is read.
 */
package io.millrace.cli.twin;

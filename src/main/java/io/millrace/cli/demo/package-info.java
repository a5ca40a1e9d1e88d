/**
 * The command {@code demo}: a network of five processes of this program on one machine, for one file.
 *
 * <p>Everything that the processes do happens through the same commands and files that a real network uses; this package
 * only writes the files, starts and watches the processes, and compares the result.
 */
package io.millrace.cli.demo;

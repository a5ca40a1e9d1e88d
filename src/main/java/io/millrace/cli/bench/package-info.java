/**
 * The commands {@code bench} and its subcommands: options and printing. {@code io.millrace.rig} measures.
 */
package io.millrace.cli.bench;

/**
 * The commands {@code report} and {@code compare}: options and printing. {@code io.millrace.rig.report} reads the kept runs,
 * writes the pages and compares.
 */
package io.millrace.cli.report;

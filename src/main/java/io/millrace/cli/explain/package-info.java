/** The command {@code explain}: options and printing. {@code io.millrace.rig.explain} reads the recording. */
package io.millrace.cli.explain;

/** The command {@code knee}: options and printing. {@code io.millrace.rig.knee} measures. */
package io.millrace.cli.knee;

/**
 * Command {@code stat}: shows the counters file of a relay, live or after its end.
 *
 * <p>Knows nothing of engines: all it shows comes from the file and may be of any content.
 */
package io.millrace.cli.stat;

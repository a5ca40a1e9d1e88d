/** Runs real relays under load over many changes of their keys. */
package io.millrace.cli.soak;

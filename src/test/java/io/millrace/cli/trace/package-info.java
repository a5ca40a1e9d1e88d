/** Tests of the attack on a relay's own files. */
package io.millrace.cli.trace;

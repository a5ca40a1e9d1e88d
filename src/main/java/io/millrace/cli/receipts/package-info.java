/**
 * {@code receipts}: the log of receipts on the command line. Appending needs the key and the log to itself; listing and
 * proving read while a relay runs; verifying needs nothing but files and public keys.
 */
package io.millrace.cli.receipts;

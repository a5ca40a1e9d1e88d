/** Promises of the documentation, tried. */
package io.millrace.cli.docs;

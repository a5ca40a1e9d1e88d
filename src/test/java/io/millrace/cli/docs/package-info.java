/** What the documentation promises, tried. */
package io.millrace.cli.docs;

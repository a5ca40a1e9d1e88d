/** Tests of what operators read. */
package io.millrace.cli.metrics;

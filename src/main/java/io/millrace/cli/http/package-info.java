/**
 * Limits of the program's HTTP servers: how many connections at once, and how long a request and its answer may take. Knows
 * no documents and no figures.
 */
package io.millrace.cli.http;

/**
 * The commands {@code delays fetch} and {@code delays verify}: disclosures of relays, and the delays of own probes.
 *
 * <p>Fetched documents lie under the folder {@code ID} of each relay, its identity id in hexadecimal, in the layout in which
 * relays publish them.
 */
package io.millrace.cli.delays;

package io.millrace.cli.demo;

import io.millrace.sphinx.SphinxProfile;

/**
 * Formats between the demo's nodes.
 *
 * @param link carrier of the links, {@code udp} or {@code tcp}.
 * @param profile of the Sphinx packets.
 */
record DemoWire(String link, SphinxProfile profile) {}

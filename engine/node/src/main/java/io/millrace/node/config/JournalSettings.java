package io.millrace.node.config;

import java.nio.file.Path;

/**
 * Place and durability of a relay's replay journal.
 *
 * @param folder of the store, absolute.
 * @param durableFirst whether a packet goes on only when its tag is on the disk.
 */
public record JournalSettings(Path folder, boolean durableFirst) {}

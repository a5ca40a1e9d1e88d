package io.millrace.relay.epoch;

import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.SphinxProfile;

/**
 * One live key epoch of an engine at one instant.
 *
 * @param number of the epoch, 0 or more.
 * @param keyId id of its Sphinx key.
 * @param profile wire profile of its packets.
 * @param state of the epoch in the engine.
 * @param tags replay tags that it remembers.
 * @param capacity replay tags that it can remember; 0 if it remembers none.
 * @param waiting packets that wait for the delay that the epoch gave them.
 */
public record EpochReport(
        long number, RelayId keyId, SphinxProfile profile, EpochState state, long tags, long capacity, int waiting) {}

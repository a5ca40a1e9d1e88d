package io.millrace.relay.epoch;

import java.io.IOException;

/**
 * Makes the key epochs of an engine that rolls them itself, see {@link io.millrace.relay.RelayEngineBuilder#epochs}.
 *
 * <p>Threading: {@link #make} is called by the thread {@code millrace-epochs}, the first time by the thread that builds the
 * engine; {@link #onRetired} by a thread of the common pool. Neither is on the packet path, so both may write to the disk.
 */
public interface EpochSource {
    /**
     * Makes an epoch, one epoch length before it begins. This is the moment to announce its Sphinx key: senders need it before
     * the epoch begins.
     *
     * @param number of the epoch: whole lengths since 1970 at its beginning.
     * @return an epoch with that number, a fresh key and an empty replay set, and under
     *     {@link io.millrace.vrf.DelayPolicy#EPOCH_VRF} with the key of its delays; the engine closes it.
     *     An epoch that the engine refuses, for instance one whose key was used before, is closed.
     * @throws IOException if it cannot be made now; it is logged as a warning, and the call comes again after a second, as
     *     after an epoch that was refused.
     */
    SphinxEpoch make(long number) throws IOException;

    /**
     * An epoch is over: no packet waits under it, and its Sphinx key is wiped. By default its replay journal is erased and its
     * delays are never disclosed.
     *
     * @param epoch closed by the engine when this returns.
     * @throws IOException if the journal could not be erased; it stays, and a warning is logged.
     */
    default void onRetired(RetiredEpoch epoch) throws IOException {
        epoch.erase();
    }
}

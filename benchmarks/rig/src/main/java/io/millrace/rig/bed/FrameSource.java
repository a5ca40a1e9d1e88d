package io.millrace.rig.bed;

import io.millrace.carrier.DatagramBatch;

/** Where the frames of the upstream peer come from: packets of the pool in order, sealed for the link. */
interface FrameSource extends AutoCloseable {
    /** Fills the rooms 0 to {@code limit - 1} as far as it can now; returns how many. */
    int take(DatagramBatch frames, int limit);

    @Override
    void close();
}

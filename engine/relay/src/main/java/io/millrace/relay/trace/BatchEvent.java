package io.millrace.relay.trace;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * One batch in {@link io.millrace.relay.stage.PeelStage#SAMPLE_EACH} of a thread: how many packets it had, and how long
 * peeling them took.
 *
 * <p>Off unless a recording asks for it by name: at low rates a batch is a packet, and its time that of an arrival.
 */
@Name("millrace.Batch")
@Label("Batch")
@Category("Millrace")
@Description("Size of a sampled batch and the time it took to peel it")
@Enabled(false)
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // read by the recording
public final class BatchEvent extends Event {
    /** That came into the stage, dropped ones included. */
    public int packets;

    /** From the opening of its frames until its last packet was peeled. */
    public long peelNs;
}

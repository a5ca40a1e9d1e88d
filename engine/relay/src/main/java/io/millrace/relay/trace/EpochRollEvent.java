package io.millrace.relay.trace;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A roll to the next key epoch. */
@Name("millrace.EpochRoll")
@Label("Epoch Roll")
@Category("Millrace")
@Description("Roll to the next key epoch")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // read by the recording
public final class EpochRollEvent extends Event {
    /** Number of the epoch that runs from now on. */
    public long epoch;
}

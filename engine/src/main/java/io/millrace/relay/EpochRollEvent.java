package io.millrace.relay;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A roll to the next epoch: of the Sphinx key with its replay set, or of the VRF-driven delays. */
@Name("millrace.EpochRoll")
@Label("Epoch Roll")
@Category("Millrace")
@Description("Roll to the next epoch")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // read by the recording
final class EpochRollEvent extends Event {
    static final String KEY = "key";
    static final String DELAY = "delay";

    /** Of what: {@link #KEY} or {@link #DELAY}. */
    String kind;

    EpochRollEvent(String kind) {
        this.kind = kind;
    }
}

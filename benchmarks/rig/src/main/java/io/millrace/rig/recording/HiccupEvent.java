package io.millrace.rig.recording;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** A thread that has nothing to do wanted to sleep for {@link #periodNs} and was away longer: the machine was busy. */
@Name("millrace.Hiccup")
@Label("Hiccup")
@Category("Millrace")
@Description("A sleep that took longer than it should")
@Threshold("2 ms")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // read by the recording
final class HiccupEvent extends Event {
    long periodNs;
}

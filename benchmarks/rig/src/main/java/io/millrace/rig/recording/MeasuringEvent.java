package io.millrace.rig.recording;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The part of a run that is measured: what lies before it warms up. */
@Name("millrace.Measuring")
@Label("Measuring")
@Category("Millrace")
@Description("The measured part of a run")
@StackTrace(false)
final class MeasuringEvent extends Event {}

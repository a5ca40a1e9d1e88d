package io.millrace.relay.trace;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** From one look at the delay wheel to the next: packets due meanwhile left late. */
@Name("millrace.WheelLag")
@Label("Wheel Lag")
@Category("Millrace")
@Description("Time between two looks at the delay wheel")
@Threshold("1 ms")
@StackTrace(false)
public final class WheelLagEvent extends StallEvent {}

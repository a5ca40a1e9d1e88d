package io.millrace.relay.trace;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** From one round of the I/O thread or of a peel worker to its next. */
@Name("millrace.ThreadStall")
@Label("Thread Stall")
@Category("Millrace")
@Description("Time between two rounds of a thread that has no wheel")
@Threshold("1 ms")
@StackTrace(false)
public final class ThreadStallEvent extends StallEvent {}

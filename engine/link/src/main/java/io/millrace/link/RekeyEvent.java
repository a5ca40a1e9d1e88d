package io.millrace.link;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The next keys of a link's session were made, ahead of their use. */
@Name("millrace.Rekey")
@Label("Rekey")
@Category("Millrace")
@Description("Next keys of a link's session made")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // read by the recording
final class RekeyEvent extends Event {
    /** How many, of both directions. */
    int keys;
}

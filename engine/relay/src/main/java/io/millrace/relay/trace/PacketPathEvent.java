package io.millrace.relay.trace;

import io.millrace.relay.packet.Latency;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * The way of one packet in {@link io.millrace.relay.stage.PacketCompletion#SAMPLE_EACH} of a thread, when it left: the
 * durations of its stages in
 * nanoseconds, counted as {@link Latency} does. {@code delayNs} is the drawn delay; later stages count from the due
 * time, not from the time of the look at the wheel. The event's time is that of its leaving.
 *
 * <p>Off unless a recording asks for it by name: its time and delay lead from a packet's arrival to its leaving, so such a
 * recording undoes the mixing of the sampled packets.
 *
 * <p>Reused: belongs to one thread. Nothing of the packet itself is in it.
 */
@Name("millrace.PacketPath")
@Label("Packet Path")
@Category("Millrace")
@Description("Stage durations of a sampled packet, when it left")
@Enabled(false)
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // read by the recording
public final class PacketPathEvent extends Event {
    public long queueNs;
    public long openNs;
    public long peelNs;
    public long routeNs;
    public long delayNs;
    public long sealNs;
    public long egressNs;

    /** All of these without the delay. */
    public long relayNs;
}

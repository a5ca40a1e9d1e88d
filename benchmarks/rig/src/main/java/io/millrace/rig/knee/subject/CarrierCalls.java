package io.millrace.rig.knee.subject;

/**
 * Calls of a carrier so far, and the frames that they moved.
 *
 * @param receives calls that found frames.
 * @param received frames that they found.
 * @param sends calls that sent.
 * @param sent frames that were taken.
 */
public record CarrierCalls(long receives, long received, long sends, long sent) {
    /**
     * Frames for each call of receiving since a moment, on average; 0 if there was no call.
     *
     * @param before calls up to that moment.
     */
    public double framesPerReceive(CarrierCalls before) {
        return ratio(received - before.received, receives - before.receives);
    }

    /**
     * Frames for each call of sending since a moment, on average: the length of trains; 0 if there was no call.
     *
     * @param before calls up to that moment.
     */
    public double framesPerSend(CarrierCalls before) {
        return ratio(sent - before.sent, sends - before.sends);
    }

    private static double ratio(long frames, long calls) {
        return calls <= 0 ? 0 : Math.round(100.0 * frames / calls) / 100.0;
    }
}

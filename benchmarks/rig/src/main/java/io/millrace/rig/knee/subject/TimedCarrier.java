package io.millrace.rig.knee.subject;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.DatagramBatch;
import io.millrace.rig.bed.DelegatingCarrier;
import io.millrace.rig.measure.WorkMeter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * A carrier with a stopwatch: the time of receiving and of sending, which is that of the system calls and of the Java code
 * around them. A call of {@link #receive} that finds nothing is idling. Waiting does not count.
 *
 * <p>Threading: as the other carrier's.
 */
final class TimedCarrier extends DelegatingCarrier {
    private final WorkMeter meter;
    private final LongAdder receivingNs = new LongAdder();
    private final LongAdder sendingNs = new LongAdder();
    private final LongAdder receives = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder sends = new LongAdder();
    private final LongAdder sent = new LongAdder();

    /**
     * Puts a stopwatch on a carrier.
     *
     * @param carrier closed with this one.
     * @param meter of the threads that call it.
     */
    TimedCarrier(Carrier carrier, WorkMeter meter) {
        super(carrier);
        this.meter = meter;
    }

    /** Nanoseconds spent so far: {@code receive} and {@code send}, in this order. */
    Map<String, Long> spentNs() {
        final Map<String, Long> spent = new LinkedHashMap<>();
        spent.put("receive", receivingNs.sum());
        spent.put("send", sendingNs.sum());
        return spent;
    }

    /** Calls that moved frames so far. */
    CarrierCalls calls() {
        return new CarrierCalls(receives.sum(), received.sum(), sends.sum(), sent.sum());
    }

    @Override
    public int receive(DatagramBatch frames, int limit, int roomLength) {
        final long began = meter.beginPoll();
        final int count = super.receive(frames, limit, roomLength);
        if (count == 0) {
            meter.endIdle(began);
        } else {
            meter.end(receivingNs, began);
            receives.increment();
            received.add(count);
        }
        return count;
    }

    @Override
    public int send(int peer, DatagramBatch frames, int from, int count) {
        final long began = meter.begin();
        final int taken = super.send(peer, frames, from, count);
        meter.end(sendingNs, began);
        sends.increment();
        sent.add(taken);
        return taken;
    }
}

package io.millrace.rig.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** On a clock that the test moves. */
class WorkMeterTest {
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();
    private long now = 1_000_000;
    private final WorkMeter meter = new WorkMeter(() -> now);

    private void call(LongAdder spent, long ns) {
        final long began = meter.begin();
        now += ns;
        meter.end(spent, began);
    }

    private void emptyPoll(long ns) {
        final long began = meter.beginPoll();
        now += ns;
        meter.endIdle(began);
    }

    private void poll(long ns) {
        final long began = meter.beginPoll();
        now += ns;
        meter.end(received, began);
    }

    @Test
    void addsUpCallsAndWhatLiesBetweenThem() {
        poll(300);
        now += 40;
        call(sent, 700);
        now += 60;
        call(sent, 100);

        assertThat(received.sum()).isEqualTo(300);
        assertThat(sent.sum()).isEqualTo(800);
        assertThat(meter.betweenNs()).isEqualTo(100);
        assertThat(meter.idleNs()).isZero();
    }

    @Test
    void betweenTwoPollsOfWhichTheFirstFoundNothingIsIdling() {
        emptyPoll(20);
        now += 5;
        poll(300);

        assertThat(meter.idleNs()).isEqualTo(25);
        assertThat(meter.betweenNs()).isZero();
        assertThat(received.sum()).isEqualTo(300);
    }

    @Test
    void workAfterAPollThatFoundNothingIsNotIdling() {
        emptyPoll(20);
        now += 5; // the timer wheel had a packet
        call(sent, 700);

        assertThat(meter.idleNs()).isEqualTo(20);
        assertThat(meter.betweenNs()).isEqualTo(5);
    }

    @Test
    void longGapsAndTheTimeBeforeTheFirstCallDoNotCount() {
        call(sent, 1);
        now += WorkMeter.LONGEST_GAP_NS + 1;
        call(sent, 1);
        now += WorkMeter.LONGEST_GAP_NS;
        call(sent, 1);

        assertThat(meter.betweenNs()).isEqualTo(WorkMeter.LONGEST_GAP_NS);
    }

    @Test
    void eachThreadHasGapsOfItsOwn() throws InterruptedException {
        call(sent, 1);
        now += 10;
        final Thread other = Thread.ofPlatform().start(() -> call(sent, 1));
        other.join();
        now += 10;
        call(sent, 1);

        assertThat(meter.betweenNs()).as("only the first thread's").isEqualTo(21);
    }
}

package io.millrace.relay.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.packet.PacketSource;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.packet.Verdict;
import io.millrace.test.VirtualClock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Drops of one thread that another one tells the application of. */
class DropNoticesTest {
    @Test
    void countsTheDropsThatItHasNoRoomToTell() {
        final int runs = DropNotices.CAPACITY + 100;
        final List<String> told = new ArrayList<>();
        final Callbacks callbacks = new Callbacks(
                new RelayListener() {
                    @Override
                    public void onDrop(Verdict verdict, int source) {
                        told.add(verdict + " " + source);
                    }
                },
                new VirtualClock(0));
        final DropNotices notices = callbacks.newNotices();
        for (int i = 0; i < runs; i++) {
            notices.add(Verdict.BAD_TAG, i);
            notices.add(Verdict.BAD_TAG, i);
        }
        notices.flush();
        callbacks.finish();
        assertThat(told).hasSize(2 * DropNotices.CAPACITY);
        assertThat(told.subList(0, 3)).containsExactly("BAD_TAG 0", "BAD_TAG 0", "BAD_TAG 1");
        assertThat(callbacks.untoldDrops()).isEqualTo(2 * 100);
        notices.add(Verdict.REPLAY, PacketSource.APPLICATION);
        notices.flush();
        callbacks.finish();
        assertThat(told.getLast()).isEqualTo("REPLAY " + PacketSource.APPLICATION);
    }
}

package io.millrace.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class SelectorLoopTest {
    private static final int STRANGERS = 5;
    private static final int TURNS = 40;

    private final AtomicLong clock = new AtomicLong();
    private final List<String> served = Collections.synchronizedList(new ArrayList<>());
    private final List<Pipe> pipes = new ArrayList<>();
    private final CountDownLatch enough = new CountDownLatch(TURNS);

    @AfterEach
    void close() throws IOException {
        for (Pipe pipe : pipes) {
            pipe.source().close();
            pipe.sink().close();
        }
    }

    @Test
    void servesThoseInsideBeforeEachStrangerWhoTakesHisTurnsTime() throws Exception {
        try (SelectorLoop loop = new SelectorLoop(clock::get)) {
            // Registered by one task, so that all are there in the first turn.
            loop.execute(() -> {
                for (int i = 0; i < STRANGERS; i++) {
                    register(loop, new Recorded("stranger " + i, true, 2_000_000));
                }
                register(loop, new Recorded("inside", false, 0));
            });
            enough.await();
        }
        final List<String> order = served.subList(served.indexOf("inside"), served.size());
        for (int i = 0; i + 1 < TURNS; i += 2) {
            assertThat(order.get(i)).isEqualTo("inside");
            assertThat(order.get(i + 1)).startsWith("stranger");
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "2000000, 40000000"})
    void servesAllStrangersInOneTurnWhileTheyTakeAQuarterOfItAtTheMost(long strangersNs, long insideNs)
            throws Exception {
        try (SelectorLoop loop = new SelectorLoop(clock::get)) {
            loop.execute(() -> {
                for (int i = 0; i < STRANGERS; i++) {
                    register(loop, new Recorded("stranger " + i, true, strangersNs));
                }
                register(loop, new Recorded("inside", false, insideNs));
            });
            enough.await();
        }
        final List<String> order = served.subList(served.indexOf("inside"), served.size());
        final int turn = STRANGERS + 1;
        for (int i = 0; i + turn <= order.size(); i += turn) {
            assertThat(order.get(i)).isEqualTo("inside");
            assertThat(order.subList(i + 1, i + turn)).doesNotHaveDuplicates().doesNotContain("inside");
        }
    }

    /** A channel that is always ready: its byte is never read. */
    private void register(SelectorLoop loop, Attachment attachment) {
        try {
            final Pipe pipe = Pipe.open();
            pipes.add(pipe);
            pipe.source().configureBlocking(false);
            pipe.sink().write(ByteBuffer.wrap(new byte[1]));
            loop.register(pipe.source(), SelectionKey.OP_READ, attachment);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Notes when it is served, and lets time pass. */
    private final class Recorded implements Attachment {
        private final String name;
        private final boolean stranger;
        private final long takesNs;

        Recorded(String name, boolean stranger, long takesNs) {
            this.name = name;
            this.stranger = stranger;
            this.takesNs = takesNs;
        }

        @Override
        public boolean isStranger() {
            return stranger;
        }

        @Override
        public void ready(SelectionKey key, long nowNs) {
            served.add(name);
            clock.addAndGet(takesNs);
            enough.countDown();
        }

        @Override
        public void tick(SelectionKey key, long nowNs) {
            assertThat(key.isValid()).isTrue();
        }

        @Override
        public void failed(IOException why) {
            assertThat(why).isNotNull();
        }
    }
}

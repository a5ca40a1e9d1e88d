package io.millrace.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.epoch.EpochSchedule;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DescriptorWatchTest {
    private static final long PATIENCE_S = 60;

    private final Announced relay = new Announced(new EpochSchedule(0, 1_000, 200), "epoch-vrf uniform(0ns,1ms)");
    private final Announced other = new Announced(new EpochSchedule(0, 1_000, 200), "epoch-vrf uniform(0ns,1ms)");
    private final BlockingQueue<RelayDescriptor> descriptors = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private volatile byte[] published;
    private volatile boolean missing;
    private final AtomicInteger fetches = new AtomicInteger();

    @AfterEach
    void wipe() {
        relay.close();
        other.close();
    }

    @Test
    void readsAgainAndTellsWhatIsNew() throws Exception {
        final RelayDescriptor first = relay.descriptor(1, 4);
        final RelayDescriptor second = relay.descriptor(2, 5);
        try (DescriptorWatch watch = start()) {
            assertThat(watch.await(List.of(0), Duration.ZERO)).contains(0);
            published = first.toByteArray();
            assertThat(next()).isEqualTo(first);
            assertThat(watch.await(List.of(0), Duration.ofSeconds(PATIENCE_S))).isEmpty();
            assertThat(watch.newest(0)).contains(first);

            published = second.toByteArray();
            assertThat(next()).isEqualTo(second);
            awaitFetches(3);
            assertThat(descriptors).as("told once").isEmpty();
            assertThat(messages).isEmpty();
        }
    }

    @Test
    void aDescriptorThatCannotBeReadLeavesTheKeysAndIsComplainedOfOnce() throws Exception {
        final RelayDescriptor first = relay.descriptor(1, 4);
        published = first.toByteArray();
        try (DescriptorWatch watch = start()) {
            next();
            published = null;
            assertThat(message())
                    .isEqualTo("the descriptor of r2 cannot be read, its last known keys stay: nothing there");
            awaitFetches(3);
            assertThat(messages).isEmpty();
            assertThat(watch.newest(0)).contains(first);
            assertThat(watch.trouble(0)).contains("nothing there");

            published = first.toByteArray();
            assertThat(message()).isEqualTo("the descriptor of r2 can be read again");
        }
    }

    @Test
    void refusesTheDescriptorOfAnotherIdentityAnOlderOneAndAContradiction() throws Exception {
        final RelayDescriptor old = relay.descriptor(1, 4);
        final RelayDescriptor first = relay.descriptor(1, 4);
        published = other.descriptor(1, 4).toByteArray();
        try (DescriptorWatch watch = start()) {
            assertThat(message())
                    .startsWith("the descriptor of r2 is refused, it has no keys: ")
                    .contains("not signed by the identity key");
            assertThat(watch.newest(0)).isEmpty();
            published = first.toByteArray();
            assertThat(next()).isEqualTo(first);
            assertThat(message()).contains("can be read again");
            published = old.toByteArray();
            assertThat(message())
                    .contains("is refused, its last known keys stay")
                    .contains("older than a known one");
            assertThat(watch.newest(0)).contains(first);
        }
    }

    @Test
    void aPartyThatNeverHadADescriptorMayKeepItsKey() throws Exception {
        final RelayDescriptor first = relay.descriptor(1, 4);
        missing = true;
        try (DescriptorWatch watch = start()) {
            final String hint = " (if r2 is a relay that keeps its key, it has none: name it by public-key and link-key"
                    + " instead of identity and descriptor)";
            assertThat(message())
                    .isEqualTo("the descriptor of r2 cannot be read, it has no keys: no descriptor there: here" + hint);
            assertThat(watch.trouble(0)).contains("no descriptor there: here" + hint);
            published = first.toByteArray();
            missing = false;
            assertThat(next()).isEqualTo(first);
            assertThat(message()).contains("can be read again");
            missing = true;
            assertThat(message())
                    .as("it has changed its keys before")
                    .isEqualTo("the descriptor of r2 cannot be read, its last known keys stay: no descriptor there:"
                            + " here");
        }
    }

    @Test
    void aPartyThatNeverAnswersDelaysNoOther() throws Exception {
        final CountDownLatch never = new CountDownLatch(1);
        final RelayDescriptor first = relay.descriptor(1, 4);
        try (DescriptorWatch watch = DescriptorWatch.start(
                List.of(new Party("silent", other.identity(), "there"), new Party("r2", relay.identity(), "here")),
                location -> {
                    if (location.equals("there")) {
                        never.await();
                    }
                    return first.toByteArray();
                },
                new Told())) {
            assertThat(watch.await(List.of(1), Duration.ofSeconds(PATIENCE_S))).isEmpty();
            assertThat(watch.newest(1)).contains(first);
            assertThat(watch.newest(0)).isEmpty();
        }
    }

    private final class Told implements DescriptorListener {
        @Override
        public void onDescriptor(int index, RelayDescriptor descriptor) {
            descriptors.add(descriptor);
        }

        @Override
        public void onMessage(String message) {
            messages.add(message);
        }
    }

    private DescriptorWatch start() {
        return DescriptorWatch.start(
                List.of(new Party("r2", relay.identity(), "here")),
                location -> {
                    assertThat(location).isEqualTo("here");
                    fetches.incrementAndGet();
                    if (missing) {
                        throw new FileNotFoundException("no descriptor there: " + location);
                    }
                    final byte[] now = published;
                    if (now == null) {
                        throw new IOException("nothing there");
                    }
                    return now;
                },
                new Told());
    }

    private RelayDescriptor next() throws InterruptedException {
        final RelayDescriptor descriptor = descriptors.poll(PATIENCE_S, TimeUnit.SECONDS);
        assertThat(descriptor).isNotNull();
        return descriptor;
    }

    private String message() throws InterruptedException {
        return messages.poll(PATIENCE_S, TimeUnit.SECONDS);
    }

    private void awaitFetches(int more) {
        final int goal = fetches.get() + more;
        final long start = System.nanoTime();
        while (fetches.get() < goal && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(PATIENCE_S)) {
            Thread.onSpinWait();
        }
        assertThat(fetches.get()).isGreaterThanOrEqualTo(goal);
    }
}

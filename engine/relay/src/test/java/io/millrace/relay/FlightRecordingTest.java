package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.relay.packet.Delivery;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.stage.PacketCompletion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An engine's events in a recording agree with its counters and histograms. */
class FlightRecordingTest {
    private static final long SEED = 20_260_102;
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final long STALL_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final List<String> STAGES = List.of("queueNs", "openNs", "peelNs", "routeNs", "sealNs", "egressNs");

    @TempDir
    private Path folder;

    private static EngineConfig.Builder config(ThreadingMode mode) {
        return EngineConfig.builder().threading(mode).peelWorkers(2).slotCount(1_024);
    }

    private static void awaitReceived(EngineUnderTest test, long count) {
        while (test.engine.counters().received() < count
                || test.engine.counters().inFlight() > 0) {
            assertThat(test.engine.failure()).isEmpty();
            Thread.onSpinWait();
        }
    }

    private List<RecordedEvent> events(Recording recording, String name) throws IOException {
        final Path file = folder.resolve("recording.jfr");
        recording.stop();
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith(name))
                .toList();
    }

    private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(name))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVOKER")
    void tellsPathsBatchesDropsAndRolls(ThreadingMode mode) throws IOException {
        try (Recording recording = new Recording();
                EngineUnderTest test = new EngineUnderTest(config(mode).build(), SEED, 1_000)) {
            recording.enable("millrace.PacketPath");
            recording.enable("millrace.Batch");
            recording.start();
            test.engine.start();
            for (int i = 0; i < 140; i++) {
                test.inbound.add(test.seal(test.packetFor(EngineUnderTest.FIRST)));
                test.inbound.add(test.seal(test.packetForRelay()));
            }
            final byte[] replayed = test.packetForRelay();
            test.inbound.add(test.seal(replayed));
            test.inbound.add(test.seal(replayed));
            test.inbound.add(test.seal(test.packetForStranger()));
            awaitReceived(test, 283);
            test.engine.rollKeyEpoch(test.epoch(2));
            assertThat(test.engine.stop(LONG)).isTrue();

            final List<RecordedEvent> events = events(recording, "millrace.");
            final List<RecordedEvent> paths = named(events, "millrace.PacketPath");
            // 281 packets left, by two threads; each samples from when it first looked.
            assertThat(paths).hasSizeBetween(20, 281 / PacketCompletion.SAMPLE_EACH);
            for (RecordedEvent path : paths) {
                assertThat(STAGES.stream().mapToLong(path::getLong).sum()).isEqualTo(path.getLong("relayNs"));
                assertThat(path.getLong("delayNs")).isBetween(0L, 1_000_000L);
            }
            assertThat(paths.stream().map(RecordedEvent::getStartTime).distinct())
                    .hasSizeGreaterThan(1);
            assertThat(named(events, "millrace.Batch"))
                    .allSatisfy(batch -> assertThat(batch.getInt("packets")).isBetween(1, 32));
            final Map<String, Long> drops = named(events, "millrace.Drops").stream()
                    .collect(Collectors.groupingBy(
                            drop -> drop.getString("reason"), Collectors.summingLong(drop -> drop.getLong("count"))));
            assertThat(drops).isEqualTo(Map.of("replay", 1L, "unknown-next-hop", 1L));
            assertThat(named(events, "millrace.EpochRoll"))
                    .extracting(roll -> roll.getLong("epoch"))
                    .containsExactly(2L);
        }
    }

    /** A recording of a relay, as anything that starts one makes it, has no stamp of a packet. */
    @Test
    void tellsOfNoPacketAndNoBatchUnlessAskedTo() throws IOException {
        try (Recording recording = new Recording();
                EngineUnderTest test =
                        new EngineUnderTest(config(ThreadingMode.SPLIT).build(), SEED, 1_000)) {
            recording.start();
            test.engine.start();
            for (int i = 0; i < 100; i++) {
                test.inbound.add(test.seal(test.packetFor(EngineUnderTest.FIRST)));
            }
            test.inbound.add(test.seal(test.packetForStranger()));
            awaitReceived(test, 101);
            assertThat(test.engine.stop(LONG)).isTrue();

            final List<RecordedEvent> events = events(recording, "millrace.");
            assertThat(named(events, "millrace.PacketPath")).isEmpty();
            assertThat(named(events, "millrace.Batch")).isEmpty();
            assertThat(named(events, "millrace.Drops")).isNotEmpty();
        }
    }

    @Test
    void tellsThatTheWheelWaitedAndThatItsThreadDidNotRunMeanwhile() throws IOException {
        final RelayListener stalls = new RelayListener() {
            @Override
            public boolean onDeliver(Delivery delivery) {
                final long start = System.nanoTime();
                while (System.nanoTime() - start < STALL_NS) {
                    LockSupport.parkNanos(STALL_NS);
                }
                return true;
            }
        };
        try (Recording recording = new Recording();
                EngineUnderTest test = new EngineUnderTest(
                        config(ThreadingMode.SPLIT).build(), SEED, 1_000, builder -> builder.listener(stalls))) {
            recording.start();
            test.engine.start();
            test.inbound.add(test.seal(test.packetForRelay()));
            awaitReceived(test, 1);
            test.inbound.add(test.seal(test.packetForRelay()));
            awaitReceived(test, 2);
            assertThat(test.engine.stop(LONG)).isTrue();

            assertThat(events(recording, "millrace.WheelLag"))
                    .filteredOn(lag -> lag.getDuration().toNanos() >= STALL_NS)
                    .isNotEmpty()
                    .allSatisfy(lag -> {
                        assertThat(lag.getThread().getJavaName()).isEqualTo("millrace-engine");
                        assertThat(lag.getLong("cpuNs"))
                                .isLessThan(lag.getDuration().toNanos());
                    });
        }
    }
}

package io.millrace.benchmarks;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.DatagramBatch;
import io.millrace.carrier.InProcessCarrier;
import io.millrace.carrier.TcpCarrier;
import io.millrace.carrier.UdpCarrier;
import io.millrace.metrics.NanoClock;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Cost of carrying one frame of 2,076 bytes: sent and received again by one thread, 32 frames at a time.
 *
 * <p>Question: what does each carrier cost per frame on loopback, with one destination and with four taking turns?
 * {@code inprocess} is the baseline: two copies and no system call. Expected: most of UDP's cost is the kernel's work
 * per datagram; the batched socket saves system calls and, where segmentation works, most of the sending; {@code tcp}
 * pays a call for many frames and two copies. 0 B/op, except that the portable carrier makes an object when the source
 * changes.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class CarrierBenchmark {
    private static final int BATCH = 32;
    private static final int FRAME_LENGTH = 2_076;
    private static final int STRIDE = 2_304;
    private static final ValueLayout.OfLong LE_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Carrier under test. */
    @Param({"inprocess", "portable", "batched", "tcp"})
    String carrier;

    /** Receiving peers; each gets its share of a batch in one call. */
    @Param({"1", "4"})
    int peers;

    private final Arena arena = Arena.ofShared();
    private final long[] counters = new long[BATCH];
    private final int[] sent = new int[BATCH];
    private Carrier sender;
    private Carrier[] receivers;
    private DatagramBatch outbound;
    private DatagramBatch inbound;

    @Setup
    public void setUp() throws IOException {
        final MemorySegment memory = arena.allocate(2L * BATCH * STRIDE, 64);
        outbound = new DatagramBatch(memory, BATCH);
        inbound = new DatagramBatch(memory, BATCH);
        for (int i = 0; i < BATCH; i++) {
            outbound.frame(i, (long) i * STRIDE, FRAME_LENGTH);
            inbound.room(i, (long) (BATCH + i) * STRIDE);
        }
        receivers = new Carrier[peers];
        if (carrier.equals("inprocess")) {
            final InProcessCarrier hub = new InProcessCarrier(peers);
            for (int peer = 0; peer < peers; peer++) {
                final InProcessCarrier end = new InProcessCarrier(1);
                InProcessCarrier.connect(hub, peer, end, 0, BATCH, FRAME_LENGTH);
                receivers[peer] = end;
            }
            sender = hub;
        } else if (carrier.equals("tcp")) {
            sender = connectTcp();
        } else {
            final InetSocketAddress[] addresses = new InetSocketAddress[peers];
            for (int peer = 0; peer < peers; peer++) {
                final UdpCarrier end = open(List.of());
                receivers[peer] = end;
                addresses[peer] = end.localAddress();
            }
            sender = open(List.of(addresses));
        }
    }

    @TearDown
    public void tearDown() {
        sender.close();
        for (Carrier receiver : receivers) {
            receiver.close();
        }
        arena.close();
    }

    /** One frame sent and received. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int carry() {
        final int share = BATCH / peers;
        int received = 0;
        for (int i = 0; i < BATCH; i++) {
            // Counters rise, as they do on a link.
            outbound.memory().set(LE_LONG, outbound.position(i), counters[i / share]++);
        }
        for (int peer = 0; peer < peers; peer++) {
            sent[peer] = sender.send(peer, outbound, peer * share, share);
        }
        for (int peer = 0; peer < peers; peer++) {
            int count = receivers[peer].receive(inbound, share, FRAME_LENGTH + 1);
            while (count < share) {
                // Frames that the system did not take at once: a carrier goes on with it when it is asked for frames.
                sender.receive(inbound, 0, FRAME_LENGTH + 1);
                sent[peer] += sender.send(peer, outbound, peer * share + sent[peer], share - sent[peer]);
                count += receivers[peer].receive(inbound, share - count, FRAME_LENGTH + 1);
            }
            received += count;
        }
        return received;
    }

    /** A carrier whose peers have all been connected and bound. */
    private TcpCarrier connectTcp() throws IOException {
        final InetSocketAddress local = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
        final InetSocketAddress anyone = new InetSocketAddress(local.getAddress(), 1);
        final InetSocketAddress[] addresses = new InetSocketAddress[peers];
        for (int peer = 0; peer < peers; peer++) {
            final TcpCarrier end = TcpCarrier.open(local, List.of(anyone), FRAME_LENGTH, NanoClock.SYSTEM);
            receivers[peer] = end;
            addresses[peer] = end.localAddress();
        }
        final TcpCarrier hub = TcpCarrier.open(local, List.of(addresses), FRAME_LENGTH, NanoClock.SYSTEM);
        final DatagramBatch message = new DatagramBatch(outbound.memory(), 1);
        message.frame(0, 0, Carrier.MESSAGE_LIMIT);
        for (int peer = 0; peer < peers; peer++) {
            hub.sendMessage(peer, message, 0);
            while (receivers[peer].receive(inbound, 1, FRAME_LENGTH + 1) == 0) {
                hub.receive(inbound, 1, FRAME_LENGTH + 1);
            }
            receivers[peer].bind(inbound.peer(0), 0);
        }
        return hub;
    }

    private UdpCarrier open(List<InetSocketAddress> addresses) throws IOException {
        final InetSocketAddress local = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
        return carrier.equals("portable")
                ? UdpCarrier.openPortable(local, addresses)
                : UdpCarrier.open(local, addresses);
    }
}

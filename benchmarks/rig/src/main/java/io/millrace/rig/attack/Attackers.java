package io.millrace.rig.attack;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.htx.admission.FirstMessage;
import io.millrace.htx.admission.TicketKey;
import io.millrace.htx.handshake.InitiatorHandshake;
import io.millrace.thread.ThreadEnd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The attackers of one attack: as many connections a second as {@link Attack#perSecond} says, each on a virtual thread until
 * the server closes it. One thread starts them; {@link #stop} closes all.
 */
final class Attackers implements AttackChild.Force {
    private static final int MOST_OPEN = 4_000;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int ROOM = 4_096;

    private final AttackChild.Setup setup;
    private final InetSocketAddress server;
    private final Arena arena = Arena.ofShared();
    private final Randomness randomness = new SecureRandomness();
    private final BatchCrypto crypto = CryptoProviders.byName("sodium");
    private final X25519KeyPair own = X25519KeyPair.generate(randomness);
    private final MemorySegment publicKey;
    private final TicketKey ticketKey;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong running = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final MemorySegment recorded;
    private final Thread starter =
            Thread.ofPlatform().name("attackers").daemon().unstarted(this::startAll);
    private volatile boolean stopped;

    /** Makes the attackers; those of {@link Attack#REPLAY} record a first message that the server answers. */
    Attackers(AttackChild.Setup setup) throws IOException {
        this.setup = setup;
        this.server = new InetSocketAddress(setup.source().server(), setup.port());
        this.publicKey =
                arena.allocateFrom(ValueLayout.JAVA_BYTE, HexFormat.of().parseHex(setup.publicKey()));
        this.ticketKey = TicketKey.open(publicKey);
        this.recorded = arena.allocate(InitiatorHandshake.FIRST_LENGTH);
        if (setup.attack() == Attack.REPLAY) {
            record();
        }
    }

    private void record() throws IOException {
        try (InitiatorHandshake handshake = handshake();
                SocketChannel channel = SocketChannel.open(server)) {
            handshake.writeFirst(recorded);
            write(channel, recorded);
            channel.read(ByteBuffer.allocate(ROOM));
        }
    }

    /** Never: each attack has its attackers. */
    @Override
    public boolean isFor(AttackChild.Setup other) {
        return false;
    }

    @Override
    public void start() {
        starter.start();
    }

    /** Connections made so far. */
    @Override
    public long connections() {
        return connections.get();
    }

    /** Attempts so far that came to no connection, those that {@link #stop} ended excluded. */
    @Override
    public long failed() {
        return failed.get();
    }

    /** Closes all connections and waits for the threads. */
    @Override
    public void stop() {
        stopped = true;
        ThreadEnd.await(starter);
        while (running.get() > 0) {
            open.forEach(Attackers::closeQuietly);
            LockSupport.parkNanos(SECOND_NS / 1_000);
        }
    }

    private void startAll() {
        final long intervalNs = SECOND_NS / setup.attack().perSecond();
        long dueNs = System.nanoTime();
        for (int i = 0; !stopped; i++) {
            final int index = i;
            LockSupport.parkNanos(dueNs - System.nanoTime());
            dueNs += intervalNs;
            if (running.get() < MOST_OPEN) {
                running.incrementAndGet();
                Thread.ofVirtual().start(() -> attack(index));
            }
        }
    }

    private void attack(int index) {
        boolean connected = false;
        try (SocketChannel channel = SocketChannel.open()) {
            open.add(channel);
            try {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                channel.bind(new InetSocketAddress(setup.source().of(index), 0));
                channel.connect(server);
                connected = true;
                connections.incrementAndGet();
                attack(channel);
            } finally {
                open.remove(channel);
            }
        } catch (IOException e) {
            // A connection's end by the server is to be expected, and any end by stop.
            if (!connected && !stopped) {
                failed.incrementAndGet();
            }
        } finally {
            running.decrementAndGet();
        }
    }

    private void attack(SocketChannel channel) throws IOException {
        switch (setup.attack()) {
            case SILENT -> drain(channel);
            case REPLAY -> {
                write(channel, recorded);
                drain(channel);
            }
            case PROBE, RANDOM_NOISE -> {
                try (Arena mine = Arena.ofConfined()) {
                    final MemorySegment message = mine.allocate(InitiatorHandshake.FIRST_LENGTH);
                    writeFirst(message, setup.attack() == Attack.RANDOM_NOISE);
                    write(channel, message);
                }
                drain(channel);
            }
            default -> {
                try (InitiatorHandshake handshake = handshake();
                        FrameFlood flood = new FrameFlood(channel, crypto)) {
                    flood.enter(handshake, setup.attack(), randomness);
                    if (setup.attack() == Attack.PING || setup.attack() == Attack.WINDOW_UPDATE) {
                        Thread.ofVirtual().start(() -> drainQuietly(channel));
                    }
                    flood.run(setup.attack());
                }
            }
        }
    }

    private void writeFirst(MemorySegment message, boolean ticket) {
        final Instant now = Instant.now();
        FirstMessage.writeHeader(message, ticketKey, now);
        randomness.fill(message.asSlice(ticket ? FirstMessage.NOISE_OFFSET : 1));
        if (ticket) {
            FirstMessage.writeMac(message, ticketKey, now);
        }
    }

    private InitiatorHandshake handshake() {
        return new InitiatorHandshake(own, publicKey, ticketKey, MemorySegment.NULL, Instant.now(), randomness);
    }

    static void write(SocketChannel channel, MemorySegment bytes) throws IOException {
        final ByteBuffer buffer = bytes.asByteBuffer();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static void drain(SocketChannel channel) throws IOException {
        final ByteBuffer room = ByteBuffer.allocate(ROOM);
        while (channel.read(room.clear()) >= 0) {
            // a refusal says nothing
        }
    }

    private static void drainQuietly(SocketChannel channel) {
        try {
            drain(channel);
        } catch (IOException e) {
            closeQuietly(channel); // its end is the flood's, too
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new AssertionError("a socket cannot be closed", e);
        }
    }

    @Override
    public void close() {
        stop();
        own.close();
        ticketKey.close();
        arena.close();
    }
}

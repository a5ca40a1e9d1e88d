package io.millrace.rig.flood;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.htx.admission.FirstMessage;
import io.millrace.htx.admission.TicketKey;
import io.millrace.htx.handshake.InitiatorHandshake;
import io.millrace.rig.flood.FloodAttacker.Kind;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** All attackers, on one selector: they come as fast as the server accepts, from networks of a hundred each. */
final class FloodAttack implements AutoCloseable {
    private static final int CONNECTING = 256;
    private static final int PER_NETWORK = 100;
    private static final int WAIT_MS = 20;

    /** Of twenty attackers; the last one is a slow reader. */
    private static final List<Kind> TURN = turn(Map.of(
            Kind.SILENT,
            2,
            Kind.GARBAGE,
            4,
            Kind.INCOMPLETE,
            2,
            Kind.REPLAY,
            5,
            Kind.RANDOM_NOISE,
            3,
            Kind.HALF_OPEN,
            3));

    private final InetSocketAddress server;
    private final BatchCrypto crypto;
    private final Randomness randomness;
    private final List<FloodAttacker> attackers = new ArrayList<>();
    private final Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
    private final Selector selector = Selector.open();
    private int begun;
    private int connected;
    private int over;

    /**
     * Makes what all will say, so that the attack itself costs little.
     *
     * @param count attackers; the first has been there before the attack, and the others replay its message.
     * @param own keys of those who hold a ticket; stay the caller's and open as long as this is.
     * @param publicKey the server's, 32 bytes, native.
     */
    FloodAttack(
            InetSocketAddress server,
            int count,
            X25519KeyPair own,
            MemorySegment publicKey,
            TicketKey ticketKey,
            BatchCrypto crypto,
            Randomness randomness)
            throws IOException {
        this.server = server;
        this.crypto = crypto;
        this.randomness = randomness;
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment message = arena.allocate(InitiatorHandshake.FIRST_LENGTH);
            byte[] recorded = null;
            for (int i = 0; i < count; i++) {
                final Kind kind = i == 0 ? Kind.HALF_OPEN : TURN.get(i % TURN.size());
                InitiatorHandshake handshake = null;
                if (kind == Kind.HALF_OPEN || kind == Kind.SLOW_READER) {
                    handshake = new InitiatorHandshake(
                            own, publicKey, ticketKey, MemorySegment.NULL, Instant.now(), randomness);
                    handshake.writeFirst(message);
                } else if (kind == Kind.RANDOM_NOISE) {
                    final Instant now = Instant.now();
                    FirstMessage.writeHeader(message, ticketKey, now);
                    randomness.fill(message.asSlice(FirstMessage.NOISE_OFFSET));
                    FirstMessage.writeMac(message, ticketKey, now);
                } else {
                    randomness.fill(message);
                    // Every third has another version.
                    message.set(JAVA_BYTE, 0, (i % 3 == 0 ? FirstMessage.VERSION + 1 : FirstMessage.VERSION));
                }
                if (kind == Kind.HALF_OPEN) {
                    handshake.close();
                    handshake = null;
                }
                final byte[] bytes = message.toArray(JAVA_BYTE);
                kinds.merge(kind, 1, Integer::sum);
                if (i == 0) {
                    recorded = bytes;
                    record(bytes);
                } else {
                    attackers.add(new FloodAttacker(kind, said(kind, bytes, recorded), handshake));
                }
            }
        }
    }

    private static byte[] said(Kind kind, byte[] message, byte[] recorded) {
        return switch (kind) {
            case REPLAY -> recorded.clone();
            case INCOMPLETE -> Arrays.copyOf(message, message.length / 2);
            case SILENT -> new byte[0];
            default -> message;
        };
    }

    private static List<Kind> turn(Map<Kind, Integer> counts) {
        final List<Kind> turn = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            turn.addAll(Collections.nCopies(counts.getOrDefault(kind, 0), kind));
        }
        turn.add(Kind.SLOW_READER);
        return List.copyOf(turn);
    }

    /** The first attacker: answered, so that its message is known to the server, and gone. */
    private void record(byte[] message) throws IOException {
        try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
            socket.getOutputStream().write(message);
            if (socket.getInputStream().readNBytes(InitiatorHandshake.SECOND_LENGTH).length == 0) {
                throw new IOException("the server did not answer a valid first message");
            }
        }
    }

    /** How many there are of each kind. */
    Map<Kind, Integer> kinds() {
        return kinds;
    }

    /** Whether the server has closed all but those with a session. */
    boolean isOver() {
        return over == attackers.size();
    }

    /** Works on for a little while. */
    void proceed() throws IOException {
        while (begun < attackers.size() && begun - connected < CONNECTING) {
            attackers.get(begun).begin(selector, source(begun), server);
            begun++;
        }
        selector.select(this::ready, WAIT_MS);
    }

    /** 127.1.0.1 and so on: of another /24 every hundred. */
    private static InetSocketAddress source(int index) throws IOException {
        final int network = index / PER_NETWORK;
        final byte[] address = {127, (byte) (1 + (network >> 8)), (byte) network, 1};
        return new InetSocketAddress(InetAddress.getByAddress(address), 0);
    }

    private void ready(SelectionKey key) {
        final FloodAttacker attacker = (FloodAttacker) key.attachment();
        final boolean connecting = (key.interestOps() & SelectionKey.OP_CONNECT) != 0;
        if (connecting) {
            connected++;
        }
        try {
            attacker.ready(key, crypto, randomness);
            if (attacker.isInside()) {
                over++;
            }
        } catch (IOException e) {
            // Closed by the server, with an end or a reset, as an attacker must expect.
            over++;
            attacker.close();
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        attackers.forEach(FloodAttacker::close);
    }
}

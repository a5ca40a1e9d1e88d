package io.millrace.link;

import static io.millrace.memory.Layouts.LE_LONG;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.MlKem768;
import io.millrace.crypto.MlKem768KeyPair;
import io.millrace.crypto.Randomness;
import io.millrace.noise.HandshakeBuilder;
import io.millrace.noise.HandshakeState;
import io.millrace.noise.NoiseProtocol;
import io.millrace.noise.Role;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * State that both roles of a link's handshakes share: the identities of the two ends, and their random values. Not thread
 * safe.
 */
final class LinkEnd implements AutoCloseable {
    /** Binds the handshake to the wire profile, ahead of the suite and the ids of beginner and answerer. */
    private static final byte[] PROLOGUE = "millrace htx1 link 2".getBytes(StandardCharsets.US_ASCII);

    final LinkMessage messages;
    final LinkCounters counters;
    final LinkTiming timing;
    private final LinkMessage misnamed; // null: this end has one id
    private final LinkIdentity own;
    private final LinkPeer peer;
    private final Randomness randomness;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment peerKey;
    private final MemorySegment drawn = arena.allocate(Long.BYTES);

    LinkEnd(LinkIdentity own, LinkPeer peer, LinkCounters counters, LinkTiming timing, Randomness randomness) {
        if (Arrays.equals(own.id(), peer.id())) {
            throw new IllegalArgumentException("the two ends of a link have the same id");
        }
        this.messages = new LinkMessage(own, peer.publicKey(), peer.id());
        this.misnamed = Arrays.equals(own.wrongId(), own.id()) || Arrays.equals(own.wrongId(), peer.id())
                ? null
                : new LinkMessage(own, own.wrongId(), peer.publicKey(), peer.id());
        this.own = own;
        this.peer = peer;
        this.counters = counters;
        this.timing = timing;
        this.randomness = randomness;
        this.peerKey = arena.allocateFrom(JAVA_BYTE, peer.publicKey());
    }

    /** Whether this end's handshakes go before the peer's that begin at the same time. */
    boolean goesFirst() {
        return Arrays.compareUnsigned(own.id(), peer.id()) < 0;
    }

    /** Whether the peer has written this first message for the wrong id of this end. */
    boolean isMisnamed(MemorySegment message) {
        return misnamed != null
                && LinkMessage.type(message) == LinkMessage.BEGIN
                && misnamed.isAuthentic(message, MemorySegment.NULL);
    }

    /** Whether this end answers handshakes of that suite. */
    boolean answers(int suite) {
        return own.hybrid().answers(suite == LinkMessage.HYBRID);
    }

    /** Suite of the handshakes that this end begins. */
    int ownSuite() {
        return own.hybrid().beginsHybrid() ? LinkMessage.HYBRID : LinkMessage.CLASSICAL;
    }

    /** Draws an ephemeral key pair for a hybrid handshake. */
    MlKem768KeyPair drawKemKeys() {
        return MlKem768KeyPair.generate(randomness);
    }

    /** {@link MlKem768#encapsulate} with this end's randomness. */
    boolean encapsulate(MemorySegment key, MemorySegment ciphertext, MemorySegment secret) {
        return MlKem768.encapsulate(key, randomness, ciphertext, secret);
    }

    /** Begins a handshake in that role. */
    HandshakeState start(Role role, int suite) {
        final boolean begins = role == Role.INITIATOR;
        final boolean hybrid = suite == LinkMessage.HYBRID;
        try (Arena scratch = Arena.ofConfined()) {
            final MemorySegment prologue = scratch.allocate(PROLOGUE.length + 1 + 2L * LinkKeys.ID_LENGTH);
            MemorySegment.copy(PROLOGUE, 0, prologue, JAVA_BYTE, 0, PROLOGUE.length);
            prologue.set(JAVA_BYTE, PROLOGUE.length, (byte) suite);
            final long ids = PROLOGUE.length + 1L;
            final byte[] first = begins ? own.id() : peer.id();
            final byte[] second = begins ? peer.id() : own.id();
            MemorySegment.copy(first, 0, prologue, JAVA_BYTE, ids, first.length);
            MemorySegment.copy(second, 0, prologue, JAVA_BYTE, ids + first.length, second.length);
            final NoiseProtocol protocol = hybrid ? NoiseProtocol.XKPSK3_SHA256 : NoiseProtocol.XK_SHA256;
            final HandshakeBuilder builder = HandshakeState.of(protocol, role)
                    .prologue(prologue)
                    .localStatic(own.keys())
                    .randomness(randomness);
            if (hybrid) {
                builder.pskLater();
            }
            return (begins ? builder.remoteStatic(peerKey) : builder).start();
        }
    }

    /** Whether this is the peer's static key. */
    boolean isPeer(byte[] remoteStatic) {
        return Arrays.equals(remoteStatic, peer.publicKey());
    }

    long drawLong() {
        randomness.fill(drawn);
        return drawn.get(LE_LONG, 0);
    }

    /** An index that no session of the link has. */
    int drawIndex(LinkSessions sessions) {
        int index = (int) drawLong() & 0xffff;
        while (sessions.isTaken(index)) {
            index = (index + 1) & 0xffff;
        }
        return index;
    }

    /** A wait before a message is sent again. */
    long drawRetryNs() {
        final long least = timing.minRetry().toNanos();
        final long range = timing.maxRetry().toNanos() - least + 1;
        return least + Long.remainderUnsigned(drawLong(), range);
    }

    @Override
    public void close() {
        messages.close();
        if (misnamed != null) {
            misnamed.close();
        }
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}

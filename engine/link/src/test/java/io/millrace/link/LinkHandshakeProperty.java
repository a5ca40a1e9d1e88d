package io.millrace.link;

import static io.millrace.fuzz.FuzzInput.require;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.fuzz.FuzzInput;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Two ends of a link, while their messages are damaged, repeated, reflected and lost, and ends forget everything: no
 * changed message is taken for the peer's, and the link comes up as soon as it is let. A peer that signs nonsense breaks at
 * most its own link.
 */
public final class LinkHandshakeProperty extends LinkEnds {
    private static final int MOST_STEPS = 64;
    private static final long PATIENCE_NS = 600 * SECOND_NS;

    private final FuzzInput input;
    private boolean peerIsMad;

    private LinkHandshakeProperty(FuzzInput input) {
        this.input = input;
    }

    /** Each decision is a step of time, of an attacker, or of a mad peer. */
    public static void holds(FuzzInput input) {
        try (LinkHandshakeProperty run = new LinkHandshakeProperty(input)) {
            run.start();
            for (int steps = 0; input.hasMore() && steps < MOST_STEPS; steps++) {
                run.attack();
            }
            run.comesUp();
        }
    }

    private void attack() {
        final int decision = input.next();
        final int end = decision >> 3 & 1;
        switch (decision & 7) {
            case 0, 1 -> step(1L << input.next(35));
            case 2 -> damaged();
            case 3 -> repeated();
            case 4 -> wire.cut = (decision & 8) == 0;
            case 5 -> restart(end);
            case 6 -> signed(end);
            default -> {
                final byte[] any = input.bytes(input.next(LinkMessage.MAX_LENGTH + 2));
                require(!SimulatedWire.give(ends[end], any, wire.nowNs), "any bytes are taken");
            }
        }
    }

    private void damaged() {
        if (!wire.recorded.isEmpty()) {
            final SimulatedWire.Message message = recorded();
            final byte[] damaged = input.damage(message.bytes());
            if (!Arrays.equals(damaged, message.bytes())) {
                require(!SimulatedWire.give(ends[message.to()], damaged, wire.nowNs), "a damaged message is taken");
            }
        }
    }

    /** To the end that it was for once more, and back to the one that sent it. */
    private void repeated() {
        if (!wire.recorded.isEmpty()) {
            final SimulatedWire.Message message = recorded();
            SimulatedWire.give(ends[message.to()], message.bytes(), wire.nowNs);
            require(
                    !SimulatedWire.give(ends[1 - message.to()], message.bytes(), wire.nowNs),
                    "an own message is taken");
        }
    }

    private SimulatedWire.Message recorded() {
        return wire.recorded.get(input.next(Math.min(65_536, wire.recorded.size())));
    }

    private void signed(int end) {
        peerIsMad = true;
        final LinkIdentity own = identities[end];
        try (LinkMessage messages =
                new LinkMessage(identities[1 - end], own.keys().publicKey().toArray(JAVA_BYTE), own.id())) {
            final MemorySegment message = arena.allocate(LinkMessage.MAX_LENGTH, 8);
            final int type = input.next(8);
            final int suite = input.next(4);
            LinkMessage.header(message, type, suite, input.next());
            final int bodyLength =
                    Math.max(0, LinkMessage.length(type, suite) - LinkMessage.BODY_OFFSET - LinkMessage.MAC_LENGTH);
            final byte[] body = input.bytes(bodyLength);
            MemorySegment.copy(body, 0, message, JAVA_BYTE, LinkMessage.BODY_OFFSET, body.length);
            ends[end].onMessage(0, messages.sign(message, bodyLength, MemorySegment.NULL), wire.nowNs);
        }
    }

    private void comesUp() {
        wire.cut = false;
        if (peerIsMad) {
            run(SECOND_NS);
            return;
        }
        final long limit = wire.nowNs + PATIENCE_NS;
        while (!(links[0].isUp() && links[1].isUp() && carriesBothWays())) {
            step(20 * STEP_NS);
            require(wire.nowNs < limit, "the link does not come up");
        }
    }
}

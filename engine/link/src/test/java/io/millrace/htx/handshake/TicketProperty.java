package io.millrace.htx.handshake;

import static io.millrace.fuzz.FuzzInput.require;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.fuzz.FuzzInput;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.HandshakeVerdict;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** No first message but the one that was made is answered, that one once, and every refusal is counted. */
public final class TicketProperty {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final AdmissionConfig CONFIG = new AdmissionConfig(1 << 20, 1 << 20, 64, 64, 4, SECOND_NS);

    private TicketProperty() {}

    /** Each decision is one message: damaged, of any bytes, or genuine; or a step of time. */
    public static void holds(FuzzInput input) {
        try (HandshakeEnds ends = new HandshakeEnds(CONFIG, 7)) {
            ends.begun().close();
            final byte[] genuine =
                    ends.first.asSlice(0, InitiatorHandshake.FIRST_LENGTH).toArray(JAVA_BYTE);
            boolean answered = false;
            long sent = 0;
            while (input.hasMore() && sent < 64) {
                final int decision = input.next();
                if ((decision & 7) == 7) {
                    ends.now = ends.now.plusSeconds(input.next() * 60L - 7_200);
                    ends.nowNs += SECOND_NS;
                    continue;
                }
                final byte[] message = switch (decision & 3) {
                    case 0 -> genuine;
                    case 1 -> input.bytes(input.next(InitiatorHandshake.FIRST_LENGTH + 2));
                    default -> input.damage(genuine);
                };
                sent++;
                final boolean now = isAnswered(ends, message, decision);
                require(!now || (Arrays.equals(message, genuine) && !answered), "a ticket holds once, and unchanged");
                answered |= now;
            }
            long counted = 0;
            for (HandshakeVerdict verdict : HandshakeVerdict.values()) {
                // An answered one is counted again when it ends.
                counted += verdict == HandshakeVerdict.ABANDONED
                        ? 0
                        : ends.responder.counters().get(verdict);
            }
            require(counted == sent, "every first message has one verdict");
            require(ends.responder.pending() == 0, "none is pending");
        }
    }

    private static boolean isAnswered(HandshakeEnds ends, byte[] message, long prefix) {
        final MemorySegment first = ends.arena.allocate(InitiatorHandshake.FIRST_LENGTH + 2L);
        MemorySegment.copy(message, 0, first, JAVA_BYTE, 0, message.length);
        try (ResponderHandshake handshake =
                ends.responder.begin(prefix, first, message.length, ends.second, ends.nowNs)) {
            return handshake != null;
        }
    }
}

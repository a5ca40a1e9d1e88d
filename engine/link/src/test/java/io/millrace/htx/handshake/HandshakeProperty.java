package io.millrace.htx.handshake;

import static io.millrace.fuzz.FuzzInput.require;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.fuzz.FuzzInput;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.FirstMessage;
import io.millrace.htx.admission.HandshakeVerdict;
import io.millrace.noise.NoiseTransport;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A handshake whose messages are damaged on the way, by an attacker who may even hold the ticket key: no damaged one is taken
 * at either end, and the genuine one still is, after any number of them.
 */
public final class HandshakeProperty {
    private static final AdmissionConfig CONFIG = new AdmissionConfig(1 << 20, 1 << 20, 64, 1_024, 4, 1_000_000_000L);
    private static final int MOST = 16;

    private HandshakeProperty() {}

    /** Decisions: how many damaged messages come before each of the three, and how they are damaged. */
    public static void holds(FuzzInput input) {
        try (HandshakeEnds ends = new HandshakeEnds(CONFIG, 11);
                InitiatorHandshake initiator = ends.begun()) {
            final byte[] first =
                    ends.first.asSlice(0, InitiatorHandshake.FIRST_LENGTH).toArray(JAVA_BYTE);
            damagedFirsts(ends, first, input);
            put(first, ends.first);
            try (ResponderHandshake responder = ends.begin(1)) {
                require(responder != null, "the genuine first message is answered");
                final byte[] second =
                        ends.second.asSlice(0, InitiatorHandshake.SECOND_LENGTH).toArray(JAVA_BYTE);
                damagedSeconds(ends, initiator, second, input);
                put(second, ends.second);
                require(initiator.readSecond(ends.second, second.length) == 0, "the genuine second message is read");
                require(initiator.writeThird(ends.third) == InitiatorHandshake.THIRD_LENGTH, "written");
                final byte[] third =
                        ends.third.asSlice(0, InitiatorHandshake.THIRD_LENGTH).toArray(JAVA_BYTE);
                damagedThirds(ends, responder, third, input);
                put(third, ends.third);
                try (NoiseTransport far = responder.finish(ends.third, third.length);
                        NoiseTransport near = initiator.split()) {
                    require(Arrays.equals(far.handshakeHash(), near.handshakeHash()), "both ends have one session");
                }
            }
            require(ends.responder.counters().get(HandshakeVerdict.ESTABLISHED) == 1, "one session");
            require(ends.responder.pending() == 0, "none is pending");
        }
    }

    /** With a MAC that holds, so that Noise has to refuse them. */
    private static void damagedFirsts(HandshakeEnds ends, byte[] genuine, FuzzInput input) {
        for (int count = input.next(MOST); count > 0 && input.hasMore(); count--) {
            final byte[] damaged = genuine.clone();
            for (int i = input.next(4); i >= 0; i--) {
                damaged[FirstMessage.NOISE_OFFSET + input.next(genuine.length - FirstMessage.NOISE_OFFSET)] ^=
                        (byte) input.next();
            }
            if (Arrays.equals(damaged, genuine)) {
                continue;
            }
            put(damaged, ends.first);
            FirstMessage.writeMac(ends.first, ends.ticketKey, ends.now);
            require(ends.begin(count) == null, "a damaged first message is answered");
            require(
                    ends.responder.lastVerdict() == HandshakeVerdict.BAD_FIRST_MESSAGE
                            || ends.responder.lastVerdict() == HandshakeVerdict.DUPLICATE_TICKET,
                    "refused as " + ends.responder.lastVerdict());
        }
    }

    private static void damagedSeconds(
            HandshakeEnds ends, InitiatorHandshake initiator, byte[] genuine, FuzzInput input) {
        for (int count = input.next(MOST); count > 0 && input.hasMore(); count--) {
            final byte[] damaged = input.damage(genuine);
            if (!Arrays.equals(damaged, genuine)) {
                put(damaged, ends.second);
                require(initiator.readSecond(ends.second, damaged.length) < 0, "a damaged second message is read");
            }
        }
    }

    private static void damagedThirds(
            HandshakeEnds ends, ResponderHandshake responder, byte[] genuine, FuzzInput input) {
        for (int count = input.next(MOST); count > 0 && input.hasMore(); count--) {
            final byte[] damaged = input.damage(genuine);
            if (!Arrays.equals(damaged, genuine)) {
                put(damaged, ends.third);
                require(responder.finish(ends.third, damaged.length) == null, "a damaged third message is read");
            }
        }
    }

    private static void put(byte[] message, MemorySegment target) {
        MemorySegment.copy(message, 0, target, JAVA_BYTE, 0, message.length);
    }
}

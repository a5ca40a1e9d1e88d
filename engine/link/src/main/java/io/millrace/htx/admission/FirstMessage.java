package io.millrace.htx.admission;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.ConstantTime;
import io.millrace.crypto.HmacSha256;
import io.millrace.crypto.Wiping;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Instant;

/**
 * The first message of a handshake: a ticket, and Noise's first message, which the ticket is bound to.
 *
 * <pre>
 *  offset  length  field
 *       0       1  version   2
 *       1       8  key id    of the ticket key in this hour
 *       9      16  MAC       HMAC-SHA-256 under the ticket key of this hour, truncated,
 *                            over version, key id and everything behind the MAC
 *      25    1232  message   Noise XKpsk3: e, an encapsulation key of ML-KEM-768, its tag
 *    1257          end
 * </pre>
 */
public final class FirstMessage {
    /** Length of the whole in bytes; the answer is shorter, so that it cannot amplify a flood. */
    public static final int LENGTH = 1_257;

    /** Length in bytes of the part in the prologue: version and key id. */
    public static final int PROLOGUE_LENGTH = 1 + TicketKey.ID_LENGTH;

    /** Offset of Noise's message in bytes. */
    public static final int NOISE_OFFSET = 25;

    /** The version of this wire profile. */
    public static final byte VERSION = 2;

    static final int ID_OFFSET = 1;
    static final int MAC_OFFSET = 9;
    static final int MAC_LENGTH = 16;

    private static final long SECONDS_PER_HOUR = 3_600;

    private FirstMessage() {}

    /**
     * Writes version and key id, before Noise's message is made: it covers them by its prologue.
     *
     * @param message native, {@link #LENGTH} bytes or more.
     * @param key of the initiator; stays the caller's.
     * @param now wall clock of the initiator.
     */
    public static void writeHeader(MemorySegment message, TicketKey key, Instant now) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment hourKey = arena.allocate(TicketKey.HOUR_LENGTH);
            try {
                key.derive(hourKey, hour(now));
                message.set(JAVA_BYTE, 0, VERSION);
                MemorySegment.copy(hourKey, HmacSha256.LENGTH, message, ID_OFFSET, TicketKey.ID_LENGTH);
            } finally {
                Wiping.wipe(hourKey);
            }
        }
    }

    /**
     * Writes the MAC, when everything else is in its place; {@code now} as for the header.
     *
     * @param message native, with header and Noise's message.
     * @param key of the initiator; stays the caller's.
     * @param now as for the header.
     */
    public static void writeMac(MemorySegment message, TicketKey key, Instant now) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment hourKey = arena.allocate(TicketKey.HOUR_LENGTH);
            final MemorySegment mac = arena.allocate(HmacSha256.LENGTH);
            try {
                key.derive(hourKey, hour(now));
                mac(mac, message, hourKey.asSlice(0, HmacSha256.LENGTH));
                MemorySegment.copy(mac, 0, message, MAC_OFFSET, MAC_LENGTH);
            } finally {
                Wiping.wipe(hourKey);
                Wiping.wipe(mac);
            }
        }
    }

    /** Whether the MAC holds under the MAC key of an hour; in constant time. */
    static boolean isAuthentic(MemorySegment message, MemorySegment macKey) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment mac = arena.allocate(HmacSha256.LENGTH);
            try {
                mac(mac, message, macKey);
                return ConstantTime.equal(mac.asSlice(0, MAC_LENGTH), message.asSlice(MAC_OFFSET, MAC_LENGTH));
            } finally {
                Wiping.wipe(mac);
            }
        }
    }

    static long hour(Instant now) {
        return Math.floorDiv(now.getEpochSecond(), SECONDS_PER_HOUR);
    }

    private static void mac(MemorySegment mac, MemorySegment message, MemorySegment macKey) {
        HmacSha256.tag(
                mac,
                macKey,
                message.asSlice(0, MAC_OFFSET),
                message.asSlice(NOISE_OFFSET, (long) LENGTH - NOISE_OFFSET));
    }
}

package io.millrace.htx.admission;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Randomness;
import java.lang.foreign.MemorySegment;
import java.time.InstantSource;
import java.util.List;

/**
 * Decides whether a stranger's first message is worth a Diffie-Hellman. Not thread safe.
 *
 * <p>A ticket that is refused, for whatever reason, costs the same: one MAC is computed, also for an unknown key id.
 */
public final class Admission implements AutoCloseable {
    private final HourKeys keys;
    private final SeenTickets seen;
    private final PrefixBuckets buckets;
    private final InstantSource clock;

    /**
     * Opens the door.
     *
     * @param ticketKeys stay the caller's, and open as long as this is.
     * @param clock the wall clock, for the hour.
     * @param nowNs the time now, on the clock of {@link #check}.
     */
    public Admission(
            AdmissionConfig config,
            List<TicketKey> ticketKeys,
            InstantSource clock,
            long nowNs,
            Randomness randomness) {
        this.keys = new HourKeys(ticketKeys);
        this.seen = new SeenTickets(config.ticketsPerHour());
        this.buckets = new PrefixBuckets(config.perSecond(), config.burst(), config.networks(), nowNs, randomness);
        this.clock = clock;
    }

    /**
     * Checks a first message, and remembers its ticket if everything holds.
     *
     * @param prefix of the sender: {@link SourcePrefix}.
     * @param message native; the first {@code length} bytes.
     * @param nowNs on a clock that never goes back.
     * @return {@link HandshakeVerdict#ANSWERED}, or why not. Nothing is counted here.
     */
    public HandshakeVerdict check(long prefix, MemorySegment message, int length, long nowNs) {
        if (length != FirstMessage.LENGTH) {
            return HandshakeVerdict.BAD_LENGTH;
        }
        if (message.get(JAVA_BYTE, 0) != FirstMessage.VERSION) {
            return HandshakeVerdict.BAD_VERSION;
        }
        if (!buckets.take(prefix, nowNs)) {
            return HandshakeVerdict.RATE_LIMITED;
        }
        if (keys.turnTo(FirstMessage.hour(clock.instant()))) {
            seen.turnTo(keys.hour());
        }
        final int key = keys.indexOf(message.get(FirstMessage.LONG, FirstMessage.ID_OFFSET));
        final boolean authentic = FirstMessage.isAuthentic(message, keys.macKey(key));
        if (!keys.isKnown(key)) {
            return HandshakeVerdict.UNKNOWN_TICKET;
        }
        if (!authentic) {
            return HandshakeVerdict.BAD_TICKET;
        }
        return switch (seen.add(
                keys.hourOf(key),
                message.get(FirstMessage.LONG, FirstMessage.MAC_OFFSET),
                message.get(FirstMessage.LONG, FirstMessage.MAC_OFFSET + Long.BYTES))) {
            case ADDED -> HandshakeVerdict.ANSWERED;
            case DUPLICATE -> HandshakeVerdict.DUPLICATE_TICKET;
            case FULL -> HandshakeVerdict.TICKETS_FULL;
        };
    }

    /** Wipes what was derived from the ticket keys. */
    @Override
    public void close() {
        keys.close();
    }
}

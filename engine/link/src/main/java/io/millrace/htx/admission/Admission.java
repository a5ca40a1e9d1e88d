package io.millrace.htx.admission;

import static io.millrace.memory.Layouts.BE_LONG;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Randomness;
import java.lang.foreign.MemorySegment;
import java.time.InstantSource;
import java.util.List;

/**
 * Decides whether a stranger's first message is worth a Diffie-Hellman, and remembers the tickets of those that were. May
 * be used by several threads at once.
 *
 * <p>A ticket that is refused, for whatever reason, costs the same: one MAC is computed, also for an unknown key id.
 */
public final class Admission implements AutoCloseable {
    /** A network that has used up its share of the tickets of an hour goes on at this part of its rate. */
    private static final int SLOWER = 8;

    private final HourKeys keys;
    private final SeenTickets seen;
    private final RateLimits limits;
    private final RateLimits overShare;
    private final InstantSource clock;

    /**
     * Opens the door.
     *
     * @param config bounds.
     * @param ticketKeys without any, no message is let in; stay the caller's, and open as long as this is.
     * @param clock the wall clock, for the hour; it may jump.
     * @param nowNs the time now, on the clock of {@link #check}.
     * @param randomness for the secrets of the tables.
     */
    public Admission(
            AdmissionConfig config,
            List<TicketKey> ticketKeys,
            InstantSource clock,
            long nowNs,
            Randomness randomness) {
        final int networks = config.networks();
        this.seen = new SeenTickets(config.ticketsPerHour(), Math.max(1, ticketKeys.size()), randomness);
        this.limits = new RateLimits(config.perSecond(), config.burst(), networks, nowNs, randomness);
        this.overShare = new RateLimits(
                Math.max(1, config.perSecond() / SLOWER),
                Math.max(1, config.burst() / SLOWER),
                networks,
                nowNs,
                randomness);
        this.clock = clock;
        this.keys = new HourKeys(ticketKeys);
    }

    /**
     * Checks a first message up to the Diffie-Hellman. Its ticket is not taken yet: {@link #take} does that.
     *
     * @param prefix of the sender: {@link SourcePrefix}.
     * @param message native; the first {@code length} bytes.
     * @param length in bytes.
     * @param nowNs on a monotonic clock.
     * @return {@link HandshakeVerdict#ANSWERED}, or why not. Nothing is counted here.
     */
    public synchronized HandshakeVerdict check(long prefix, MemorySegment message, int length, long nowNs) {
        if (length != FirstMessage.LENGTH) {
            return HandshakeVerdict.BAD_LENGTH;
        }
        if (message.get(JAVA_BYTE, 0) != FirstMessage.VERSION) {
            return HandshakeVerdict.BAD_VERSION;
        }
        if (!limits.take(prefix, nowNs)) {
            return HandshakeVerdict.RATE_LIMITED;
        }
        keys.turnTo(FirstMessage.hour(clock.instant()));
        final int index = keys.indexOf(message.get(BE_LONG, FirstMessage.ID_OFFSET));
        final boolean authentic = FirstMessage.isAuthentic(message, keys.macKey(index));
        if (!keys.isKnown(index)) {
            return HandshakeVerdict.UNKNOWN_TICKET;
        }
        if (!authentic) {
            return HandshakeVerdict.BAD_TICKET;
        }
        final HandshakeVerdict verdict =
                verdict(seen.standing(keys.keyOf(index), keys.hourOf(index), high(message), low(message)));
        if (verdict == HandshakeVerdict.ANSWERED
                && seen.isOverShare(keys.keyOf(index), keys.hourOf(index), prefix)
                && !overShare.take(prefix, nowNs)) {
            return HandshakeVerdict.RATE_LIMITED;
        }
        return verdict;
    }

    /**
     * Takes the ticket of a first message that {@link #check} let through and whose Noise message held, before it is
     * answered: from now on the same message is a replay.
     *
     * @param prefix of the sender, as for {@link #check}.
     * @param message as for {@link #check}, unchanged since.
     * @return {@link HandshakeVerdict#ANSWERED}; or why not: another thread took the same ticket, or the clock has jumped.
     */
    public synchronized HandshakeVerdict take(long prefix, MemorySegment message) {
        final int index = keys.indexOf(message.get(BE_LONG, FirstMessage.ID_OFFSET));
        if (!keys.isKnown(index)) {
            return HandshakeVerdict.UNKNOWN_TICKET;
        }
        return verdict(
                seen.add(keys.keyOf(index), keys.hourOf(index), keys.hour(), high(message), low(message), prefix));
    }

    private static HandshakeVerdict verdict(SeenTickets.Standing standing) {
        return switch (standing) {
            case NEW -> HandshakeVerdict.ANSWERED;
            case SEEN -> HandshakeVerdict.DUPLICATE_TICKET;
            case FORGOTTEN -> HandshakeVerdict.TICKETS_FORGOTTEN;
        };
    }

    private static long high(MemorySegment message) {
        return message.get(BE_LONG, FirstMessage.MAC_OFFSET);
    }

    private static long low(MemorySegment message) {
        return message.get(BE_LONG, FirstMessage.MAC_OFFSET + Long.BYTES);
    }

    /** Wipes the keys that were derived from the ticket keys. */
    @Override
    public synchronized void close() {
        keys.close();
    }
}

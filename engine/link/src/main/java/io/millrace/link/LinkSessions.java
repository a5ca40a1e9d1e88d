package io.millrace.link;

import io.millrace.noise.NoiseTransport;

/**
 * The sessions of one link, from their making to their wiping: which is published for what, and when its keys are made
 * and forgotten. Not thread safe: belongs to the thread that looks after the link.
 */
final class LinkSessions {
    private final Link link;
    private final LinkKeySlots slots;
    private final QuiescentState quiescence;
    private final LinkCounters counters;
    private final long oldKeysNs;
    private final RekeyEvent rekeyEvent = new RekeyEvent();
    private LinkSession newest;
    private LinkSession before;
    private LinkSession established;
    private long beforeUntilNs;
    private boolean beforeEnds;
    private LinkSession watched;
    private long usedSum;
    private long usedSinceNs;
    private boolean forgetting;
    private long forgetMark;
    private boolean marked;

    LinkSessions(Link link, LinkKeySlots slots, LinkCounters counters, LinkTiming timing) {
        this.link = link;
        this.slots = slots;
        this.quiescence = slots.quiescence();
        this.counters = counters;
        this.oldKeysNs = timing.oldKeys().toNanos();
    }

    /** Makes a session of a finished handshake, which it closes; null if there is no room. */
    LinkSession make(NoiseTransport transport, int sendIndex, int receiveIndex) {
        final LinkKeySlot slot = slots.acquire();
        if (slot == null) {
            transport.close();
            return null;
        }
        return transport.giveKeys((send, receive) -> {
            slot.begin(send, receive);
            return new LinkSession(slot, sendIndex, receiveIndex);
        });
    }

    /** Whether the peer must not be given {@code index}, because a session has it. */
    boolean isTaken(int index) {
        return (newest != null && newest.receiveIndex() == index) || (before != null && before.receiveIndex() == index);
    }

    /** Receives under {@code session} too; goes on sending as before. */
    void receive(LinkSession session) {
        // Of those so far, the one that both ends know of stays.
        final LinkSession kept = newest != null && newest == established ? newest : before;
        final LinkSession dropped = kept == newest ? before : newest;
        newest = session;
        before = kept;
        beforeEnds = false;
        link.receive(newest, before);
        if (dropped != null && dropped == link.unconfirmed()) {
            link.sendOnceConfirmed(null);
        }
        release(dropped);
    }

    /** Sends under the newest session as soon as a frame came under it, if the link is down. */
    void sendOnceConfirmed() {
        link.sendOnceConfirmed(newest);
    }

    /** The newest session's handshake was given up: a frame under it brings the link up no more. */
    void giveUp() {
        link.sendOnceConfirmed(null);
    }

    /** Sends under the newest session, and gives up the one before after a while. */
    void send(long nowNs) {
        established = newest;
        link.send(newest);
        beforeEnds = before != null;
        beforeUntilNs = nowNs + oldKeysNs;
        watched = null;
    }

    /** Takes the link down; incoming frames are still opened. */
    void stopSending() {
        link.send(null);
    }

    /** Sends and receives nothing any more; the keys are wiped as soon as no thread uses them. */
    void end() {
        link.shut();
        release(newest);
        release(before);
        newest = null;
        before = null;
        established = null;
    }

    /** Makes and forgets keys as it is time; returns how much there was to do. */
    int poll(long nowNs) {
        int work = 0;
        if (beforeEnds && nowNs - beforeUntilNs >= 0) {
            final LinkSession ended = before;
            before = null;
            beforeEnds = false;
            link.receive(newest, null);
            release(ended);
            work++;
        }
        for (LinkSession session = newest; session != null; session = session == newest ? before : null) {
            rekeyEvent.begin();
            final int made =
                    session.sendKeys().prepare() + session.receiveKeys().prepare();
            if (made > 0) {
                counters.rekey(made);
                rekeyEvent.end();
                rekeyEvent.keys = made;
                rekeyEvent.commit();
                work++;
            }
        }
        if (established != null) {
            forgetOldKeys(nowNs);
        }
        slots.poll();
        return work;
    }

    /**
     * How long {@link #poll} has nothing to do while no frames come and go, in nanoseconds; negative if it is late.
     *
     * @param forgettingNs how long it may take to notice that no thread uses old keys any more.
     */
    long waitNs(long nowNs, long forgettingNs) {
        long wait = beforeEnds ? beforeUntilNs - nowNs : Long.MAX_VALUE;
        if (forgetting) {
            wait = Math.min(wait, marked ? forgettingNs : usedSinceNs - nowNs + oldKeysNs);
        }
        return wait;
    }

    /** The session that both ends know of; null before the first. */
    LinkSession established() {
        return established;
    }

    private void forgetOldKeys(long nowNs) {
        final long sum =
                established.sendKeys().used() + established.receiveKeys().used();
        if (watched != established || sum != usedSum) {
            watched = established;
            usedSum = sum;
            usedSinceNs = nowNs;
            forgetting = sum > 0;
            marked = false;
        } else if (forgetting && !marked && nowNs - usedSinceNs >= oldKeysNs) {
            forgetMark = quiescence.mark();
            marked = true;
        } else if (forgetting && marked && quiescence.isPassed(forgetMark)) {
            established.sendKeys().forgetOld();
            established.receiveKeys().forgetOld();
            forgetting = false;
        }
    }

    private void release(LinkSession session) {
        if (session != null) {
            slots.release(session.slot());
        }
    }
}

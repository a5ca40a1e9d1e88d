package io.millrace.rig.attack;

/** An attack of {@code bench flood --attacks}; each is measured by itself. */
enum Attack {
    /** Connections without a byte. */
    SILENT(1_000),

    /** First messages with a valid ticket over random bytes: only a Diffie-Hellman shows that there is no Noise message. */
    RANDOM_NOISE(1_000),

    /** Sessions that open streams and reset them at once. */
    RAPID_RESET(100),

    /** Sessions that send PINGs only. */
    PING(100),

    /** Sessions that send WINDOW_UPDATEs only. */
    WINDOW_UPDATE(100),

    /** Sessions that ask for bytes without end and take none from their socket. */
    SLOW_READER(100),

    /** One recorded first message, again and again. */
    REPLAY(1_000),

    /** First messages of random bytes. */
    PROBE(1_000),

    /** No attacker: the server's wall clock is a day ahead for 100 ms of each second. */
    CLOCK(0),

    /** On the links of a relay: probes from addresses of peers, every other one recorded, the rest forged. */
    LINK_PROBE(20_000),

    /** On the links of a relay: recorded first messages of peers, from their addresses. */
    LINK_REPLAY(5_000);

    private final int perSecond;

    Attack(int perSecond) {
        this.perSecond = perSecond;
    }

    /** Whether it is an attack on the links of a relay, over UDP; the others attack an HTX server. */
    boolean isOnLinks() {
        return this == LINK_PROBE || this == LINK_REPLAY;
    }

    /** Whether it is measured from that source: a clock that jumps has none, and is measured once. */
    boolean comesFrom(AttackSource source) {
        return this != CLOCK || source == AttackSource.ADDRESS;
    }

    /** Connections a second that the attackers try; datagrams a second of an attack on links. */
    int perSecond() {
        return perSecond;
    }
}

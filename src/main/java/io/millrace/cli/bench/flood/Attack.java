package io.millrace.cli.bench.flood;

/** An attack of {@code bench --htx-attacks}; each is measured by itself. */
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
    CLOCK(0);

    private final int perSecond;

    Attack(int perSecond) {
        this.perSecond = perSecond;
    }

    /** Connections a second that the attackers try. */
    int perSecond() {
        return perSecond;
    }
}
